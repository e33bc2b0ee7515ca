import { Writable } from 'node:stream';
import { callbackify } from 'node:util';

/** What an answer that is streamed begins with. */
export interface Prelude {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Takes what a function streams. */
export interface StreamSink {
  begin(prelude: Prelude): void;
  /** @returns when there is room for more */
  write(chunk: Buffer): Promise<void>;
}

/** A handler that streams, as `awslambda.streamifyResponse` marks it. */
type StreamingHandler = (event: unknown, out: Writable, context: unknown) => Promise<void>;

const streaming = new WeakSet<object>();
const sinks = new WeakMap<Writable, StreamSink>();

/** Provides the global with which Lambda's runtime lets functions stream. */
export function provideResponseStreams(): void {
  const provided = {
    streamifyResponse: (handler: StreamingHandler) => {
      streaming.add(handler);
      return handler;
    },
    HttpResponseStream: {
      from: (out: Writable, prelude: Prelude) => {
        sinks.get(out)?.begin(prelude);
        return out;
      },
    },
  };
  Object.assign(globalThis, { awslambda: provided });
}

/** Whether a handler streams. */
export function isStreaming(handler: object): handler is StreamingHandler {
  return streaming.has(handler);
}

/** Runs a handler that streams into a sink. */
export async function runStreaming(
  handler: StreamingHandler,
  { event, context, sink }: { event: unknown; context: unknown; sink: StreamSink },
): Promise<void> {
  const out = new Writable({ write: callbackify((chunk: Buffer, _encoding: string) => sink.write(chunk)) });
  sinks.set(out, sink);
  await handler(event, out, context);
  if (!out.writableFinished && !out.destroyed) await new Promise((resolve) => out.once('close', resolve));
}
