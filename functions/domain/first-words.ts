/** Where a line may be cut, in UTF-16 code units, as `String.length` counts them. */
interface Limits {
  /** A space after this many is where it is cut. */
  readonly soft: number;
  /** Where there is none, it is cut here. */
  readonly hard: number;
}

const PREVIEW: Limits = { soft: 100, hard: 140 };
const TITLE: Limits = { soft: 60, hard: 80 };

/** A message on one line, for lists: cut at the last space after character 100, else at 140. */
export function previewOf(text: string): string {
  return firstWords(text, PREVIEW);
}

/** A title from a text: its first words on one line, at most 80 characters. Empty for a text that is blank. */
export function titleFrom(text: string): string {
  return firstWords(text, TITLE);
}

/** The beginning of a text on one line, without an ellipsis. */
function firstWords(text: string, { soft, hard }: Limits): string {
  const line = lineOf(text, hard);
  if (line.length <= hard) return line;
  const space = line.lastIndexOf(' ', hard);
  return space >= soft ? line.slice(0, space) : cutAt(line, hard);
}

/** A text on one line, as far as it takes to be longer than this: the rest of a long one is not even looked at. */
function lineOf(text: string, length: number): string {
  let line = '';
  for (const [word] of text.matchAll(/\S+/gu)) {
    line += line === '' ? word : ` ${word}`;
    if (line.length > length) break;
  }
  return line;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The first so many characters of a text, or fewer: what people see as one character, such as a flag or a letter with its
 * accents, stays whole or is left out (Unicode, UAX #29). Only one that is longer than all that may stay is cut, where
 * no surrogate pair is.
 */
export function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const { index = 0 } = graphemes.segment(text).containing(length) ?? {};
  if (index > 0) return text.slice(0, index);
  const splitsPair = /[\uD800-\uDBFF]/u.test(text.charAt(length - 1));
  return text.slice(0, splitsPair ? length - 1 : length);
}
