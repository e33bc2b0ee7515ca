import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';

/** Free text up to 128 bytes, with the separator and the escape sign more often than by chance. */
const part = fc
  .string({
    unit: fc.oneof(fc.constantFrom('#', '%', '2', '3'), fc.string({ unit: 'grapheme', maxLength: 1 })),
    maxLength: 30,
  })
  .filter((text) => Buffer.byteLength(text) <= 128);

const builders: Record<string, (a: string, b: string, c: string) => unknown> = {
  askThread: (a, b) => keys.askThread(a, b),
  askThreadsOf: (a, b) => keys.askThreadsOf(a, b),
  askReads: keys.askReads,
  conversation: keys.conversation,
  conversationsOf: (a, b) => keys.conversationsOf(a, b),
  conversationCount: (a, b) => keys.conversationCount(a, b),
  agentThread: (a, b) => keys.agentThread(a, b),
  agentThreadsOf: (a, b) => keys.agentThreadsOf(a, b),
  agent: (a, b) => keys.agent(a, b),
  message: (a, b) => keys.message(a, b),
  messagePointer: (a, b) => keys.messagePointer(a, b),
  feedback: keys.feedback,
  apiKey: (a) => keys.apiKey(a),
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
  expect(keys.conversation('a', 'b#c', 'd')).not.toBe(keys.conversation('a#b', 'c', 'd'));
});

test('an agent’s thread is known by its partition', () => {
  fc.assert(
    fc.property(part, part, (organizationId, threadId) => {
      const threadPk = keys.agentThread(organizationId, threadId);
      expect(keys.agentThreadIn(threadPk)).toEqual({ organizationId, threadId });
    }),
  );
});

test('an idempotency record of a brand is not one of a company of the same name', () => {
  const of = (kind: 'BRAND' | 'COMPANY') =>
    keys.idempotencyRecord({ tenant: { kind, id: '42' }, caller: 'u' }, 'k');
  expect(of('BRAND')).not.toEqual(of('COMPANY'));
});

test.each(['x'.repeat(129), 'é'.repeat(65), '\ud800'])(
  'refuses a part that is too long or not well-formed',
  (text) => {
    expect(() => keys.askThread(text, 'id')).toThrow(/id is longer than 128 bytes or not well-formed/u);
  },
);

test('the longest keys fit DynamoDB', () => {
  const longest = '\u{1f600}'.repeat(32);
  expect(Buffer.byteLength(keys.conversation(longest, longest, longest))).toBeLessThanOrEqual(2_048);
  expect(Buffer.byteLength(keys.googleBusinessLocation(1, longest).sk)).toBeLessThanOrEqual(1_024);
});
