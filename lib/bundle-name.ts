import type { AnyEndpoint } from '../functions/http/endpoint.ts';

/** The name of an operation's bundle, function and folder under dist/: `ask-create-thread`. */
export function bundleName({ operation }: AnyEndpoint): string {
  return operation.replaceAll('/', '-');
}

/** The name under which an operation's file exports it: `createThread`. */
export function exportName({ operation }: AnyEndpoint): string {
  const file = operation.slice(operation.indexOf('/') + 1);
  return file.replaceAll(/-(.)/gu, (_, letter: string) => letter.toUpperCase());
}
