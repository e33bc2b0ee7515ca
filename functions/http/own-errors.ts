import { ParleyError, toParleyError } from '../domain/errors.ts';
import { logRequest } from './log.ts';

/**
 * A function that throws nothing but errors of ours, with a code and without a cause: Lambda's runtime logs what is thrown
 * whole, and an error of the SDK's may carry what was stored or said. What is none of ours is logged here, as a
 * request's failure is; the function has logged its own.
 *
 * @param name what the log calls the function
 */
export function throwingOwnErrors<Parameters extends readonly unknown[], Result>(
  name: string,
  run: (...parameters: Parameters) => Promise<Result>,
): (...parameters: Parameters) => Promise<Result> {
  return async (...parameters) => {
    const startedAtMs = Date.now();
    try {
      return await run(...parameters);
    } catch (cause) {
      const error = toParleyError(cause);
      if (!(cause instanceof ParleyError)) {
        const requestId = requestIdIn(parameters);
        logRequest({
          operation: name,
          requestId,
          status: 500,
          startedAtMs,
          measures: {},
          principal: null,
          error,
        });
      }
      throw new ParleyError(error.code, error.message);
    }
  };
}

/** Lambda's context is the last parameter. */
function requestIdIn(parameters: readonly unknown[]): string {
  return (parameters.at(-1) as { awsRequestId?: string } | undefined)?.awsRequestId ?? 'unknown';
}
