import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { itemOf } from '../../support/turns.ts';

const api = await startApi();
type Conversation = Awaited<ReturnType<typeof conversationWith>>;

/** Has each of so many writers append, one message after the other. @returns the calls of the database by name */
async function writeAll(
  { append }: Conversation,
  { writers, appends }: { writers: number; appends: number },
): Promise<Map<string, number>> {
  const calls = new Map<string, number>();
  const undo = api.database.intercept(({ operation }) => {
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    return undefined;
  });
  const write = async (writer: number) => {
    for (let index = 0; index < appends; index += 1)
      expect((await append({ role: 'user', content: `${writer} ${index}` })).status).toBe(200);
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  undo();
  return calls;
}

/** All messages, oldest first. */
async function allOf({ list }: Conversation): Promise<{ id: string; content: string }[]> {
  const messages: { id: string; content: string }[] = [];
  let cursor = '';
  do {
    const { body } = await list(`?limit=100&order=asc${cursor && `&cursor=${cursor}`}`);
    messages.push(...body.messages);
    cursor = body.next_cursor;
  } while (cursor);
  return messages;
}

/** Every message is there once, ids increase, and no writer's messages have changed places. */
async function expectAllInOrder(thread: Conversation, writers: number, appends: number): Promise<void> {
  const messages = await allOf(thread);
  const ids = messages.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].toSorted());
  for (let writer = 0; writer < writers; writer += 1) {
    const own = messages.map(({ content }) => content).filter((text) => text.startsWith(`${writer} `));
    expect(own).toEqual(Array.from({ length: appends }, (_, index) => `${writer} ${index}`));
  }
  expect(messages).toHaveLength(writers * appends);
}

describe('a thread', () => {
  test('of 16 writers keeps all 320 messages in order, with at most one retry a message', async () => {
    const conversation = await conversationWith(api);
    const calls = await writeAll(conversation, { writers: 16, appends: 20 });
    await expectAllInOrder(conversation, 16, 20);
    expect(calls.get('TransactWriteItems')).toBeLessThanOrEqual(2 * 320);
  });

  test('of one writer takes one call of the database for each message', async () => {
    const calls = await writeAll(await conversationWith(api), { writers: 1, appends: 20 });
    expect([...calls]).toEqual([['TransactWriteItems', 20]]);
  });
});

describe('writers who meet get on, and lose nothing, although the slots that they take', () => {
  const farMs = Date.now() + 86_400_000;
  test.each([
    ['are missing', {}],
    ['are of the past, and expired', { untilMs: 1, expires_at: 1 }],
    ['are taken up to tomorrow', { untilMs: farMs, expires_at: farMs }],
    ['are no numbers', { untilMs: 'soon' }],
  ])('%s', async (_what, slots) => {
    const conversation = await conversationWith(api);
    const place = keys.pace(keys.head(conversationRef(conversation.owner, conversation.id)));
    await api.table.client.send(new PutCommand({ TableName: api.table.name, Item: { ...place, ...slots } }));
    await writeAll(conversation, { writers: 4, appends: 5 });
    await expectAllInOrder(conversation, 4, 5);
    const { untilMs, expires_at: expiresAt } = (await itemOf(api, place)) ?? {};
    expect(Math.abs(Number(untilMs) - Date.now())).toBeLessThan(60_000);
    expect(Number(expiresAt) - Date.now() / 1_000).toBeLessThan(120);
  });

  test('cannot be written', async () => {
    const conversation = await conversationWith(api);
    const undo = api.database.intercept(({ operation }) =>
      operation === 'UpdateItem' ? { status: 400, type: 'AccessDeniedException' } : undefined,
    );
    await writeAll(conversation, { writers: 4, appends: 5 });
    undo();
    await expectAllInOrder(conversation, 4, 5);
  });
});
