import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Prelude, StreamSink } from './response-stream.ts';

/** What every function process gets, and who is told of it. */
export interface Hosting {
  readonly environment: NodeJS.ProcessEnv;
  /** A word on the command line of every process. */
  readonly marker: string;
  readonly onStart: (pid: number) => void;
  /** Where what functions log goes. */
  readonly log?: 'inherit' | 'ignore';
}

/** One invocation, sent to a function process. */
export interface Call {
  readonly id: number;
  /** The bundle's file. */
  readonly file: string;
  readonly event: unknown;
  readonly timeoutMs: number;
}

/** A piece of what an invocation streams: how its answer begins, or bytes in base64. */
export interface Piece {
  readonly id: number;
  readonly prelude?: Prelude;
  readonly chunk?: string;
}

/** Says that the last piece was taken: there is room for another. */
export interface Taken {
  readonly id: number;
  readonly taken: true;
}

/** What became of it: what the handler returned, or the text of what it threw. */
export interface Outcome {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A function process and the invocations that it has under way. */
export interface FunctionHost {
  readonly pid: number;
  readonly hasEnded: () => boolean;
  /** @param sink takes what a function streams */
  invoke(call: Omit<Call, 'id'>, sink?: StreamSink): Promise<unknown>;
  kill(): void;
}

const PROCESS = fileURLToPath(new URL('function-process.ts', import.meta.url));

/** Starts a process for functions, in the environment that Lambda would give them. */
export function startFunctionHost({
  environment,
  marker,
  log = 'inherit',
}: Omit<Hosting, 'onStart'>): FunctionHost {
  const child = fork(PROCESS, [marker], { env: environment, stdio: ['ignore', log, 'inherit', 'ipc'] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  child.on('message', (message: Outcome | Piece) => {
    const caller = waiting.get(message.id);
    if ('prelude' in message || 'chunk' in message) {
      void take(message, caller?.sink).finally(() =>
        child.send({ id: message.id, taken: true } satisfies Taken),
      );
      return;
    }
    const { id, result, error }: Outcome = message;
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result);
    else caller?.reject(new Error(error));
  });
  const { pid } = child;
  const rejectAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on('error', rejectAll);
  child.once('exit', () => rejectAll(new Error('The function process ended')));
  // Without this a signal to its pid would go to pid 0: to this process and its whole group.
  if (pid === undefined) throw new Error('The function process could not be started');
  return {
    pid,
    hasEnded: () => hasEnded(child),
    invoke: ({ file, event, timeoutMs }, sink) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject, sink });
        child.send({ id: lastId, file, event, timeoutMs } satisfies Call);
      }),
    kill: () => void child.kill('SIGKILL'), // the one signal that also ends a stopped process
  };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly sink: StreamSink | undefined;
}

async function take({ prelude, chunk }: Piece, sink: StreamSink | undefined): Promise<void> {
  if (prelude) sink?.begin(prelude);
  if (chunk !== undefined) await sink?.write(Buffer.from(chunk, 'base64'));
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
