import type { AnyOperation } from './endpoint.ts';

/** An operation that a request matches, with the path's parameters. */
export interface Match<O> {
  readonly operation: O;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds operations as HTTP APIs find routes: a literal segment wins over a parameter.
 *
 * @throws URIError when the path is not well encoded
 */
export function router<O extends Pick<AnyOperation, 'method' | 'path'>>(
  operations: readonly O[],
): (method: string, path: string) => Match<O> | null {
  const routes = operations
    .map((operation) => ({ operation, segments: operation.path.split('/') }))
    .toSorted((a, b) => parametersIn(a.segments) - parametersIn(b.segments));
  return (method, path) => {
    const segments = path.split('/');
    const route = routes.find((each) => each.operation.method === method && fits(each.segments, segments));
    if (!route) return null;
    const parameters = route.segments.flatMap((name, index) =>
      name.startsWith('{') ? [[name.slice(1, -1), decodeURIComponent(segments[index] ?? '')] as const] : [],
    );
    return { operation: route.operation, pathParameters: Object.fromEntries(parameters) };
  };
}

function parametersIn(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  const matches = (part: string, index: number) =>
    part === segments[index] || (part.startsWith('{') && segments[index] !== '');
  return pattern.length === segments.length && pattern.every(matches);
}
