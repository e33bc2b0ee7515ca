import { type FunctionHost, type Hosting, startFunctionHost } from './function-host.ts';
import type { StreamSink } from './response-stream.ts';

/** A function's bundle, what it is invoked with, and how long it may take. */
type FunctionCall = Parameters<FunctionHost['invoke']>[0];

/** Runs functions with a time limit. */
export interface FunctionRunner {
  /** @param sink takes what a function streams */
  invoke(call: FunctionCall, sink?: StreamSink): Promise<unknown>;
  readonly stop: () => void;
}

/** One process for functions that keep nothing between invocations and answer in milliseconds. */
export function sharedRunner(hosting: Hosting): FunctionRunner {
  let host = startHost(hosting);
  return {
    invoke: (call, sink) => {
      if (host.hasEnded()) host = startHost(hosting);
      return inTime(host.invoke(call, sink), call.timeoutMs);
    },
    stop: () => host.kill(),
  };
}

const LEAST_PROCESSES = 2;
const MOST_FROZEN = 8;

/**
 * Processes of one invocation at a time, taken in turn, and stopped (SIGSTOP) in between, as Lambda freezes an
 * environment: what works only within one process, or only after the answer, fails here too. A function that runs out
 * of time takes its process with it.
 */
export function freezingRunner(hosting: Hosting): FunctionRunner {
  const all = new Set<FunctionHost>();
  const frozen: FunctionHost[] = [];
  for (let count = 0; count < LEAST_PROCESSES; count += 1) freeze(start());

  function start(): FunctionHost {
    const host = startHost(hosting);
    all.add(host);
    return host;
  }

  function freeze(host: FunctionHost): void {
    process.kill(host.pid, 'SIGSTOP');
    frozen.push(host);
  }

  function end(host: FunctionHost): void {
    all.delete(host);
    host.kill();
  }

  function take(): FunctionHost {
    const host = frozen.shift();
    if (!host) return start();
    if (host.hasEnded()) return take();
    process.kill(host.pid, 'SIGCONT');
    return host;
  }

  return {
    invoke: async (call, sink) => {
      const host = take();
      let isOutOfTime = false;
      try {
        return await inTime(host.invoke(call, sink), call.timeoutMs);
      } catch (error) {
        isOutOfTime = error instanceof OutOfTime;
        throw error;
      } finally {
        if (isOutOfTime || host.hasEnded() || frozen.length >= MOST_FROZEN) end(host);
        else freeze(host);
      }
    },
    stop: () => {
      for (const host of all) host.kill();
    },
  };
}

function startHost({ onStart, ...hosting }: Hosting): FunctionHost {
  const host = startFunctionHost(hosting);
  onStart(host.pid);
  return host;
}

class OutOfTime extends Error {}

async function inTime<T>(result: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new OutOfTime(`The function took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([result, limit]);
  } finally {
    clearTimeout(timer);
  }
}
