import { randomUUID } from 'node:crypto';
import type { Call, Outcome } from './function-host.ts';

/**
 * A process that runs functions, as Lambda's runtime does: it loads a bundle on first use, hands it an event, and
 * sends back what the handler returned or that it threw. It ends with the process that started it, unless it is frozen.
 */
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const handlers = new Map<string, Promise<Handler>>();

// Ctrl-C and a closed terminal reach the whole group; the gateway ends this when all is answered.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.on('message', (call: Call) => void respond(call));

async function respond({ id, file, event, timeoutMs }: Call): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  const context = {
    awsRequestId: randomUUID(),
    functionName: file,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - Date.now()),
  };
  try {
    const handler = await handlerOf(file);
    process.send?.({ id, result: await handler(event, context) } satisfies Outcome);
  } catch (error) {
    process.send?.({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    } satisfies Outcome);
  }
}

function handlerOf(file: string): Promise<Handler> {
  const loaded = handlers.get(file) ?? import(file).then((bundle: { handler: Handler }) => bundle.handler);
  handlers.set(file, loaded);
  return loaded;
}
