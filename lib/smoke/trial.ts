import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import { deletePartition } from '../../functions/store/delete-partition.ts';
import { deleteThread } from '../../functions/threads/delete-thread.ts';
import { type Answer, type Call, idIn, send } from './call.ts';
import type { StreamedEvent } from './read-stream.ts';
import { openStream, refusedStream, type StreamCall } from './stream-call.ts';
import type { Target } from './target.ts';

/** What the steps of a smoke test do: call, look at what came, and say what to remove. */
export interface Trial {
  readonly target: Target;
  /** Takes a line of the report. */
  readonly say: (line: string) => void;
  /** A call that is part of a step. @throws Error that says what came instead of the expected status */
  readonly send: (call: Call) => Promise<Answer>;
  /** Opens a stream, as a part of a step. @throws Error that says what came instead of one */
  readonly openStream: (call: StreamCall) => Promise<AsyncGenerator<StreamedEvent>>;
  /** Sees, as a part of a step, that a stream is refused. @throws Error that says what came instead of the status */
  readonly refusedStream: (call: StreamCall, status: number) => Promise<void>;
  /** One call, which passes when its status is the expected one. @throws StepFailed */
  readonly call: (name: string, call: Call) => Promise<Answer>;
  /** A call that makes something. @returns its id @throws StepFailed */
  readonly make: (name: string, call: Call) => Promise<string>;
  /** A step of any kind, which passes unless it throws. @throws StepFailed */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Has a partition of the table removed in the end. */
  readonly forget: (pk: string) => void;
  /** Has a thread removed in the end. */
  readonly forgetThread: (thread: ThreadRef) => void;
  /** Has something else done in the end. */
  readonly undo: (work: () => Promise<void>) => void;
  /** The operations that were called so far. */
  readonly called: ReadonlySet<string>;
}

/** The step has been reported; the steps that need it are not run. */
export class StepFailed extends Error {}

interface Trying {
  readonly say: Trial['say'];
  /** Ends the step that is under way, which fails. */
  readonly signal: AbortSignal;
  /** Collects what is to be removed. */
  readonly made: AsyncDisposableStack;
}

export function newTrial(target: Target, { say, signal, made }: Trying): Trial {
  const step: Trial['step'] = async (name, work) => {
    const startedAtMs = Date.now();
    try {
      const result = await work();
      say(`pass  ${name} (${Date.now() - startedAtMs} ms)`);
      return result;
    } catch (cause) {
      say(`FAIL  ${name}: ${reasonOf(cause)}`);
      throw new StepFailed(name, { cause });
    }
  };
  const called = new Set<string>();
  const sent = (call: Call) => {
    called.add(call.operation);
    return send(target, call, signal);
  };
  return {
    target,
    say,
    step,
    called,
    send: sent,
    openStream: (call) => {
      called.add(call.operation);
      return openStream(target, call, signal);
    },
    refusedStream: (call, status) => refusedStream(target, { call, status, interrupted: signal }),
    call: (name, call) => step(name, () => sent(call)),
    make: (name, call) => step(name, async () => idIn(await sent(call))),
    forget: (pk) => made.defer(() => deletePartition(pk, target.table)),
    forgetThread: (thread) => made.defer(() => deleteThread(thread, target.table)),
    undo: (work) => made.defer(work),
  };
}

/** `fetch failed` says nothing; its cause does. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
