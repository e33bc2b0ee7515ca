/**
 * The names and indexes that a JSON Pointer (RFC 6901) leads along. A token that looks like an index is taken for one:
 * the pointer alone does not say whether it stands in an array.
 */
export function stepsOf(pointer: string): (string | number)[] {
  const tokens = pointer.split('/').slice(1);
  return tokens
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^(?:0|[1-9]\d*)$/u.test(token) ? Number(token) : token));
}
