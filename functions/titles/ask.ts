import type { Context } from '../domain/context.ts';
import type { Reservation } from '../store/token-budgets.ts';

/** What the function that writes titles is told. Only functions of the deployment can invoke it. */
export interface TitleJob {
  readonly threadPk: string;
  /** What the title's tokens are taken from, where they are limited. */
  readonly budget: Omit<Reservation, 'tokens'> | null;
}

/** The answer does not wait for it, so it may take no longer than what is stored meanwhile. */
const WITHIN_MS = 1_000;

/**
 * Has a thread given a better title than its first words, by a function that nobody waits for: Lambda queues the
 * event, and runs it twice at most. Where it cannot be asked the first words stay; it never fails.
 */
export async function askForTitle(job: TitleJob, context: Context): Promise<void> {
  const FunctionName = process.env.WRITE_TITLE_FUNCTION;
  try {
    // Loaded where a first answer ends, and nowhere else.
    const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    const client = new LambdaClient({ maxAttempts: 1 }); // a new one, as for the worker: there is no retry
    const invocation = new InvokeCommand({
      FunctionName,
      InvocationType: 'Event',
      Payload: JSON.stringify(job),
    });
    await client.send(invocation, { abortSignal: AbortSignal.timeout(WITHIN_MS) });
  } catch {
    context.measure({ titleFailures: 1 });
  }
}
