import { randomUUID } from 'node:crypto';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { fails } from '../../support/scripted-model.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();

/** A conversation as `useChat` talks to it: its transport, and the message that a request becomes. */
async function chat(headers: Record<string, string>) {
  const made = await threadOf(api);
  const { owner, id } = made;
  const base = `${api.url}/v1/conversations/${id}`;
  let turnId = '';
  const transport = new DefaultChatTransport({
    headers: { ...owner.bearer, ...headers },
    prepareSendMessagesRequest: ({ messages }) => ({
      api: `${base}/messages/stream`,
      body: { role: 'user', content: textOf(messages.at(-1)) },
    }),
    prepareReconnectToStreamRequest: () => ({ api: `${base}/turns/${turnId}/stream` }),
  });
  const read = async (chunks: Parameters<typeof readUIMessageStream>[0]['stream']) => {
    let last: UIMessage | undefined;
    const errors: unknown[] = [];
    const stream = readUIMessageStream({ stream: chunks, onError: (error) => errors.push(error) });
    for await (const message of stream) last = message;
    turnId = last?.id ?? '';
    return { message: last, errors };
  };
  const asked = {
    trigger: 'submit-message',
    chatId: id,
    messageId: undefined,
    abortSignal: undefined,
  } as const;
  return {
    ...made,
    ask: async (text: string) => {
      const messages: UIMessage[] = [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] }];
      return read(await transport.sendMessages({ ...asked, messages }));
    },
    reconnect: async () => {
      const chunks = await transport.reconnectToStream({ chatId: id });
      return chunks && read(chunks);
    },
  };
}

const textOf = (message: UIMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');

test.each([
  ['its header', { 'x-vercel-ai-ui-message-stream': 'v1' }],
  ['a parameter of Accept', { accept: 'text/event-stream; protocol=ui-message-stream' }],
])(
  'the AI SDK’s transport reads an answer, and rejoins it, when %s asks for its protocol',
  async (_how, headers) => {
    const { ask, reconnect, contents, messages } = await chat(headers);
    const question = randomUUID();
    const pieces = ['One, ', 'two, ', 'three 😀.'];
    api.model.scripts.set(question, [
      streams(start(), opened, ...pieces.map(piece), ...stopped('end_turn'), 'end'),
    ]);
    const { message, errors } = await ask(question);
    expect([message?.role, textOf(message), errors]).toEqual(['assistant', pieces.join(''), []]);
    const stored = (await messages()).at(-1);
    expect(message?.metadata).toEqual({ message_id: stored.id });
    expect(await contents()).toEqual([question, pieces.join('')]);
    const again = await reconnect();
    expect([textOf(again?.message), again?.message?.id]).toEqual([pieces.join(''), message?.id]);
  },
);

test('a failure is an error in the protocol’s words', async () => {
  const { ask } = await chat({ 'x-vercel-ai-ui-message-stream': 'v1' });
  const question = randomUUID();
  api.model.scripts.set(question, [fails(400)]);
  const { errors } = await ask(question);
  expect(String(errors[0])).toContain('The assistant could not answer; the message is stored');
});
