/** Where the answer of a list is a bare array, this header leads to the next page; the last page has none. */
export function nextCursorHeader(cursor: string | null): Record<string, string> {
  return cursor === null ? {} : { 'x-next-cursor': cursor };
}
