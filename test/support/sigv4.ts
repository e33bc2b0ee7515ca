import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whose signature is looked at, and for what it must be. */
interface Expected {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What temporary credentials send along; a role has no others. */
  readonly sessionToken: string;
  readonly region: string;
  readonly service: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/(?<scope>[^,]+), ?SignedHeaders=(?<signed>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/u;
const TIMESTAMP = /^(?<day>\d{4})(?<month>\d\d)(?<date>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z$/u;
/** A service takes a signature for five minutes. */
const GOOD_FOR_MS = 5 * 60_000;

/**
 * What is wrong with a request's signature, or null: made anew as AWS says how ("Create a signed AWS API request", IAM
 * User Guide), from what has come over the wire. It is for paths without anything to encode and without a query.
 */
export function signatureFault(
  { method = '', url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: string,
  { accessKeyId, secretAccessKey, sessionToken, region, service }: Expected,
): string | null {
  const {
    key,
    scope,
    signed = '',
    signature,
  } = AUTHORIZATION.exec(headers.authorization ?? '')?.groups ?? {};
  if (signature === undefined) return 'There is no signature';
  if (key !== accessKeyId) return 'The access key is another';
  if (headers['x-amz-security-token'] !== sessionToken) return 'The session token is another';
  const time = String(headers['x-amz-date']);
  const at = Date.parse(time.replace(TIMESTAMP, '$<day>-$<month>-$<date>T$<hour>:$<minute>:$<second>Z'));
  if (!(Math.abs(Date.now() - at) <= GOOD_FOR_MS)) return 'The signature has expired';
  const expectedScope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  if (scope !== expectedScope) return `The credential should be scoped to ${expectedScope}`;
  const names = signed.split(';');
  const amazons = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  const unsigned = ['host', ...amazons].filter((name) => !names.includes(name));
  if (unsigned.length > 0) return `These headers must be signed: ${unsigned.join()}`;
  const lines = names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/gu, ' ')}\n`);
  const canonical = [method, url, '', lines.join(''), signed, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signingKey = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  return hmac(signingKey, toSign).toString('hex') === signature ? null : 'The signature does not match';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
