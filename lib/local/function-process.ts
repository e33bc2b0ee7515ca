import { randomUUID } from 'node:crypto';
import type { Call, Outcome, Piece, Taken } from './function-host.ts';
import { isStreaming, provideResponseStreams, runStreaming, type StreamSink } from './response-stream.ts';

/**
 * A process that runs functions, as Lambda's runtime does: it loads a bundle on first use, hands it an event, and
 * sends back what the handler returned or that it threw. It ends with the process that started it, unless it is frozen.
 */
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const handlers = new Map<string, Promise<Handler>>();
/** Who waits, by invocation, for what it has streamed to be taken. */
const takers = new Map<number, () => void>();

// Ctrl-C and a closed terminal reach the whole group; the gateway ends this when all is answered.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: Call | Taken) => {
  if ('taken' in message) takers.get(message.id)?.();
  else void respond(message);
});
provideResponseStreams();

async function respond({ id, file, event, timeoutMs }: Call): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  const context = {
    awsRequestId: randomUUID(),
    functionName: file,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()),
  };
  try {
    const handler = await handlerOf(file);
    const result = isStreaming(handler)
      ? await runStreaming(handler, { event, context, sink: sinkOf(id) })
      : await handler(event, context);
    process.send?.({ id, result } satisfies Outcome);
  } catch (error) {
    process.send?.({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    } satisfies Outcome);
  }
}

/** Hands pieces over one by one, each when the one before was taken. */
function sinkOf(id: number): StreamSink {
  const hand = (piece: Omit<Piece, 'id'>) => process.send?.({ id, ...piece } satisfies Piece);
  return {
    begin: (prelude) => hand({ prelude }),
    write: (chunk) =>
      new Promise((resolve) => {
        takers.set(id, resolve);
        hand({ chunk: chunk.toString('base64') });
      }),
  };
}

function handlerOf(file: string): Promise<Handler> {
  const loaded = handlers.get(file) ?? import(file).then((bundle: { handler: Handler }) => bundle.handler);
  handlers.set(file, loaded);
  return loaded;
}
