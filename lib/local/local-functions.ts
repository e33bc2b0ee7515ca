import { type JwtConfiguration, jwtVerifier } from '../../functions/http/verify-jwt.ts';
import { AUTHORIZER_BUNDLE, bundleName, WORKER_BUNDLE } from '../bundle-names.ts';
import { bundleFile } from '../bundles.ts';
import {
  AUTHORIZER_TIMEOUT_MS,
  functionTimeoutMs,
  streamTimeoutMs,
  WORKER_TIMEOUT_MS,
} from '../time-limits.ts';
import { type Authorize, authorizers } from './authorizers.ts';
import type { Hosting } from './function-host.ts';
import { freezingRunner, sharedRunner } from './function-pool.ts';
import type { Invoke, InvokeStream } from './gateway.ts';

/** The functions of a local instance, running. */
export interface LocalFunctions {
  readonly invoke: Invoke;
  readonly invokeStream: InvokeStream;
  /** Runs the function that makes answers. */
  readonly invokeWorker: (job: unknown) => Promise<unknown>;
  readonly authorize: Authorize;
  readonly stop: () => void;
}

/** Starts the processes that run the bundles: one for those that only read and write, frozen ones for the worker and those that stream. */
export function startLocalFunctions({
  bundles,
  jwt,
  ...hosting
}: Hosting & { bundles: string; jwt: JwtConfiguration }): LocalFunctions {
  const shared = sharedRunner(hosting);
  const freezing = freezingRunner(hosting);
  const [authorizer, worker] = [AUTHORIZER_BUNDLE, WORKER_BUNDLE].map((name) =>
    bundleFile(bundles, name),
  ) as [string, string];
  return {
    // What a bundle returns is what the gateway's integration expects; the types stop at the process.
    invoke: (endpoint, event) => {
      const file = bundleFile(bundles, bundleName(endpoint));
      const timeoutMs = functionTimeoutMs(endpoint);
      return shared.invoke({ file, event, timeoutMs }) as ReturnType<Invoke>;
    },
    invokeStream: async (name, event, sink) => {
      const file = bundleFile(bundles, name);
      await freezing.invoke({ file, event, timeoutMs: streamTimeoutMs(name) }, sink);
    },
    invokeWorker: (job) => freezing.invoke({ file: worker, event: job, timeoutMs: WORKER_TIMEOUT_MS }),
    authorize: authorizers({
      verifyJwt: jwtVerifier(jwt),
      authorizeApiKey: (event) =>
        shared.invoke({ file: authorizer, event, timeoutMs: AUTHORIZER_TIMEOUT_MS }) as Promise<{
          isAuthorized: boolean;
        }>,
    }),
    stop: () => {
      shared.stop();
      freezing.stop();
    },
  };
}
