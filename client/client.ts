import type { Operations } from './operations.ts';

export type { Operations } from './operations.ts';

/** An operation by method and path: `POST /v1/ask/threads`. */
export type OperationName = keyof Operations;

/** What an operation takes. */
export type Input<Name extends OperationName> = Operations[Name]['input'];

/** What came: on success what the operation answers, otherwise its API's error. */
export type Answer<Name extends OperationName> =
  | (Came & { readonly ok: true; readonly body: Operations[Name]['output'] })
  | (Came & { readonly ok: false; readonly body: Operations[Name]['error'] });

interface Came {
  readonly status: number;
  readonly headers: Headers;
}

/** Calls an operation. An input of which nothing is required may be left out. */
export type Client = <Name extends OperationName>(
  name: Name,
  ...input: object extends Input<Name> ? [input?: Input<Name> & Signal] : [input: Input<Name> & Signal]
) => Promise<Answer<Name>>;

interface Signal {
  /** Ends the call. */
  readonly signal?: AbortSignal;
}

/** An input as it is looked at here. */
interface AnyInput extends Signal {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * A client of the API at this URL.
 *
 * @param headers go with every call: the credential, `authorization` or `x-api-key`
 */
export function parleyClient(
  url: string,
  { headers = {} }: { headers?: Readonly<Record<string, string>> } = {},
): Client {
  return async (name, ...[given]) => {
    const [method = '', template = ''] = name.split(' ');
    const input: AnyInput = given ?? {};
    const response = await fetch(url + pathOf(template, input), {
      method,
      headers: {
        ...(input.body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...input.headers,
      },
      ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      ...(input.signal && { signal: input.signal }),
    });
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const body: unknown = isJson ? await response.json() : await response.text();
    // The document says what the body is, and the server's handlers are checked against it.
    return { ok: response.ok, status: response.status, headers: response.headers, body } as never;
  };
}

function pathOf(template: string, { path = {}, query = {} }: AnyInput): string {
  const filled = template.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const parameters = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return parameters.size > 0 ? `${filled}?${parameters.toString()}` : filled;
}
