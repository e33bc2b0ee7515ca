import { isUtf8 } from 'node:buffer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { invalid, ParleyError } from '../domain/errors.ts';
import { exactMembers, isJsonObject, parseExact } from '../domain/exact-json.ts';
import { MESSAGE_TEXT_BYTES } from '../domain/limits.ts';
import type { AnyOperation } from './endpoint.ts';
import type { Incoming } from './event.ts';

/** No acceptable body is larger: a text of 256 KiB escaped as \uXXXX throughout, and the free JSON beside it. */
const BODY_BYTES = 8 * MESSAGE_TEXT_BYTES;

/**
 * Reads a JSON body, once. It is refused for its size, the size of its message text, its content type, its JSON, in this
 * order.
 */
export function jsonBody({ body: schema, messageText }: AnyOperation) {
  const properties = Object.entries(schema?.json.properties ?? {});
  const freeJson = properties.filter(([, property]) => 'x-max-json-bytes' in property).map(([name]) => name);
  return {
    before({ event }: { event: Incoming }): void {
      const bytes = bytesOf(event);
      if (bytes.length > BODY_BYTES) throw tooLarge('body', BODY_BYTES);
      const { value, fault } = parsed(bytes);
      if (messageText !== undefined) checkText(value, messageText);
      checkContentType(event.headers['content-type']);
      if (fault) throw fault;
      event.sentBody = value;
      event.body = exactMembers(value, freeJson);
    },
  };
}

function bytesOf({ body, isBase64Encoded }: Incoming): Buffer {
  return Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded ? 'base64' : 'utf8');
}

/** What a body says, and what is wrong with it, which is said after other things: so it is not thrown. */
function parsed(bytes: Buffer): { value?: unknown; fault?: ParleyError } {
  const json = bytes.toString('utf8');
  try {
    const value = parseExact(json);
    return isUtf8(bytes) ? { value } : { value, fault: malformed('is not valid JSON') };
  } catch (cause) {
    if (!(cause instanceof RangeError)) return { fault: malformed('is not valid JSON', cause) };
    return { value: lookedAt(json), fault: malformed('nests too deep', cause) };
  }
}

/** What is too deep for us is parsed for the size of its text alone. JavaScript's parser knows no depth. */
function lookedAt(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function checkText(body: unknown, name: string): void {
  const text = isJsonObject(body) ? body[name] : undefined;
  if (typeof text === 'string' && Buffer.byteLength(text) > MESSAGE_TEXT_BYTES)
    throw tooLarge(name, MESSAGE_TEXT_BYTES);
}

/**
 * Middy's parser refuses content types, and has nothing else to do here: to parse the body it would be a second parse.
 * It hands a reviver no source text (7.9), without which numbers are not exact, and refuses `__proto__` as a key, which
 * free JSON may have: nothing of ours merges a body into an object.
 */
const middy = httpJsonBodyParser();
const NOTHING_TO_PARSE = 'null';

function checkContentType(contentType = ''): void {
  const [mediaType = ''] = contentType.split(';', 1); // RFC 9110 allows white space before the semicolon, Middy does not
  const event = { headers: { 'content-type': mediaType.trim() }, body: NOTHING_TO_PARSE };
  try {
    middy.before?.({ event } as never); // it looks at no more of a request
  } catch (cause) {
    const message = 'The content type must be application/json';
    throw new ParleyError('unsupported_media_type', message, { cause });
  }
}

function malformed(reason: string, cause?: unknown): ParleyError {
  return Object.assign(invalid(['body'], reason, 'json_invalid'), { cause });
}

function tooLarge(what: string, limitBytes: number): ParleyError {
  return new ParleyError('payload_too_large', `${what} is larger than ${limitBytes} bytes`);
}
