import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * An API key is `parley_<id>_<secret><checksum>`: a public id of 16 characters to find it by, a secret of 256 bits, and
 * six characters of checksum, so that a mistyped key is refused without a read and a leaked one is recognized by
 * secret scanners. Only its digest is stored.
 */
const SHAPE = /^parley_(?<id>[0-9a-f]{16})_(?<secret>[0-9a-f]{64})(?<checksum>[0-9a-f]{6})$/u;

/** A new key, and what to store of it. */
export function newApiKey(): { key: string; id: string; digest: string } {
  const id = randomBytes(8).toString('hex');
  const start = `parley_${id}_${randomBytes(32).toString('hex')}`;
  const key = start + checksumOf(start);
  return { key, id, digest: digestOf(key) };
}

/** The public id of a well-formed key, or null. */
export function idOf(key: string): string | null {
  const { id, checksum } = key.match(SHAPE)?.groups ?? {};
  return id && checksum && checksum === checksumOf(key.slice(0, -checksum.length)) ? id : null;
}

/** SHA-256 is enough for 256 random bits: there is no guessing them, so no slow hash is needed. */
function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whether a key has this digest, in constant time. */
export function matches(key: string, digest: string): boolean {
  const [a, b] = [Buffer.from(digestOf(key), 'hex'), Buffer.from(digest, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

function checksumOf(start: string): string {
  return createHash('sha256').update(start).digest('hex').slice(0, 6);
}
