import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../functions/domain/canonical-json.ts';
import { sumOf } from '../../../functions/domain/decimal.ts';
import { parseExact } from '../../../functions/domain/exact-json.ts';

const of = (text: string) => canonicalJson(parseExact(text));

/** Keys of 24 hours hold hashes of these texts: another text for the same value would make a repeat a conflict. */
test.each([
  ['{"b":[1,{"d":2.50,"c":1.0}],"a":null}', '{"a":null,"b":[1e0,{"c":1e0,"d":25e-1}]}'],
  [
    '[1.50e2,150,150.0,-0.015,1E-7,12345678901234567890]',
    '[15e1,15e1,15e1,-15e-3,1e-7,1234567890123456789e1]',
  ],
  ['[0,-0,0.0,0e5]', '[0,0,0,0]'],
  [
    '{"\\u00e9\\n":"\\u2028","":true,"Z":false,"a":[],"A":{}}',
    '{"":true,"A":{},"Z":false,"a":[],"é\\n":"\u2028"}',
  ],
  ['[1e400,10e399,0.1e401]', '[1e400,1e400,1e400]'],
])('%s is %s', (json, canonical) => {
  expect(of(json)).toBe(canonical);
});

test('it is the same for equal values and only for them', () => {
  for (const equal of [
    ['1.0000000000000000', '1'],
    ['100000000000000000000000', '1e23', '10E+22'],
    ['9007199254740993', '9007199254740993.0'],
    ['0.1', '1e-1'],
    [
      '1e99999999999999999999',
      '10e99999999999999999998',
      '0.1e+100000000000000000000',
      '1e099999999999999999999',
    ],
    ['1e-100000000000000000000', '0.01e-99999999999999999998'],
  ])
    expect(new Set(equal.map(of)).size, equal.join()).toBe(1);
  for (const different of [
    ['9007199254740993', '9007199254740992'],
    ['1e400', '1e401', '-1e400', '0', 'null', '1e-400'],
    ['1e99999999999999999999', '1e99999999999999999998', '1e-99999999999999999999'],
    [`1e${'9'.repeat(400)}`, `1e${'9'.repeat(401)}`, `1e-${'9'.repeat(400)}`],
  ])
    expect(new Set(different.map(of)).size, different.join().slice(0, 80)).toBe(different.length);
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

const digits = (least: number, most: number) =>
  fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`, 'u'));
const sign = fc.constantFrom('', '-');
const exponent = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), digits(1, 30)).map((parts) => parts.join('')),
);
const number = fc
  .tuple(
    sign,
    fc.oneof(
      fc.constant('0'),
      digits(0, 30).map((more) => `1${more}`),
    ),
    fc.option(digits(1, 30)),
    exponent,
  )
  .map(
    ([minus, whole, fraction, power]) => minus + whole + (fraction === null ? '' : `.${fraction}`) + power,
  );

test('every number is its significant digits and an exponent, counted in whole numbers of any size', () => {
  fc.assert(
    fc.property(number, (source) => {
      const [mantissa = '', power = '0'] = source.toLowerCase().split('e');
      const [whole = '', fraction = ''] = mantissa.split('.');
      let significand = BigInt(whole.replace('-', '') + fraction);
      let last = BigInt(power) - BigInt(fraction.length);
      if (significand === 0n) return of(source) === '0';
      for (; significand % 10n === 0n; last += 1n) significand /= 10n;
      return of(source) === `${source.startsWith('-') ? '-' : ''}${significand}e${last}`;
    }),
    { numRuns: 2_000 },
  );
});

test('a sum is exact, whatever is carried', () => {
  const integer = fc
    .tuple(
      fc.constantFrom('', '+', '-'),
      fc.oneof(
        digits(1, 40),
        fc
          .constantFrom('1', '9')
          .chain((first) =>
            fc
              .tuple(fc.constantFrom('0', '9'), fc.nat(40))
              .map(([rest, count]) => first + rest.repeat(count)),
          ),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      integer,
      fc.integer(),
      (text, small) => sumOf(text, small) === String(BigInt(text) + BigInt(small)),
    ),
    { numRuns: 5_000 },
  );
});

test('1,000 levels are written', () => {
  const nested = '['.repeat(1_000) + ']'.repeat(1_000);
  expect(of(nested)).toBe(nested);
});
