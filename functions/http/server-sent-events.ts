/** One event as it goes over the wire: each part where it is given. `data` is sent as JSON, unless it is a text. */
export interface Frame {
  readonly event?: string;
  readonly id?: string;
  readonly data?: unknown;
}

/** Connections in which nothing moves are closed by proxies; browsers' and ours wait longer than this. */
const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE = ':\n\n';
/** How long a browser's EventSource waits before it comes back. Sent at once, so that the headers are, too. */
const RETRY = 'retry: 1000\n\n';

/**
 * Frames as text/event-stream (WHATWG HTML, "Server-sent events"), with a comment whenever nothing else was sent for
 * 15 seconds. Every text is whole frames, so it can be encoded by itself.
 */
export async function* serverSentEvents(frames: AsyncIterable<Frame>): AsyncGenerator<string> {
  const iterator = frames[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    yield RETRY;
    for (;;) {
      const result = await within(KEEP_ALIVE_MS, next);
      if (result === null) yield KEEP_ALIVE;
      else if (result.done) return;
      else {
        yield toText(result.value);
        next = iterator.next();
      }
    }
  } finally {
    void iterator.return?.(); // it may wait for something: whoever left is not kept by that
  }
}

/** JSON has no line breaks of the standard's, so every field is one line. */
function toText({ event, id, data }: Frame): string {
  const fields = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(data === undefined ? [] : [`data: ${typeof data === 'string' ? data : oneLine(data)}`]),
  ];
  return `${fields.join('\n')}\n\n`;
}

/** What JSON leaves as it is, and some readers end lines at, as Python's `str.splitlines` does. */
const LINE_ENDS = /[\u0085\u2028\u2029]/gu;

/** A value as JSON without any character that ends a line for anybody. */
function oneLine(data: unknown): string {
  return JSON.stringify(data).replaceAll(
    LINE_ENDS,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
