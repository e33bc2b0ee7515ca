import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, parseExact } from '../../functions/domain/exact-json.ts';

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
  expect(() => parseExact(nested(100_000))).toThrow(RangeError);
});

test('the canonical text is the same for equal values and only for them', () => {
  const of = (text: string) => canonicalJson(parseExact(text));
  expect(of('{"b":[1,{"d":2,"c":1.0}],"a":null}')).toBe(of('{"a":null,"b":[1e0,{"c":1,"d":2.00}]}'));
  for (const equal of [
    ['1.0000000000000000', '1'],
    ['-0', '0', '0e5', '-0.0'],
    ['100000000000000000000000', '1e23', '10E+22'],
    ['9007199254740993', '9007199254740993.0'],
    ['0.1', '1e-1'],
  ]) {
    expect(new Set(equal.map(of)).size, equal.join()).toBe(1);
  }
  expect(of('9007199254740993')).not.toBe(of('9007199254740992'));
  const value = fc.jsonValue();
  fc.assert(
    fc.property(value, value, (a, b) => {
      const equal = canonicalJson(a) === canonicalJson(b);
      expect(canonicalJson(JSON.parse(JSON.stringify(a)))).toBe(canonicalJson(a));
      try {
        expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
      } catch {
        return !equal;
      }
      return equal;
    }),
  );
});
