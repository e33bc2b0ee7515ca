import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../functions/domain/message.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import type { MeteredCall } from '../../support/database-proxy.ts';
import { fillThread } from '../../support/long-thread.ts';
import { sizeOf } from '../../support/table.ts';
import { itemOf, threadOf } from '../../support/turns.ts';

const api = await startApi();

const READS = ['GetItem', 'BatchGetItem', 'Query'];
/** So that an item is about 0.9 KB, as a message of some lines is. */
const TEXT_BYTES = 668;

function dialogue(messages: number, bytes: number) {
  return Array.from({ length: messages }, (_, index) => {
    const role: Role = index % 2 === 0 ? 'user' : 'assistant';
    return { role, text: `${index} `.padEnd(bytes, 'word ') };
  });
}

/** Asks in a thread, and meters what is read of it until it is answered. */
async function asked(found: Awaited<ReturnType<typeof threadOf>>) {
  const calls: MeteredCall[] = [];
  const pk = keys.threadPk(found.thread);
  const undo = api.database.meter((call) => {
    if (READS.includes(call.operation) && JSON.stringify(call.input).includes(pk)) calls.push(call);
  });
  const { status } = await found.ask('And now?');
  undo();
  expect(status).toBe(200);
  const sent = api.model.asked.at(-1)?.messages.length ?? 0;
  const ofMessages = calls.filter(
    ({ operation, input }) => operation === 'Query' && rangeOf(input).startsWith('M'),
  );
  return { units: calls.reduce((sum, { units }) => sum + units, 0), queries: ofMessages.length, sent };
}

/** Where a query begins. */
function rangeOf({ ExpressionAttributeValues }: MeteredCall['input']): string {
  const { ':from': from } = unmarshall(ExpressionAttributeValues as Parameters<typeof unmarshall>[0]) as {
    ':from'?: string;
  };
  return from ?? '';
}

describe('a question in a thread', () => {
  test.each([
    { messages: 100, units: 30 },
    { messages: 1_000, units: 175 },
    { messages: 10_000, units: 175 },
  ])(
    'of $messages messages reads at most $units units',
    { timeout: 300_000 },
    async ({ messages, units }) => {
      const found = await threadOf(api);
      const [first] = await fillThread(api.table, found.thread, dialogue(messages, TEXT_BYTES));
      const item = await itemOf(api, keys.message(found.thread, String(first?.id)));
      expect(Math.round(sizeOf(item ?? {}) / 10) / 100).toBe(0.9);
      const rounds = [await asked(found), await asked(found)];
      process.stderr.write(`${messages} messages: ${JSON.stringify(rounds)}\n`);
      for (const each of rounds) {
        expect(each.units).toBeLessThanOrEqual(units);
        expect(each.queries).toBeLessThanOrEqual(2);
        expect(each.sent).toBeGreaterThan(Math.min(messages, 300));
      }
    },
  );

  test('of 100 MiB is answered', { timeout: 300_000 }, async () => {
    const found = await threadOf(api);
    await fillThread(api.table, found.thread, dialogue(410, 256 * 1_024));
    const { units, sent } = await asked(found);
    process.stderr.write(`100 MiB: ${JSON.stringify({ units, sent })}\n`);
    expect(units).toBeLessThan(350);
    expect(sent).toBeGreaterThan(0);
  });
});
