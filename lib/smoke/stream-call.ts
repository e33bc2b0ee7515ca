import { credentialOf, TIMEOUT_MS, unexpected } from './call.ts';
import { eventsIn, type StreamedEvent } from './read-stream.ts';
import type { Target } from './target.ts';

/** A call of an operation that streams, each behind the URL of its function. */
export type StreamCall = {
  readonly path: { readonly id: string; readonly turn_id?: string };
  readonly as: 'user' | 'nobody';
} & (
  | { readonly operation: 'POST /v1/conversations/{id}/messages/stream'; readonly body: object }
  | { readonly operation: 'GET /v1/conversations/{id}/turns/{turn_id}/stream'; readonly after?: string }
);

/** Opens a stream. @throws Error that says what came instead of one */
export async function openStream(
  target: Target,
  call: StreamCall,
  interrupted: AbortSignal,
): Promise<AsyncGenerator<StreamedEvent>> {
  const response = await called(target, call, interrupted);
  if (response.status !== 200) throw await unexpected(response, 200);
  return eventsIn(response);
}

/** Sees that no stream is opened. @throws Error that says what came instead of the refusal's status, or of its JSON */
export async function refusedStream(
  target: Target,
  { call, status, interrupted }: { call: StreamCall; status: number; interrupted: AbortSignal },
): Promise<void> {
  const response = await called(target, call, interrupted);
  if (response.status !== status) throw await unexpected(response, status);
  await response.json();
}

function called(target: Target, call: StreamCall, interrupted: AbortSignal): Promise<Response> {
  const { streams } = target;
  if (!streams) throw new Error('There are no streams');
  const isPost = 'body' in call;
  const [method = '', template = ''] = call.operation.split(' /');
  const path = template.replace('{id}', call.path.id).replace('{turn_id}', call.path.turn_id ?? '');
  const after = isPost ? undefined : call.after;
  return fetch((isPost ? streams.streamUrl : streams.followUrl) + path, {
    method,
    headers: {
      ...credentialOf(target, call.as),
      ...(isPost && { 'content-type': 'application/json' }),
      ...(after !== undefined && { 'last-event-id': after }),
    },
    ...(isPost && { body: JSON.stringify(call.body) }),
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), interrupted]),
  });
}
