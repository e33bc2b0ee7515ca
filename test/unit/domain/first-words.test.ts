import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAt, previewOf, titleFrom } from '../../../functions/domain/first-words.ts';

test('a short message is its own preview, on one line', () => {
  expect(previewOf('How much\n water\r\nshould I drink?')).toBe('How much water should I drink?');
});

test('a long one is cut at the last space after character 100', () => {
  const text = `${'word '.repeat(19)}0123456789 abc ${'y'.repeat(60)}`;
  expect(previewOf(text)).toBe(`${'word '.repeat(19)}0123456789 abc`);
});

test('one without such a space is cut at 140', () => {
  expect(previewOf(`${'x'.repeat(99)} ${'y'.repeat(99)}`)).toHaveLength(140);
  expect(previewOf('x'.repeat(141))).toBe('x'.repeat(140));
});

test('140 characters that end with a word stay whole', () => {
  const text = `${'x'.repeat(140)} more`;
  expect(previewOf(text)).toBe('x'.repeat(140));
});

test.each([
  ['a family', '👨‍👩‍👧‍👦'],
  ['a flag', '🇨🇭'],
  ['a letter with accents', 'e\u0301\u0323'],
  ['a syllable of Devanagari', 'क्षि'],
])('no text is cut inside %s', (_what, grapheme) => {
  for (let before = 140 - grapheme.length; before <= 140; before += 1) {
    const text = 'x'.repeat(before) + grapheme.repeat(3);
    const fits = Math.floor((140 - before) / grapheme.length);
    expect(previewOf(text)).toBe('x'.repeat(before) + grapheme.repeat(fits));
  }
});

test('what is longer than a preview and one grapheme is cut all the same', () => {
  expect(previewOf(`e${'\u0301'.repeat(500)}`)).toHaveLength(140);
});

test('no text is cut inside a surrogate pair', () => {
  expect(previewOf('x'.repeat(139) + '😀')).toBe('x'.repeat(139));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => previewOf(text).isWellFormed()),
  );
});

test('a title is at most 80 characters, cut at the last space after character 60', () => {
  expect(titleFrom(' How much\nwater? ')).toBe('How much water?');
  expect(titleFrom(`${'word '.repeat(13)}${'y'.repeat(60)}`)).toBe('word '.repeat(13).trim());
  expect(titleFrom('x'.repeat(81))).toBe('x'.repeat(80));
  expect(titleFrom(' \n ')).toBe('');
});

test('a text that is short enough is not cut, and a surrogate pair that fits stays', () => {
  expect(cutAt('ab😀', 4)).toBe('ab😀');
  expect(cutAt('ab😀', 3)).toBe('ab');
  expect(cutAt('ab😀c', 4)).toBe('ab😀');
});
