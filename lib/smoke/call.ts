import { type Input, type OperationName, parleyClient } from '../../client/client.ts';
import { newApiKey } from '../../functions/authorizer/api-key.ts';
import type { Target } from './target.ts';

/** A call of the API, and what must come of it. */
export type Call = { [Name in OperationName]: CallOf<Name> }[OperationName];

interface CallOf<Name extends OperationName> {
  readonly operation: Name;
  readonly input?: Input<Name>;
  /** Which credential it carries. */
  readonly as: 'user' | 'key' | 'nobody' | 'wrong key';
  readonly status: number;
}

/** What came: its headers and its body. */
export interface Answer {
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** API Gateway gives up after 30 s. */
export const TIMEOUT_MS = 35_000;

/** Calls the API. @throws Error that says what came instead of the expected status */
export async function send(target: Target, call: Call, interrupted: AbortSignal): Promise<Answer> {
  const { operation, input, as, status } = call;
  const client = parleyClient(target.url, { headers: credentialOf(target, as) });
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), interrupted]);
  const answer = await client<OperationName>(operation, { ...(input as object), signal });
  if (answer.status !== status) throw otherStatus(answer, status, JSON.stringify(answer.body));
  return { headers: answer.headers, body: answer.body as Answer['body'] };
}

/** Says what came instead of the expected status. */
export async function unexpected(response: Response, status: number): Promise<Error> {
  return otherStatus(response, status, await response.text());
}

function otherStatus(came: { status: number; headers: Headers }, status: number, text: string): Error {
  const id = came.headers.get('x-request-id') ?? came.headers.get('apigw-requestid') ?? '';
  return new Error(`${came.status} instead of ${status}: ${text.slice(0, 300)} (request ${id})`);
}

/** The headers of a credential. */
export function credentialOf({ token, apiKey }: Target, as: Call['as']): Record<string, string> {
  switch (as) {
    case 'user':
      return { authorization: `Bearer ${token}` };
    case 'key':
      return { 'x-api-key': apiKey };
    case 'wrong key':
      return { 'x-api-key': newApiKey().key }; // well-formed, and nobody's
    case 'nobody':
      return {};
  }
}

/** The id of what was made. */
export function idIn({ body }: Answer): string {
  const id = body.id ?? body.thread_id; // an assistant thread's
  if (typeof id !== 'string') throw new Error('The answer has no id');
  return id;
}
