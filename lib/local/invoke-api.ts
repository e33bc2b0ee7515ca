import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readText } from './read-text.ts';

/** Runs a function. @throws what the function throws, or Throttled */
export type Invocation = (name: string, payload: unknown) => Promise<unknown>;

interface Invocations {
  readonly invoke: Invocation;
  /** Takes an event that a function is to be invoked with later; nobody waits for it. */
  readonly queue: (name: string, payload: unknown) => Promise<void>;
}

/** Refuses an invocation, as Lambda does when too many functions run. */
export class Throttled extends Error {}

const PATH = /^\/2015-03-31\/functions\/(?<name>[^/]+)\/invocations$/u;

/**
 * Lambda's Invoke API on this machine, for functions that invoke others, and wait for them or not. A caller that no
 * longer waits changes nothing: what was invoked goes on.
 */
export function createInvokeApi({ invoke, queue }: Invocations): Server {
  return createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const name = incoming.url?.match(PATH)?.groups?.name;
    const payload: unknown = JSON.parse((await readText(incoming)) || 'null');
    if (name === undefined) return refuse(outgoing, 404, 'ResourceNotFoundException');
    try {
      if (incoming.headers['x-amz-invocation-type'] === 'Event') {
        await queue(decodeURIComponent(name), payload);
        outgoing.writeHead(202).end();
        return;
      }
      const result = await invoke(decodeURIComponent(name), payload);
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
    } catch (error) {
      if (error instanceof Throttled) return refuse(outgoing, 429, 'TooManyRequestsException');
      outgoing.writeHead(200, { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' });
      outgoing.end(JSON.stringify({ errorMessage: error instanceof Error ? error.message : String(error) }));
    }
  }
}

function refuse(outgoing: ServerResponse, status: number, type: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  outgoing.end(JSON.stringify({ Message: type, Type: 'User' }));
}
