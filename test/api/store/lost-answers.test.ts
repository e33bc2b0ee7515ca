import { describe, expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { allOf } from '../../support/events.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();

/** More often than the SDK tries by itself. */
const LOST = 4;

/** Transactions by what they write. */
const STORES_A_MESSAGE = `"S":"${keys.MESSAGES.from}`;
const ENDS_A_TURN = '"Delete":';
const EDITS = 'editedAt';
const GIVES_FEEDBACK = '"S":"FEEDBACK#';

/** Has the database do such a transaction, and loses its first answers. @returns how often it was sent */
async function losing(part: string, run: () => Promise<unknown>): Promise<number> {
  let sent = 0;
  const undo = api.database.intercept(({ operation, input, loseAnswer }) => {
    if (operation !== 'TransactWriteItems' || !JSON.stringify(input).includes(part)) return undefined;
    sent += 1;
    if (sent <= LOST) loseAnswer();
    return undefined;
  });
  await run().finally(undo);
  return sent;
}

/** Each does something, and says that it is there once. */
const ACTIONS: readonly [string, string, () => Promise<void>][] = [
  ['a message without an Idempotency-Key', STORES_A_MESSAGE, () => appendsOnce({})],
  ['a message with one', STORES_A_MESSAGE, () => appendsOnce({ 'idempotency-key': 'k' })],
  ['a question that is answered', STORES_A_MESSAGE, answersOnce],
  ['the end of its turn', ENDS_A_TURN, answersOnce],
  ['a question whose answer is streamed', STORES_A_MESSAGE, streamsOnce],
  ['the end of its stream', ENDS_A_TURN, streamsOnce],
  ['an edit of what the caller has seen', EDITS, editsOnce],
  ['feedback', GIVES_FEEDBACK, givesFeedbackOnce],
];

describe('what is written although its answers are lost is there once, and is answered as the first:', () => {
  test.each(ACTIONS)('%s', async (_what, part, action) => {
    expect(await losing(part, action)).toBeGreaterThan(LOST);
  });
});

async function appendsOnce(headers: Readonly<Record<string, string>>): Promise<void> {
  const { append, list } = await conversationWith(api);
  const first = await append({ role: 'user', content: 'once' }, headers);
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([200, null]);
  expect((await list('')).body).toMatchObject({ total: 1, messages: [first.body.message] });
  if (Object.keys(headers).length === 0) return;
  const again = await append({ role: 'user', content: 'once' }, headers);
  expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
}

async function answersOnce(): Promise<void> {
  const { ask, contents, lease, turn } = await threadOf(api);
  const asked = api.model.asked.length;
  const { status, answer, turn: made } = await ask('Why?');
  expect([status, await contents()]).toEqual([200, ['Why?', answer.content]]);
  expect(api.model.asked.length - asked).toBe(1);
  expect(await lease()).toBeUndefined();
  expect((await turn(made.id)).body.status).toBe('completed');
}

async function streamsOnce(): Promise<void> {
  const { streamed, contents, lease } = await threadOf(api);
  const { response, events } = await streamed('Why?');
  const all = await allOf(events);
  expect([response.status, all.at(-1)?.event, all.filter(({ event }) => event === 'error')]).toEqual([
    200,
    'done',
    [],
  ]);
  expect(await contents()).toHaveLength(2);
  expect(await lease()).toBeUndefined();
}

async function editsOnce(): Promise<void> {
  const { owner, id } = await conversationWith(api);
  const request = { method: 'PATCH', path: `/v1/conversations/${id}`, body: { title: 'New' } };
  const edited = await api.send({ ...request, headers: { ...owner.bearer, 'if-match': '"1"' } });
  expect([edited.status, edited.headers.get('etag')]).toEqual([200, '"2"']);
}

async function givesFeedbackOnce(): Promise<void> {
  const { owner, say, read } = await agentThreadWith(api);
  const messageId = await say('An answer', 'assistant');
  const { status, body } = await api.send({
    path: '/api/v1/feedback/chat',
    headers: owner.apiKey,
    body: { message_id: messageId, source: 'chat', feedback_details: {} },
  });
  expect([status, body.updated_at]).toEqual([200, body.created_at]);
  expect((await read()).body.messages).toMatchObject([{ feedback: { id: body.id } }]);
}
