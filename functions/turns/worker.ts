import type { KeptTurn } from './start.ts';

/** What the function that makes answers is told. Only functions of the deployment can invoke it. */
export interface AnswerJob extends KeptTurn {
  readonly threadPk: string;
}

/**
 * What became of an invocation: the worker has returned, still works, was never started because too many functions
 * run, or has died.
 */
export type WorkerState = 'returned' | 'working' | 'throttled' | 'died';

/**
 * Has an answer made by the worker function, which goes on when nobody waits any more. It is invoked once: a second
 * attempt by the SDK could be a second answer.
 *
 * @param waitMs how long to wait for its end
 */
export async function invokeWorker(job: AnswerJob, { waitMs }: { waitMs: number }): Promise<WorkerState> {
  // Loaded where a turn starts, and nowhere else.
  const { InvokeCommand, LambdaClient, TooManyRequestsException } = await import('@aws-sdk/client-lambda');
  // A new one each time: a kept connection may have been closed while the function was frozen, and there is no retry.
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } });
  const abortSignal = AbortSignal.timeout(waitMs);
  const FunctionName = process.env.MAKE_ANSWER_FUNCTION;
  try {
    const invocation = new InvokeCommand({ FunctionName, Payload: JSON.stringify(job) });
    const { FunctionError } = await client.send(invocation, { abortSignal });
    return FunctionError ? 'died' : 'returned';
  } catch (error) {
    if (abortSignal.aborted) return 'working';
    if (error instanceof TooManyRequestsException) return 'throttled';
    throw error;
  }
}
