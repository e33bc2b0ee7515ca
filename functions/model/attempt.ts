import type { MessageCreateParamsBase, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { modelConfiguration } from './configuration.ts';
import type { Meter, MeteredRequest } from './meter.ts';
import { openStream } from './open-stream.ts';
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
