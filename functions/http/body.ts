import httpJsonBodyParser from '@middy/http-json-body-parser';
import { invalid, ParleyError } from '../domain/errors.ts';
import { MESSAGE_TEXT_BYTES } from '../domain/limits.ts';
import type { Incoming } from './event.ts';
import { parseExact } from '../domain/exact-json.ts';

/** No acceptable body is larger: a text of 256 KiB escaped as \uXXXX throughout, and the free JSON beside it. */
const BODY_BYTES = 8 * MESSAGE_TEXT_BYTES;

const parser = () => httpJsonBodyParser();

/**
 * Reads a JSON body: size, content type, JSON, the size of the message text, in this order.
 *
 * @param messageText the member that holds a message's text, if the operation has one
 */
export function jsonBody(messageText: string | undefined) {
  const checkAndParse = parser().before;
  return {
    before(request: { event: Incoming }): void {
      const { event } = request;
      const text = bodyText(event);
      if (Buffer.byteLength(text) > BODY_BYTES) throw tooLarge('body', BODY_BYTES);
      Object.assign(event, { body: text, isBase64Encoded: false });
      parsed(() => checkAndParse?.(request as never)); // middy types the event as one that nothing has touched
      event.body = parsed(() => parseExact(text));
      if (messageText !== undefined) checkMessageText(event.body, messageText);
    },
  };
}

function bodyText({ body, isBase64Encoded }: Incoming): string {
  if (typeof body !== 'string') return '';
  if (!isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'));
  } catch (cause) {
    throw malformed(cause);
  }
}

/** Middy's errors in our words. A forbidden key (`__proto__`) is none: no code here merges a body into an object. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    if (statusCode === 415) {
      throw new ParleyError('unsupported_media_type', 'The content type must be application/json', {
        cause: error,
      });
    }
    if (statusCode === 422 && message === 'Forbidden key in JSON body') return undefined;
    throw malformed(error);
  }
}

function malformed(cause: unknown): ParleyError {
  const message = cause instanceof RangeError ? 'nests too deep' : 'is not valid JSON';
  const error = invalid(['body'], message, 'json_invalid');
  return Object.assign(error, { cause });
}

function checkMessageText(body: unknown, member: string): void {
  const text = (body as Record<string, unknown> | null | undefined)?.[member];
  if (typeof text === 'string' && Buffer.byteLength(text) > MESSAGE_TEXT_BYTES) {
    throw tooLarge(member, MESSAGE_TEXT_BYTES);
  }
}

function tooLarge(what: string, limitBytes: number): ParleyError {
  return new ParleyError('payload_too_large', `${what} is larger than ${limitBytes} bytes`);
}
