import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { openStream, type ReadEvent } from '../../support/events.ts';
import { messagesFromNow, seedMessages } from '../../support/messages.ts';
import { person } from '../../support/people.ts';
import { workerInProcesses } from '../../support/run-function.ts';

/** How long the function that streams lives here: 5 minutes are too long to wait for. */
const FUNCTION_MS = 8_000;
const api = await startApi({ run: workerInProcesses([], FUNCTION_MS) });

type Headers = Readonly<Record<string, string>>;

/** A thread with an agent, and its stream. */
async function thread() {
  const made = await agentThreadWith(api);
  const { owner, path, read } = made;
  return {
    ...made,
    follow: (headers: Headers = {}, query = '') =>
      openStream(api, { path: `${path}/stream${query}`, headers: { ...owner.apiKey, ...headers } }),
    messages: async (): Promise<{ id: string }[]> => (await read()).body.messages,
  };
}

/** The next events of a stream, so many of them; it is left then. */
async function next(events: AsyncIterable<ReadEvent>, count: number): Promise<ReadEvent[]> {
  const read: ReadEvent[] = [];
  for await (const event of events) if (read.push(event) === count) break;
  return read;
}

/** What a thread's messages are as events. */
const asEvents = (messages: readonly { id: string }[]) =>
  messages.map((data) => ({ event: 'message', id: data.id, data }));
const idsOf = (given: readonly { id: string }[]) => given.map(({ id }) => id);

describe('the stream of an agent’s thread', () => {
  test('tells what is said from now on, as the thread shows it', async () => {
    const { say, follow, messages } = await thread();
    await say('before');
    const { response, events } = await follow();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await say('Two\nlines ü😀');
    await say('An answer', 'assistant');
    expect(await next(events, 2)).toEqual(asEvents((await messages()).slice(1)));
  });

  test('goes on after the last event that a client names in a header or in the query, feedback included', async () => {
    const { owner, id, say, follow, messages } = await thread();
    const [first, second] = [await say('one'), await say('two')];
    const feedback = { message_id: second, source: 'chat', feedback_details: { feedback_type: 'positive' } };
    await api.send({ path: '/api/v1/feedback/chat', headers: owner.apiKey, body: feedback });
    const [, last] = await messages();
    expect(last).toMatchObject({ feedback: { feedback_type: 'positive' } });
    for (const [headers, query] of [
      [{ 'last-event-id': first }, ''],
      [{ 'last-event-id': first.toUpperCase() }, `?last_event_id=${id}`],
      [{}, `?last_event_id=${first}`],
    ] as const) {
      const { events } = await follow(headers, query);
      expect(await next(events, 1)).toEqual(asEvents(last ? [last] : []));
    }
  });

  test('tells hundreds of messages at once, in their order', async () => {
    const { id, thread: ref, follow } = await thread();
    const said = messagesFromNow(250, (index) => `message ${index}`);
    await seedMessages(ref, said, api.table);
    const { events } = await follow({ 'last-event-id': id });
    expect(idsOf(await next(events, 250))).toEqual(idsOf(said));
  });

  test('loses and doubles nothing while three people write and the client comes back again and again', async () => {
    const { id, say, follow, messages } = await thread();
    const writer = async () => {
      for (let index = 0; index < 30; index += 1) {
        await say('hi');
        await new Promise((resolve) => setTimeout(resolve, randomInt(150)));
      }
    };
    const written = Promise.all([writer(), writer(), writer()]);
    const seen: string[] = [];
    while (seen.length < 90) {
      const { events } = await follow({ 'last-event-id': seen.at(-1) ?? id });
      seen.push(...idsOf(await next(events, Math.min(randomInt(1, 25), 90 - seen.length))));
    }
    await written;
    expect(seen).toEqual(idsOf(await messages()));
  });
});

describe('before the first event', () => {
  test('401s without a key and 403s a wrong one, in the gateway’s words', async () => {
    const { path } = await thread();
    const wrong = { 'x-api-key': `parley_${'0'.repeat(16)}_${'0'.repeat(70)}` };
    const get = (headers: Headers) => api.send({ method: 'GET', path: `${path}/stream`, headers });
    const [none, refused] = [await get({}), await get(wrong)];
    expect([none.status, none.body]).toEqual([401, { message: 'Unauthorized' }]);
    expect([refused.status, refused.body]).toEqual([403, { message: 'Forbidden' }]);
  });

  test('403s a key that may not read', async () => {
    const { owner, path } = await thread();
    const { apiKey } = await person(api, { organizationId: owner.organizationId, scopes: ['write'] });
    expect((await api.send({ method: 'GET', path: `${path}/stream`, headers: apiKey })).status).toBe(403);
  });

  test('404s on a thread of another organization or agent exactly as on one that is not there', async () => {
    const [mine, theirs] = [await thread(), await thread()];
    const missing = mine.path.replace(mine.id, randomUUID());
    const underAnother = theirs.path.replace(theirs.id, mine.id);
    for (const path of [missing, theirs.path, underAnother]) {
      const answer = await api.send({ method: 'GET', path: `${path}/stream`, headers: mine.owner.apiKey });
      expect([answer.status, answer.body]).toEqual([404, { detail: 'Thread not found' }]);
    }
  });

  test('422s what is no id, and says where', async () => {
    const { id, path, owner, follow } = await thread();
    const bad = path.replace(id, 'no-uuid');
    const inPath = await api.send({ method: 'GET', path: `${bad}/stream`, headers: owner.apiKey });
    expect([inPath.status, inPath.body.detail[0].loc]).toEqual([422, ['path', 'thread_id']]);
    for (const lastId of ['nonsense', `${randomUUID()}:0`])
      expect((await follow({ 'last-event-id': lastId })).response.status).toBe(422);
  });
});

// The last test: by its end all streams that were left have ended, too.
test('a stream ends before its function does, and says where to go on although nothing was said', async () => {
  const { say, follow } = await thread();
  const last = await say('before');
  const { response } = await follow();
  expect(await response.text()).toBe(`retry: 1000\n\nid: ${last}\n\n`);
});
