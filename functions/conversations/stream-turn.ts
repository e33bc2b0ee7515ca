import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { lastEventHeaders, lastEventQuery, offsetIn } from '../http/last-event-id.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { rejoinTurn } from '../turns/rejoin.ts';
import { ai } from './api.ts';
import { streamShapes, turnPath } from './turn-shape.ts';

/** Streams a turn from where a client left it, or from its start, and on while it is made. */
export const streamTurn = streamEndpoint({
  operation: 'conversations/stream-turn',
  summary: 'Rejoin the stream of a turn (SSE)',
  api: ai,
  servedBy: 'follow',
  method: 'GET',
  path: '/v1/conversations/{id}/turns/{turn_id}/stream',
  pathParameters: turnPath,
  query: lastEventQuery,
  headers: lastEventHeaders,
  authorize: brandScope,
  handle: async ({ path: { id, turn_id: turnId }, query, headers, scope, context }) => {
    const from = offsetIn(headers['last-event-id'] ?? query.last_event_id, turnId);
    const thread = conversationRef(scope, id);
    const events = await rejoinTurn(thread, turnId, { from, shapes: streamShapes(id), context });
    return { events };
  },
});
