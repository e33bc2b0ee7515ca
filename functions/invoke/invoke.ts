/**
 * What became of an invocation: the function has returned, still works, was never started because too many functions
 * run, or has died.
 */
export type Invoked = 'returned' | 'working' | 'throttled' | 'died';

interface Invocation {
  /** Its name, which the deployment gives to the functions that invoke it. */
  readonly functionName: string | undefined;
  /** Goes as JSON. */
  readonly payload: object;
}

/**
 * Runs a function and waits for its end, which it comes to when nobody waits any more, too.
 *
 * @param waitMs how long to wait
 * @throws what Lambda said, when the function could not be started for another reason
 */
export async function invoke(invocation: Invocation, { waitMs }: { waitMs: number }): Promise<Invoked> {
  const lambda = await loadClient();
  const abortSignal = AbortSignal.timeout(waitMs);
  try {
    const { FunctionError } = await send(lambda, { ...invocation, type: 'RequestResponse', abortSignal });
    return FunctionError ? 'died' : 'returned';
  } catch (error) {
    if (abortSignal.aborted) return 'working';
    if (error instanceof Error && error.name === 'TooManyRequestsException') return 'throttled';
    throw error;
  }
}

/**
 * Puts an event into a function's queue, from which Lambda runs it later; nobody waits for that.
 *
 * @param withinMs how long it may take to be queued
 * @throws what Lambda said, or the time-out: it may be queued all the same
 */
export async function queueEvent(invocation: Invocation, { withinMs }: { withinMs: number }): Promise<void> {
  const lambda = await loadClient();
  await send(lambda, { ...invocation, type: 'Event', abortSignal: AbortSignal.timeout(withinMs) });
}

/** Lambda's client, which only functions load that invoke something: that is not part of what they wait. */
function loadClient() {
  return import('@aws-sdk/client-lambda');
}

interface Sent extends Invocation {
  readonly type: 'RequestResponse' | 'Event';
  readonly abortSignal: AbortSignal;
}

async function send(
  { InvokeCommand, LambdaClient }: Awaited<ReturnType<typeof loadClient>>,
  { functionName: FunctionName, payload, type: InvocationType, abortSignal }: Sent,
) {
  // One attempt: a second could run the function twice. A new client each time: a kept connection may have been closed
  // while the function was frozen.
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } });
  const Payload = JSON.stringify(payload);
  return client.send(new InvokeCommand({ FunctionName, InvocationType, Payload }), { abortSignal });
}
