import { randomUUID } from 'node:crypto';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { afterEach, describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { allOf, type ReadEvent, textOf } from '../../support/events.ts';
import { opened, piece, type Step, start, stopped, streams, thinks } from '../../support/model-events.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { logEntries, threadOf } from '../../support/turns.ts';

const api = await startApi();
afterEach(() => delete process.env.THINKING_DISPLAY);

const WORDS = 'Let me think about that. I am only a stand-in.';
/** Thinks of this, and then says `42.` */
const thinksOf = (...steps: readonly Step[]) => {
  const [begins, , , ends] = thinks;
  return streams(start(), begins, ...steps, ends, opened, piece('42.'), ...stopped('end_turn'), 'end');
};
const thoughtsIn = (events: readonly ReadEvent[]) =>
  events
    .filter(({ event }) => event === 'thinking')
    .map(({ data }) => data as { state: string; text?: string });

describe.each(KINDS)('a stream in $name', (kind) => {
  test('tells when the model thinks and what, before it speaks, and not as a part of the text', async () => {
    const { streamed } = await threadOf(api, kind);
    const all = await allOf((await streamed(randomUUID())).events);
    const thoughts = thoughtsIn(all);
    expect([thoughts[0], thoughts.at(-1)]).toEqual([{ state: 'started' }, { state: 'ended' }]);
    expect(thoughts.map(({ text = '' }) => text).join('')).toBe(WORDS);
    expect(textOf(all)).toMatch(/^Answer \d+$/u);
    const turnId = all.at(-1)?.data.id as string;
    for (const { event, id } of all) if (event === 'thinking') expect(id).toBe(`${turnId}:0`);
  });

  test('tells that the model thinks where it does not say what', async () => {
    process.env.THINKING_DISPLAY = 'omitted';
    const { streamed } = await threadOf(api, kind);
    const goOn = Promise.withResolvers<void>();
    const question = randomUUID();
    api.model.scripts.set(question, [thinksOf(goOn.promise)]);
    const seen: ReadEvent[] = [];
    for await (const event of (await streamed(question)).events) {
      seen.push(event);
      if (event.event === 'thinking') goOn.resolve();
    }
    expect(thoughtsIn(seen)).toEqual([{ state: 'started' }, { state: 'ended' }]);
    expect(textOf(seen)).toBe('42.');
  });

  test('tells who comes back that the model still thinks, and none of what it thought before', async () => {
    const { streamed, rejoin, thread } = await threadOf(api, kind);
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const question = randomUUID();
    const thought = (text: string) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'thinking_delta', thinking: text },
    });
    api.model.scripts.set(question, [thinksOf(thought('Earlier words.'), goOn.promise)]);
    let turnId = '';
    const first = (async () => {
      const seen: ReadEvent[] = [];
      for await (const event of (await streamed(question)).events) {
        if (event.event === 'turn') turnId = event.data.id as string;
        if (event.data.text === 'Earlier words.') begun.resolve();
        seen.push(event);
      }
      return seen;
    })();
    await begun.promise;
    await expect.poll(() => logEntries(api, thread, turnId)).not.toEqual([]);
    const rejoined: ReadEvent[] = [];
    for await (const event of (await rejoin(turnId, { 'last-event-id': `${turnId}:0` })).events) {
      rejoined.push(event);
      goOn.resolve();
    }
    expect(thoughtsIn(rejoined)).toEqual([{ state: 'started' }, { state: 'ended' }]);
    expect(rejoined[0]?.event).toBe('thinking');
    expect(textOf(rejoined)).toBe('42.');
    expect(textOf(await first)).toBe('42.');
    const late = await allOf((await rejoin(turnId, { 'last-event-id': `${turnId}:0` })).events);
    expect([thoughtsIn(late), textOf(late)]).toEqual([[], '42.']);
  });
});

test('the AI SDK reads thinking as reasoning', async () => {
  const { owner, id } = await threadOf(api);
  const transport = new DefaultChatTransport({
    headers: { ...owner.bearer, 'x-vercel-ai-ui-message-stream': 'v1' },
    prepareSendMessagesRequest: () => ({
      api: `${api.url}/v1/conversations/${id}/messages/stream`,
      body: { role: 'user', content: 'Q' },
    }),
  });
  const asked = {
    trigger: 'submit-message',
    chatId: id,
    messageId: undefined,
    abortSignal: undefined,
  } as const;
  const stream = await transport.sendMessages({ ...asked, messages: [] });
  let last: UIMessage | undefined;
  for await (const message of readUIMessageStream({ stream })) last = message;
  expect(last?.parts).toMatchObject([
    { type: 'reasoning', text: WORDS, state: 'done' },
    { type: 'text', state: 'done' },
  ]);
});
