const SOFT_LIMIT = 100;
const HARD_LIMIT = 140;

/**
 * A message on one line, for lists: cut at the last space after character 100, else at 140; never inside a surrogate
 * pair, and without an ellipsis. Characters are UTF-16 code units, as `String.length` counts them.
 */
export function previewOf(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  if (line.length <= HARD_LIMIT) return line;
  const space = line.lastIndexOf(' ', HARD_LIMIT);
  if (space >= SOFT_LIMIT) return line.slice(0, space);
  return line.slice(0, splitsPair(line, HARD_LIMIT) ? HARD_LIMIT - 1 : HARD_LIMIT);
}

function splitsPair(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) >= 0xd800 && text.charCodeAt(at - 1) <= 0xdbff;
}
