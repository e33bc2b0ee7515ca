import { randomUUID } from 'node:crypto';
import { runInThisContext } from 'node:vm';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { afterAll, describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { openTab, servePage } from '../../support/browser.ts';
import { type ReadEvent, textOf } from '../../support/events.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { BROWSER_CODE, blockOf, browserAsk } from '../../support/readme.ts';
import { threadOf } from '../../support/turns.ts';

const [page, foreign] = await Promise.all([servePage(BROWSER_CODE), servePage(BROWSER_CODE)]);
afterAll(() => Promise.all([page.close(), foreign.close()]));
const api = await startApi({ corsOrigins: [page.origin] });

/** What ends lines and events for somebody, and what looks like an event. */
const HOSTILE = 'a\u2028b\u2029c\u0085d\r\n\ne\vf\n\nevent: done\ndata: {}\n\n:\n\n\ufeffid: x\n\n';
const PIECES = ['One, ', 'zwölf, ', '😀.', HOSTILE, ' ', HOSTILE, '.'];
const WHOLE = PIECES.join('');

/** A conversation with a question that will be answered in pieces, and what the README's code is given for it. */
async function question() {
  const { owner, id, contents } = await threadOf(api);
  const content = randomUUID();
  api.model.scripts.set(content, [
    streams(start(), opened, ...PIECES.flatMap((text) => [50, piece(text)]), ...stopped('end_turn'), 'end'),
  ]);
  const token = owner.bearer.authorization?.replace('Bearer ', '') ?? '';
  return { contents, given: { streamUrl: `${api.url}/`, followUrl: `${api.url}/`, id, token, content } };
}

async function expectWhole(events: readonly ReadEvent[], contents: () => Promise<string[]>) {
  expect([events[0]?.event, events.at(-1)?.event, textOf(events)]).toEqual(['message', 'done', WHOLE]);
  expect(events.at(-1)?.data.status).toBe('completed');
  expect((await contents()).at(-1)).toBe(WHOLE);
}

describe('the README’s code for browsers', () => {
  const ask = browserAsk();

  test('reads an answer by Node’s fetch', async () => {
    const { given, contents } = await question();
    const events: ReadEvent[] = [];
    await ask(given, (event) => events.push(event));
    await expectWhole(events, contents);
  });

  test('says what was refused', async () => {
    const { given } = await question();
    await expect(ask({ ...given, token: 'nonsense' }, () => {})).rejects.toThrow(
      '401 {"message":"Unauthorized"}',
    );
  });

  test('reads an answer in Chromium, on a page of an allowed origin alone', async ({ skip }) => {
    const tab = await openTab();
    if (!tab) return skip('there is no chromium on the PATH');
    const { given, contents } = await question();
    const asking = `(async () => {
      const events = [];
      await ask(${JSON.stringify(given)}, (event) => events.push(event));
      return events;
    })()`;
    await tab.goto(foreign.origin);
    await expect(tab.evaluate(asking)).rejects.toThrow('Failed to fetch');
    expect(await contents()).toEqual([]); // it was not even sent
    await tab.goto(page.origin);
    await expectWhole(await tab.evaluate<ReadEvent[]>(asking), contents);
  });
});

test('the README’s code for useChat gives it a transport that reads an answer', async () => {
  const { given, contents } = await question();
  const code = blockOf('jsx', 'useChat').replaceAll(/^import .*$/gmu, '');
  const made: DefaultChatTransport<UIMessage>[] = [];
  const useChat = ({ transport }: { transport: DefaultChatTransport<UIMessage> }) => {
    made.push(transport);
    return {};
  };
  const component = runInThisContext(
    `(({ DefaultChatTransport, useChat, streamUrl, id, token }) => { ${code} })`,
  ) as (surroundings: object) => void;
  component({ DefaultChatTransport, useChat, ...given });
  const stream = await made[0]?.sendMessages({
    trigger: 'submit-message',
    chatId: given.id,
    messageId: undefined,
    abortSignal: undefined,
    messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: given.content }] }],
  });
  let last: UIMessage | undefined;
  if (stream) for await (const message of readUIMessageStream({ stream })) last = message;
  expect(last?.parts).toMatchObject([{ type: 'reasoning' }, { type: 'text', text: WHOLE }]);
  expect(await contents()).toEqual([given.content, WHOLE]);
});
