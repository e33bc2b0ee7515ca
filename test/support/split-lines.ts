/**
 * The lines of a text as Python's `str.splitlines` has them (docs.python.org, "String methods"), and with it readers of
 * streams such as httpx's `iter_lines`: the standard ends lines at CR and LF only.
 */
export function splitLines(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  const lines = text.split(/\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/u);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
