/** The words of a list that is written as one text, with spaces or commas between them. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== '');
}

/** White space to Python alone. */
const SEPARATORS = '\u001C\u001D\u001E\u001F';

/**
 * Whether a text is white space alone, which the Messages API refuses. It does not say by whose rule: here to JavaScript
 * (U+FEFF is), to Unicode (U+0085 is) or to Python.
 */
export function isBlank(text: string): boolean {
  for (const character of text)
    if (!/[\s\p{White_Space}]/u.test(character) && !SEPARATORS.includes(character)) return false;
  return true;
}

/**
 * A text without white space and these marks at its ends, as `trim` is without white space alone. It is a loop because
 * `/[…]+$/` takes quadratic time where such a run stands in the middle.
 */
export function strippedOf(text: string, { start, end }: { start: string; end: string }): string {
  const isIn = (marks: string, at: number) => {
    const character = text.charAt(at);
    return character.trim() === '' || marks.includes(character);
  };
  let from = 0;
  let to = text.length;
  while (from < to && isIn(start, from)) from += 1;
  while (to > from && isIn(end, to - 1)) to -= 1;
  return text.slice(from, to);
}
