import type { AnyOperation } from '../functions/http/endpoint.ts';
import type { StreamFunction } from '../functions/http/stream-endpoint.ts';

/** The name of an operation's bundle, function and folder under dist/: `ask-create-thread`. */
export function bundleName({ operation }: Pick<AnyOperation, 'operation'>): string {
  return operation.replaceAll('/', '-');
}

/** The name under which an operation's file exports it: `createThread`. */
export function exportName({ operation }: Pick<AnyOperation, 'operation'>): string {
  const file = operation.slice(operation.indexOf('/') + 1);
  return file.replaceAll(/-(.)/gu, (_, letter: string) => letter.toUpperCase());
}

/** The bundles of functions that are no operations: the Lambda authorizer, the user pool's trigger. */
export const AUTHORIZER_BUNDLE = 'authorize-api-key';
export const CLAIMS_BUNDLE = 'add-claims';
/** The function that makes answers. */
export const WORKER_BUNDLE = 'make-answer';
/** The function that writes titles. */
export const TITLE_BUNDLE = 'write-title';
/** The functions that stream. One of them makes answers, too. */
export const STREAM_BUNDLES: readonly StreamFunction[] = ['turn-stream', 'follow'];
