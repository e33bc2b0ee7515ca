/** JSON of so many bytes, give or take a few. */
type MakeJson = (bytes: number) => string;

/** Deeper, a body is refused before it is parsed. */
const LEVELS = 990;

/** JSON values that cost the most of whoever reads them carelessly. */
export const HOSTILE: Readonly<Record<string, MakeJson>> = {
  'a number of digits': (bytes) => '9'.repeat(bytes),
  'a number of zeros and a digit': (bytes) => `0.${'0'.repeat(bytes - 3)}1`,
  'a number that ends in zeros': (bytes) => `1${'0'.repeat(bytes - 3)}.5`,
  'an exponent of digits': (bytes) => `1e${'9'.repeat(bytes - 2)}`,
  'many numbers': (bytes) => `[${'7,'.repeat(bytes / 2 - 1)}7]`,
  'many numbers that no double holds': (bytes) => `[${'1e400,'.repeat(bytes / 6 - 1)}1e400]`,
  'many levels around a long text': (bytes) =>
    `${'{"a":[0,'.repeat(LEVELS / 2 - 2)}"${'x'.repeat(bytes - 5 * LEVELS)}"${']}'.repeat(LEVELS / 2 - 2)}`,
  'levels without end': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  'many keys': (bytes) => `{${Array.from({ length: bytes / 12 }, (_, key) => `"${key + 1e6}":0`).join()}}`,
  'many escapes': (bytes) => `"${'\\u0000'.repeat(bytes / 6)}"`,
  'many quotes': (bytes) => `"${String.raw`\"`.repeat(bytes / 2)}"`,
  'a long text': (bytes) => `"${'x'.repeat(bytes - 2)}"`,
};
