import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strippedOf } from '../../../functions/domain/words.ts';

test('a text is stripped at its ends, of white space and of the marks of each end', () => {
  expect(strippedOf(' #"a # "b". ', { start: '#"', end: '".' })).toBe('a # "b');
  expect(strippedOf('"" .', { start: '"', end: '".' })).toBe('');
  const text = fc.string({ unit: fc.constantFrom('a', '#', '.', '"', ' ', '\n', '\u00a0', '\ufeff', '😀') });
  fc.assert(
    fc.property(text, (given) => {
      const expected = given.replaceAll(/^[\s#"]+|[\s."]+$/gu, '');
      return strippedOf(given, { start: '#"', end: '."' }) === expected;
    }),
  );
});
