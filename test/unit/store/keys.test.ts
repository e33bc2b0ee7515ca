import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentRef, askRef, assistantRef, conversationRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { asRead, ENTITIES, THREADS } from '../../support/entities.ts';

/** Free text up to 128 bytes, with the separator and the escape sign more often than by chance. */
const part = fc
  .string({
    unit: fc.oneof(fc.constantFrom('#', '%', '2', '3'), fc.string({ unit: 'grapheme', maxLength: 1 })),
    maxLength: 30,
  })
  .filter((text) => Buffer.byteLength(text) <= 128);

describe('the sort keys', () => {
  test('are one table, in the order in which DynamoDB has them', () => {
    const sortKeys = Object.values(keys.SORT_KEYS);
    expect(sortKeys).toEqual(sortKeys.toSorted());
  });

  test.each(ENTITIES)('of $name are in it', (entity) => {
    const starts = ['{', ...Object.values(keys.SORT_KEYS)]; // or are ids alone
    for (const { sk } of entity.keys) expect(starts.some((start) => asRead(sk).startsWith(start))).toBe(true);
  });

  test('of a thread leave nothing between its messages and its head, which one query reads', () => {
    const { from, to } = keys.MESSAGES_AND_HEAD;
    const between = ENTITIES.filter(({ keys: all }) =>
      all.some(({ pk, sk }) => pk === keys.threadPk(THREADS[0]) && sk >= from && sk <= to),
    );
    expect(between.map(({ name }) => name)).toEqual(['ask thread', 'message']);
  });
});

test('every builder of a key is among the entities of docs/data.md', () => {
  /** They build no key of their own, but parts, ranges and answers. */
  const OTHERS = [
    'threadPk',
    'organization',
    'company',
    'shardOf',
    'idsBetween',
    'isHead',
    'isMessage',
    'messagesUpTo',
    'messagesBetween',
    'usageOf',
    'usageDays',
  ];
  const source = readFileSync(new URL('../../support/entities.ts', import.meta.url), 'utf8');
  const names = Object.entries(keys).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const isNamed = (name: string) => new RegExp(`keys\\.${name}\\b`, 'u').test(source);
  expect(names.filter((name) => !OTHERS.includes(name) && !isNamed(name))).toEqual([]);
});

const builders: Record<string, (a: string, b: string, c: string) => unknown> = {
  askThread: (a, b) => keys.threadPk(askRef({ brandId: a }, b)),
  askThreadsOf: (a, b) => keys.askThreadsOf(a, b),
  askReads: keys.askReads,
  conversation: (a, b, c) => keys.threadPk(conversationRef({ brandId: a, userId: b }, c)),
  conversationsOf: (a, b) => keys.conversationsOf(a, b),
  conversationCount: (a, b) => keys.conversationCount(a, b),
  agentThread: (a, b) => keys.threadPk(agentRef({ organizationId: a }, b)),
  agentThreadsOf: (a, b) => keys.agentThreadsOf(a, b),
  agent: (a, b) => keys.agent(a, b),
  message: (a, b) => keys.message(askRef({ brandId: 'brand' }, a), b),
  messagePointer: (a, b) => keys.messagePointer(a, b),
  feedback: (a, b, c) => keys.feedback(agentRef({ organizationId: 'organization' }, a), b, c),
  apiKey: (a) => keys.apiKey(a),
  dayUsage: (a, b, c) => keys.dayUsage({ kind: 'BRAND', id: a }, { id: '0', day: b, model: c }),
  idempotencyRecord: (a, b, c) => keys.idempotencyRecord({ tenant: { kind: 'BRAND', id: a }, caller: b }, c),
};

describe.each(Object.entries(builders))('%s', (_name, build) => {
  test('tells any two different owners or ids apart', () => {
    const parts = fc.tuple(part, part, part);
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const used = build.length;
        fc.pre(a.slice(0, used).some((text, index) => text !== b[index]));
        expect(build(...a)).not.toEqual(build(...b));
      }),
    );
  });
});

test('brand `a` with user `b#c` does not meet brand `a#b` with user `c`', () => {
  const pkOf = (brandId: string, userId: string) => keys.threadPk(conversationRef({ brandId, userId }, 'd'));
  expect(pkOf('a', 'b#c')).not.toBe(pkOf('a#b', 'c'));
});

test.each([
  [askRef({ brandId: 'b#1' }, 'i'), 'ASK#b%231#i'],
  [conversationRef({ brandId: 'b', userId: 'u' }, 'i'), 'CONVERSATION#b#u#i'],
  [assistantRef({ companyId: 1 }, 'i'), 'ASSISTANT#1#i'],
  [agentRef({ organizationId: 'o' }, 'i'), 'AGENT#o#i'],
])('the partition of %o is %s, as it was always stored', (thread, pk) => {
  expect(keys.threadPk(thread)).toBe(pk);
});

test('an idempotency record of a brand is not one of a company of the same name', () => {
  const of = (kind: 'BRAND' | 'COMPANY') =>
    keys.idempotencyRecord({ tenant: { kind, id: '42' }, caller: 'u' }, 'k');
  expect(of('BRAND')).not.toEqual(of('COMPANY'));
});

test.each(['x'.repeat(129), 'é'.repeat(65), '\ud800'])(
  'refuses a part that is too long or not well-formed',
  (text) => {
    expect(() => keys.threadPk(askRef({ brandId: text }, 'id'))).toThrow(
      /id is longer than 128 bytes or not well-formed/u,
    );
  },
);

test('the longest keys fit DynamoDB', () => {
  const longest = '\u{1f600}'.repeat(32);
  expect(
    Buffer.byteLength(keys.threadPk(conversationRef({ brandId: longest, userId: longest }, longest))),
  ).toBeLessThanOrEqual(2_048);
  expect(Buffer.byteLength(keys.googleBusinessLocation(1, longest).sk)).toBeLessThanOrEqual(1_024);
});
