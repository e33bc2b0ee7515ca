import { type Table, table } from './client.ts';

/** A command of the document client, as far as the type of its output goes. */
export interface Command<Output> {
  readonly input: object;
  resolveMiddleware(...stack: never[]): (input: never) => Promise<{ output: Output }>;
}

/**
 * Has the database do a command, once: whoever calls this does without the retries of `send`.
 *
 * @throws AbortError when there is no answer by then: it may be done all the same
 */
export function sendOnce<Output>(
  command: Command<Output>,
  { to: { client } = table(), withinMs }: { to?: Table | undefined; withinMs: number },
): Promise<Output> {
  // The client takes every command of its package; its types cannot say so of one whose output alone is known.
  return client.send(command as never, { abortSignal: AbortSignal.timeout(withinMs) }) as Promise<Output>;
}
