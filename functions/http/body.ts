import httpJsonBodyParser from '@middy/http-json-body-parser';
import { invalid, ParleyError } from '../domain/errors.ts';
import { exactMembers, parseExact } from '../domain/exact-json.ts';
import { MESSAGE_TEXT_BYTES } from '../domain/limits.ts';
import type { AnyOperation } from './endpoint.ts';
import type { Incoming } from './event.ts';

/** No acceptable body is larger: a text of 256 KiB escaped as \uXXXX throughout, and the free JSON beside it. */
const BODY_BYTES = 8 * MESSAGE_TEXT_BYTES;

/** Reads a JSON body. It is refused for its size, the size of its message text, its content type, its JSON, in this order. */
export function jsonBody({ body: schema, messageText }: AnyOperation) {
  const middy = httpJsonBodyParser();
  const properties = Object.entries(schema?.json.properties ?? {});
  const freeJson = properties.filter(([, property]) => 'x-max-json-bytes' in property).map(([name]) => name);
  return {
    before(request: { event: Incoming }): void {
      const { event } = request;
      const bytes = bytesOf(event);
      checkSize(bytes, messageText);
      // RFC 9110 allows white space before the semicolon; the parser does not.
      event.headers['content-type'] = event.headers['content-type']?.trim().replace(/\s+;/u, ';');
      inOurWords(() => middy.before?.(request as never)); // middy types the event as one that nothing has touched
      event.body = inOurWords(() => exactMembers(parseExact(textOf(bytes)), freeJson));
    },
  };
}

function bytesOf({ body, isBase64Encoded }: Incoming): Buffer {
  return Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded ? 'base64' : 'utf8');
}

function checkSize(bytes: Buffer, messageText: string | undefined): void {
  if (bytes.length > BODY_BYTES) throw tooLarge('body', BODY_BYTES);
  if (messageText === undefined || bytes.length <= MESSAGE_TEXT_BYTES) return;
  const text = memberOf(bytes.toString('utf8'), messageText);
  if (typeof text === 'string' && Buffer.byteLength(text) > MESSAGE_TEXT_BYTES) {
    throw tooLarge(messageText, MESSAGE_TEXT_BYTES);
  }
}

/** A member of a JSON text, or undefined where it is no JSON: that is said later. */
function memberOf(json: string, name: string): unknown {
  try {
    return (JSON.parse(json) as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined;
  }
}

/** @throws TypeError when the bytes are no UTF-8 */
function textOf(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Middy's refusals as ours. A forbidden key (`__proto__`) is none: no code here merges a body into an object. */
function inOurWords<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (cause) {
    const { statusCode, message } = cause as { statusCode?: number; message?: string };
    if (statusCode === 415) {
      throw new ParleyError('unsupported_media_type', 'The content type must be application/json', { cause });
    }
    if (statusCode === 422 && message === 'Forbidden key in JSON body') return undefined;
    const reason = cause instanceof RangeError ? 'nests too deep' : 'is not valid JSON';
    throw Object.assign(invalid(['body'], reason, 'json_invalid'), { cause });
  }
}

function tooLarge(what: string, limitBytes: number): ParleyError {
  return new ParleyError('payload_too_large', `${what} is larger than ${limitBytes} bytes`);
}
