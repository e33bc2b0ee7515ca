/** Of an operation that takes no credential. */
export async function principalOf(): Promise<null> {
  return null;
}
