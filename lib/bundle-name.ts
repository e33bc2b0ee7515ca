import type { AnyEndpoint } from '../functions/http/endpoint.ts';

/** The name of an operation's bundle, function and folder under dist/: `ask-create-thread`. */
export function bundleName({ operation }: AnyEndpoint): string {
  return operation.replaceAll('/', '-');
}
