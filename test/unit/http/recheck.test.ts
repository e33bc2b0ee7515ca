import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ParleyError } from '../../../functions/domain/errors.ts';
import type { Incoming } from '../../../functions/http/event.ts';
import { type StreamEvent, streamEndpoint } from '../../../functions/http/stream-endpoint.ts';
import { streamHandler } from '../../../functions/http/stream-handler.ts';
import type { Validators } from '../../../functions/http/validation.ts';
import { provideResponseStreams, runStreaming } from '../../../lib/local/response-stream.ts';

provideResponseStreams();

const LOOK_EVERY_MS = 20;
const holder = { keyId: 'k', organizationId: randomUUID(), userId: randomUUID(), scopes: 'read' };

/** A stream that never ends by itself: an event now and then, or none. */
const endless = (isSilent: boolean) =>
  streamEndpoint({
    operation: 'test/endless',
    summary: 'Never ends',
    api: { name: 'test', auth: 'api-key', errors: 'detail' },
    method: 'GET',
    path: '/endless',
    servedBy: 'follow',
    authorize: () => null,
    handle: async () => ({ events: ticks(isSilent) }),
  });

async function* ticks(isSilent: boolean): AsyncGenerator<StreamEvent> {
  for (let tick = 0; ; tick += 1) {
    await (isSilent ? new Promise(() => {}) : new Promise((resolve) => setTimeout(resolve, 5)));
    yield { event: 'tick', id: String(tick), data: tick };
  }
}

/** What is streamed until the stream ends. */
async function heard(
  isSilent: boolean,
  looks: readonly (() => boolean)[],
): Promise<{ text: string; looked: number }> {
  let looked = 0;
  const authorizeApiKey = async () => {
    looked += 1;
    const look = looks[Math.min(looked, looks.length) - 1];
    return { isAuthorized: look?.() ?? false, context: holder };
  };
  const routes = [{ endpoint: endless(isSilent), validators: {} as Validators }];
  const handler = streamHandler(routes, authorizeApiKey, LOOK_EVERY_MS);
  const event = {
    headers: { 'x-api-key': 'a-key' },
    rawPath: '/endless',
    rawQueryString: '',
    requestContext: { http: { method: 'GET', path: '/endless' } },
  } as unknown as Incoming;
  const chunks: string[] = [];
  await runStreaming(handler as Parameters<typeof runStreaming>[0], {
    event,
    context: { awsRequestId: 'r', getRemainingTimeInMillis: () => 60_000 },
    sink: { begin: () => {}, write: async (chunk) => void chunks.push(String(chunk)) },
  });
  return { text: chunks.join(''), looked };
}

const holds = () => true;
const isRevoked = () => false;
const cannotTell = () => {
  throw new ParleyError('unavailable', 'The table cannot be read');
};

describe.each([
  ['in which events come', false],
  ['in which nothing comes', true],
])('an open stream %s', (_what, isSilent) => {
  test('ends with the refusal once its credential is refused, and not before', async () => {
    const { text, looked } = await heard(isSilent, [holds, holds, cannotTell, holds, isRevoked]);
    expect(looked).toBe(5);
    expect(text.trim().split('\n\n').at(-1)).toContain(
      'event: error\ndata: {"code":"forbidden","message":"The API key is refused"}',
    );
    expect(text.includes('event: tick')).toBe(!isSilent);
  });
});
