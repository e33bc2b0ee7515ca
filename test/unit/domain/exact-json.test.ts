import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactMembers, parseExact } from '../../../functions/domain/exact-json.ts';

const roundTrip = (text: string) => JSON.stringify(parseExact(text));

test.each([
  '9007199254740993',
  '-9007199254740993',
  '1e400',
  '-1e-400',
  '0.1234567890123456789',
  '123456789012345678901234567890',
  '1.23456789012345e-320',
])('%s comes back as it was sent', (number) => {
  expect(roundTrip(`{"deep":[${number}]}`)).toBe(`{"deep":[${number}]}`);
});

test('__proto__ and empty keys come back, and change no prototype', () => {
  const text = '{"__proto__":{"polluted":true},"":{"constructor":{"prototype":1}}}';
  expect(roundTrip(text)).toBe(text);
  expect(parseExact(text)).not.toHaveProperty('polluted');
});

test('every JSON value comes back equal', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(roundTrip(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('1,000 levels are taken, 1,001 are refused, and 100,000 do not overflow the stack', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(roundTrip(nested(1_000))).toBe(nested(1_000));
  expect(() => parseExact(nested(1_001))).toThrow(RangeError);
  expect(() => parseExact(nested(1_000_000))).toThrow(RangeError);
});

test('the depth may be less, and is that of the value, not of brackets in its texts', () => {
  const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`;
  expect(roundTrip(nested(200))).toBe(nested(200));
  expect(JSON.stringify(parseExact(nested(200), 200))).toBe(nested(200));
  expect(() => parseExact(nested(200), 199)).toThrow(RangeError);
  for (const text of ['"[[[["', '"\\"[[[["', '["\\\\",[0],"\\\\\\"[["]', '{"[[":{}}'])
    expect(JSON.stringify(parseExact(text, 2))).toBe(text);
  expect(() => parseExact('["\\\\",[[0]]]', 2)).toThrow(RangeError);
  expect(() => parseExact(']][[[', 2)).toThrow(SyntaxError);
});

test('outside of free JSON every number is a double, and the rest is as it was sent', () => {
  const json = '{"free":[1e400,-0],"n":1e400,"__proto__":{"x":[9007199254740993]},"":null,"s":"1e400"}';
  const {
    free,
    n,
    '': empty,
    ...rest
  } = exactMembers(parseExact(json), ['free', 'n']) as Record<string, unknown>;
  expect(JSON.stringify(free)).toBe('[1e400,-0]');
  expect([n, empty, rest.s]).toEqual([Infinity, null, '1e400']); // no object, so no free JSON
  expect(Object.hasOwn(rest, '__proto__')).toBe(true);
  expect(JSON.stringify(rest)).toBe('{"__proto__":{"x":[9007199254740992]},"s":"1e400"}');
  expect(exactMembers(parseExact('[1e400]'), [])).toEqual([Infinity]);
});
