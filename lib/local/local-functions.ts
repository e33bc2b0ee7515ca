import { type JwtConfiguration, jwtVerifier } from '../../functions/http/verify-jwt.ts';
import { bundleName } from '../bundle-name.ts';
import { AUTHORIZER_BUNDLE, bundleFile, WORKER_BUNDLE } from '../bundles.ts';
import { AUTHORIZER_TIMEOUT_MS, functionTimeoutMs, WORKER_TIMEOUT_MS } from '../time-limits.ts';
import { type Authorize, authorizers } from './authorizers.ts';
import type { Hosting } from './function-host.ts';
import { freezingRunner, sharedRunner } from './function-pool.ts';
import type { Invoke } from './gateway.ts';

/** The functions of a local instance, running. */
export interface LocalFunctions {
  readonly invoke: Invoke;
  /** Runs the function that makes answers. */
  readonly invokeWorker: (job: unknown) => Promise<unknown>;
  readonly authorize: Authorize;
  readonly stop: () => void;
}

/** Starts the processes that run the bundles: one for those that only read and write, frozen ones for the worker. */
export function startLocalFunctions({
  bundles,
  jwt,
  ...hosting
}: Hosting & { bundles: string; jwt: JwtConfiguration }): LocalFunctions {
  const shared = sharedRunner(hosting);
  const freezing = freezingRunner(hosting);
  const authorizer = bundleFile(bundles, AUTHORIZER_BUNDLE);
  return {
    // What a bundle returns is what the gateway's integration expects; the types stop at the process.
    invoke: (endpoint, event) => {
      const file = bundleFile(bundles, bundleName(endpoint));
      return shared.invoke(file, event, functionTimeoutMs(endpoint)) as ReturnType<Invoke>;
    },
    invokeWorker: (job) => freezing.invoke(bundleFile(bundles, WORKER_BUNDLE), job, WORKER_TIMEOUT_MS),
    authorize: authorizers({
      verifyJwt: jwtVerifier(jwt),
      authorizeApiKey: (event) =>
        shared.invoke(authorizer, event, AUTHORIZER_TIMEOUT_MS) as Promise<{ isAuthorized: boolean }>,
    }),
    stop: () => {
      shared.stop();
      freezing.stop();
    },
  };
}
