import { endpoint } from '../http/endpoint.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { cancelTurn as cancel } from '../turns/cancel.ts';
import { agentStudio, organizationScope } from './api.ts';
import { findThread } from './find-thread.ts';
import { turnPath, turnSchema, turnShape } from './turn-shape.ts';

/** Stops an agent's answer that is being made, wherever that is; what was said is kept. */
export const cancelTurn = endpoint({
  operation: 'agent-chat/cancel-turn',
  summary: 'Cancel a turn of a chat thread',
  api: agentStudio,
  method: 'POST',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/turns/{turn_id}/cancel',
  pathParameters: turnPath,
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ path, scope, idempotency, context }) => {
    const { thread } = await findThread(scope, path);
    const { turn, answer, replayed } = await cancel(thread, path.turn_id, { idempotency, context });
    return { status: 200, body: turnShape(path.thread_id, turn, answer), replayed };
  },
});
