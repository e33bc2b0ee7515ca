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
const responses = new WeakMap<Writable, Response>();

/** An answer that is being streamed. */
interface Response {
  readonly out: Writable;
  /** Sets what the first write sends ahead of itself. */
  readonly setPrelude: (prelude: Prelude) => void;
}

/**
 * Provides the global with which Lambda's runtime lets functions stream.
 *
 * It follows AWS's runtime (aws-lambda-ric 4.0.2, createResponseStream and HttpResponseStream in index.mjs): status and
 * headers wait for the first `write()`, an empty one too, and `end(body)` is no write, so they are never sent without
 * one (aws/aws-lambda-nodejs-runtime-interface-client, issue 97). A prelude after the first write is an error. It cannot
 * imitate how AWS collects small chunks into bigger ones on their way, nor its pace and its limit of 200 MB.
 */
export function provideResponseStreams(): void {
  const provided = {
    streamifyResponse: (handler: StreamingHandler) => {
      streaming.add(handler);
      return handler;
    },
    HttpResponseStream: {
      from: (out: Writable, prelude: Prelude) => {
        responses.get(out)?.setPrelude(prelude);
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

/** Runs a handler that streams into a sink, which an answer without a status never begins. */
export async function runStreaming(
  handler: StreamingHandler,
  { event, context, sink }: { event: unknown; context: unknown; sink: StreamSink },
): Promise<void> {
  const response = responseInto(sink);
  const { out } = response;
  responses.set(out, response);
  await handler(event, out, context);
  if (!out.writableFinished && !out.destroyed) await new Promise((resolve) => out.once('close', resolve));
}

function responseInto(sink: StreamSink): Response {
  let prelude: Prelude | null = null;
  let hasWritten = false;
  let isBegun = false;
  const take = async (chunk: Buffer) => {
    if (isBegun) await sink.write(chunk); // AWS would read it as a prelude, and find none
  };
  const out = new Writable({ write: callbackify((chunk: Buffer, _encoding: string) => take(chunk)) });
  const write = out.write.bind(out) as (...parts: unknown[]) => boolean; // its overloads are one function
  out.write = (...parts: unknown[]) => {
    if (!hasWritten && prelude) {
      sink.begin(prelude);
      isBegun = true;
    }
    hasWritten = true;
    return write(...parts);
  };
  const setPrelude = (given: Prelude) => {
    if (hasWritten) throw new Error('Cannot set content-type, too late.');
    prelude = given;
  };
  return { out, setPrelude };
}
