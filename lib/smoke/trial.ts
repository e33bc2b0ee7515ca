import { deletePartition } from '../../functions/store/delete-partition.ts';
import { type Answer, type Call, idIn, send } from './call.ts';
import type { Target } from './target.ts';

/** What the steps of a smoke test do: call, look at what came, and say what to remove. */
export interface Trial {
  readonly target: Target;
  /** One call, which passes when its status is the expected one. @throws StepFailed */
  readonly call: (name: string, call: Call) => Promise<Answer>;
  /** A call that makes something. @returns its id @throws StepFailed */
  readonly make: (name: string, call: Call) => Promise<string>;
  /** A step of any kind, which passes unless it throws. @throws StepFailed */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Has a partition of the table removed in the end. */
  readonly forget: (pk: string) => void;
  /** Has something else done in the end. */
  readonly undo: (work: () => Promise<void>) => void;
}

/** The step has been reported; the steps that need it are not run. */
export class StepFailed extends Error {}

/**
 * @param say takes the line that each step leaves
 * @param made collects what is to be removed
 */
export function newTrial(target: Target, say: (line: string) => void, made: AsyncDisposableStack): Trial {
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
  return {
    target,
    step,
    call: (name, call) => step(name, () => send(target, call)),
    make: (name, call) => step(name, async () => idIn(await send(target, call))),
    forget: (pk) => made.defer(() => deletePartition(pk, target.table)),
    undo: (work) => made.defer(work),
  };
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
