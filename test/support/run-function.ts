import { randomUUID } from 'node:crypto';
import { STREAM_BUNDLES, TITLE_BUNDLE, WORKER_BUNDLE } from '../../lib/bundle-names.ts';
import { freezingRunner, sharedRunner } from '../../lib/local/function-pool.ts';
import {
  isStreaming,
  provideResponseStreams,
  runStreaming,
  type StreamSink,
} from '../../lib/local/response-stream.ts';
import { WORKER_TIMEOUT_MS } from '../../lib/time-limits.ts';

/** A function as a caller sees it. */
export type Handler = (event: unknown, sink?: StreamSink) => Promise<unknown>;

/** Runs functions with an environment. */
export type RunFunction = (environment: NodeJS.ProcessEnv) => {
  handler(name: string, file: string): Handler;
  /** The lines that functions have logged; empty where they run in other processes. */
  readonly logged: readonly string[];
  stop(): void;
};

/** The functions that run in processes taken in turn. */
const FROZEN: readonly string[] = [WORKER_BUNDLE, TITLE_BUNDLE, ...STREAM_BUNDLES];
const TIME_LEFT_MS = 28_000;

/** Functions within the test's process: fast, and they share its environment. */
export const inThisProcess: RunFunction = withTimeLeft(() => TIME_LEFT_MS);

/** The same, with as much time for each invocation as is said when it begins. */
export function withTimeLeft(timeLeftMs: () => number): RunFunction {
  return (environment) => runHere(environment, timeLeftMs);
}

function runHere(environment: NodeJS.ProcessEnv, timeLeftMs: () => number): ReturnType<RunFunction> {
  Object.assign(process.env, environment);
  provideResponseStreams();
  const logged: string[] = [];
  const stdout = process.stdout;
  const write = stdout.write.bind(stdout);
  // The runtime takes what a function writes to standard output; here the tests do.
  process.stdout.write = (text) => logged.push(String(text)) > 0;
  return {
    handler: (_name, file) => async (event, sink) => {
      const { handler } = (await import(file)) as {
        handler: (event: unknown, context: unknown) => Promise<unknown>;
      };
      const endsAt = Date.now() + timeLeftMs();
      const getRemainingTimeInMillis = () => Math.max(0, endsAt - Date.now());
      const context = { awsRequestId: randomUUID(), getRemainingTimeInMillis };
      return sink && isStreaming(handler)
        ? runStreaming(handler, { event, context, sink })
        : handler(event, context);
    },
    logged,
    stop: () => {
      process.stdout.write = write;
    },
  };
}

/** The access key with which a function's process signs: its name. An access key has only letters and digits. */
export function accessKeyOf(name: string): string {
  return name.replaceAll('-', '');
}

/** Each function in a process of its own, which signs its calls of the database with the function's name. */
export const inOwnProcesses: RunFunction = (environment) => {
  const runners = new Map<string, ReturnType<typeof sharedRunner>>();
  return {
    handler: (name, file) => {
      const runner =
        runners.get(name) ??
        sharedRunner({
          environment: { ...process.env, ...environment, AWS_ACCESS_KEY_ID: accessKeyOf(name) },
          marker: 'parley-test',
          onStart: () => {},
          log: 'ignore',
        });
      runners.set(name, runner);
      return (event, sink) => runner.invoke({ file, event, timeoutMs: TIME_LEFT_MS }, sink);
    },
    logged: [],
    stop: () => {
      for (const runner of runners.values()) runner.stop();
    },
  };
};

/**
 * The worker, and what streams, in processes of their own, taken in turn and frozen in between; everything else within
 * the test's process.
 *
 * @param started takes the pids of the worker's processes
 * @param timeoutMs how long the worker may take
 */
export function workerInProcesses(started: number[], timeoutMs = WORKER_TIMEOUT_MS): RunFunction {
  return (environment) => {
    const here = inThisProcess(environment);
    const workers = freezingRunner({
      environment: { ...process.env, ...environment },
      marker: 'parley-test',
      onStart: (pid) => started.push(pid),
      log: 'ignore',
    });
    return {
      handler: (name, file) =>
        FROZEN.includes(name)
          ? (event, sink) => workers.invoke({ file, event, timeoutMs }, sink)
          : here.handler(name, file),
      logged: here.logged,
      stop: () => {
        workers.stop();
        here.stop();
      },
    };
  };
}
