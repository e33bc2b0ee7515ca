import { lastEventHeaders, lastEventQuery, offsetIn } from '../http/last-event-id.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { rejoinTurn } from '../turns/rejoin.ts';
import { agentStudio, organizationScope } from './api.ts';
import { findThread } from './find-thread.ts';
import { streamShapes, turnPath } from './turn-shape.ts';

/** Streams a turn from where a client left it, or from its start, and on while it is made. */
export const streamTurn = streamEndpoint({
  operation: 'agent-chat/stream-turn',
  summary: 'Rejoin the stream of a turn of a chat thread (SSE)',
  api: agentStudio,
  servedBy: 'follow',
  method: 'GET',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/turns/{turn_id}/stream',
  pathParameters: turnPath,
  query: lastEventQuery,
  headers: lastEventHeaders,
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, query, headers, scope, context }) => {
    const from = offsetIn(headers['last-event-id'] ?? query.last_event_id, path.turn_id);
    const { thread } = await findThread(scope, path);
    const shapes = streamShapes(path.thread_id);
    const events = await rejoinTurn(thread, path.turn_id, { from, shapes, context });
    return { events };
  },
});
