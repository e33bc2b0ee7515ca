import { assistantRef } from '../domain/thread-ref.ts';
import { lastEventHeaders, offsetIn } from '../http/last-event-id.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { rejoinTurn } from '../turns/rejoin.ts';
import { chat, companyScope } from './api.ts';
import { turnPath } from './message-input.ts';
import { streamShapes } from './message-shape.ts';

/** Streams a turn from where a client left it, or from its start, and on while it is made. */
export const streamTurn = streamEndpoint({
  operation: 'assistant-chat/stream-turn',
  summary: 'Rejoin the stream of a turn of an assistant thread (SSE)',
  api: chat,
  servedBy: 'follow',
  method: 'GET',
  path: '/api/v1/chat/threads/{thread_id}/turns/{turn_id}/stream',
  pathParameters: turnPath,
  query: schema({
    type: 'object',
    properties: { company_id: field.integerId, last_event_id: { type: 'string' } },
    required: ['company_id'],
  }),
  headers: lastEventHeaders,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ path: { thread_id: id, turn_id: turnId }, query, headers, scope, context }) => {
    const from = offsetIn(headers['last-event-id'] ?? query.last_event_id, turnId);
    const thread = assistantRef(scope, id);
    const events = await rejoinTurn(thread, turnId, { from, shapes: streamShapes(id), context });
    return { events };
  },
});
