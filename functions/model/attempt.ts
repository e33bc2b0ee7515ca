import type { MessageCreateParamsBase, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { modelConfiguration } from './configuration.ts';
import { forgetModelKey, modelKey } from './key.ts';
import type { Meter, MeteredRequest } from './meter.ts';
import { watchedFetch } from './watched-fetch.ts';

/** How a request is made. */
export interface Asking {
  /** Ends everything: the deadline, or whoever does not want the answer any more. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline. */
  readonly remainingMs: () => number;
  readonly context: Context;
  readonly meter: Meter;
}

/** How one request is made. */
interface Attempting extends Asking {
  readonly metered: MeteredRequest;
}

/**
 * Asks the model once, with streaming. A stream ends well with `message_stop`, and in no other way.
 *
 * @throws what the SDK throws for a refusal, a broken connection or a malformed event
 * @throws ParleyError unavailable when not one byte comes for a while, or the stream ends too early
 * @throws the signal's reason
 */
export async function* attempt(
  request: MessageCreateParamsBase,
  asking: Attempting,
): AsyncGenerator<RawMessageStreamEvent> {
  const { silenceMs } = modelConfiguration();
  const { fetch, silence, stop } = watchedFetch(silenceMs);
  const signal = AbortSignal.any([asking.signal, silence]);
  try {
    let last: string | undefined;
    for await (const event of await openStream(request, { ...asking, signal, fetch })) {
      last = event.type;
      yield event;
    }
    // An aborted stream ends without an error, like one whose connection was closed in order.
    if (last !== 'message_stop') throw new ParleyError('unavailable', 'The model’s answer was cut off');
  } catch (error) {
    asking.signal.throwIfAborted();
    if (silence.aborted)
      throw new ParleyError('unavailable', `Nothing came from the model for ${silenceMs} ms`);
    throw error;
  } finally {
    stop();
  }
}

interface Opening extends Attempting {
  readonly fetch: typeof fetch;
}

/** Opens the stream with the key at hand, and once more with the one in the secret where that is another. */
async function openStream(request: MessageCreateParamsBase, asking: Opening) {
  const key = await modelKey(asking.context);
  try {
    return await openStreamWith(key, request, asking);
  } catch (error) {
    if (!isKeyRefused(error)) throw error;
    forgetModelKey();
    const stored = await modelKey(asking.context);
    if (stored === key) throw error;
    return await openStreamWith(stored, request, asking);
  }
}

async function openStreamWith(
  apiKey: string,
  request: MessageCreateParamsBase,
  { signal, remainingMs, fetch, metered }: Opening,
) {
  // Loading the SDK costs a third of a cold start, so only what asks the model loads it, and only then.
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const client = new Anthropic({ apiKey, logLevel: 'off', openTelemetry: false, fetch });
  const timeout = Math.max(1, Math.floor(remainingMs()));
  metered.sent();
  return client.messages.create({ ...request, stream: true }, { signal, timeout, maxRetries: 0 });
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 401;
}
