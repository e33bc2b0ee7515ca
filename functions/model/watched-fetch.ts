/** A `fetch` whose response is watched. */
export interface WatchedFetch {
  readonly fetch: typeof fetch;
  /** Aborted when not one byte came for too long. */
  readonly silence: AbortSignal;
  /** Ends the watch. */
  readonly stop: () => void;
}

/**
 * Watches over a request: every chunk of its response is a sign of life, whatever is in it. A model that thinks sends
 * nothing but pings, which the SDK keeps to itself, so its events cannot tell.
 *
 * @param silenceMs how long nothing may come, from the request on
 */
export function watchedFetch(silenceMs: number): WatchedFetch {
  const silence = new AbortController();
  let watchdog: NodeJS.Timeout | undefined;
  const hear = () => {
    watchdog ??= setTimeout(() => silence.abort(), silenceMs);
    watchdog.refresh();
  };
  return {
    fetch: async (input, init) => {
      hear();
      const response = await fetch(input, init);
      hear();
      const listening = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          hear();
          controller.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(listening) ?? null, response);
    },
    silence: silence.signal,
    stop: () => clearTimeout(watchdog),
  };
}
