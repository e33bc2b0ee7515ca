import { type JwtConfiguration, jwtVerifier } from '../../functions/http/verify-jwt.ts';
import { AUTHORIZER_BUNDLE, bundleName, TITLE_BUNDLE, WORKER_BUNDLE } from '../bundle-names.ts';
import { bundleFile } from '../bundles.ts';
import {
  AUTHORIZER_TIMEOUT_MS,
  functionTimeoutMs,
  streamTimeoutMs,
  TITLE_TIMEOUT_MS,
  WORKER_TIMEOUT_MS,
} from '../time-limits.ts';
import { type Authorize, authorizers } from './authorizers.ts';
import type { Hosting } from './function-host.ts';
import { freezingRunner, sharedRunner } from './function-pool.ts';
import type { Invoke, InvokeStream } from './gateway.ts';
import type { Invocation } from './invoke-api.ts';

/** The functions of a local instance, running. */
export interface LocalFunctions {
  readonly invoke: Invoke;
  readonly invokeStream: InvokeStream;
  /** Runs a function that others invoke, by its name. */
  readonly invokeNamed: Invocation;
  readonly authorize: Authorize;
  readonly stop: () => void;
}

/** The functions that others invoke, and how long each may take. */
const INVOKED: Readonly<Record<string, number>> = {
  [WORKER_BUNDLE]: WORKER_TIMEOUT_MS,
  [TITLE_BUNDLE]: TITLE_TIMEOUT_MS,
};

/** Starts the processes that run the bundles: one for those that only read and write, frozen ones for those that ask the model or stream. */
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
      const timeoutMs = functionTimeoutMs(endpoint);
      return shared.invoke({ file, event, timeoutMs }) as ReturnType<Invoke>;
    },
    invokeStream: async (name, event, sink) => {
      const file = bundleFile(bundles, name);
      await freezing.invoke({ file, event, timeoutMs: streamTimeoutMs(name) }, sink);
    },
    invokeNamed: (name, event) => {
      const timeoutMs = INVOKED[name];
      if (timeoutMs === undefined) throw new Error(`No function invokes ${name}`);
      return freezing.invoke({ file: bundleFile(bundles, name), event, timeoutMs });
    },
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
