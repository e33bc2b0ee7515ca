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

test('500 levels are taken, 501 are refused, and 100,000 do not overflow the stack', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(roundTrip(nested(500))).toBe(nested(500));
  expect(() => parseExact(nested(501))).toThrow(RangeError);
  expect(() => parseExact(nested(100_000))).toThrow(RangeError);
});

test('the canonical text is the same for equal values and only for them', () => {
  expect(canonicalJson(parseExact('{"b":[1,{"d":2,"c":1.0}],"a":null}'))).toBe(
    '{"a":null,"b":[1,{"c":1,"d":2}]}',
  );
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
