import { assistantRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { cancelTurn as cancel } from '../turns/cancel.ts';
import { chat, companyParameter, companyScope } from './api.ts';
import { turnPath } from './message-input.ts';
import { turnSchema, turnShape } from './message-shape.ts';

/** Stops an assistant's answer that is being made, wherever that is; what was said is kept. */
export const cancelTurn = endpoint({
  operation: 'assistant-chat/cancel-turn',
  summary: 'Cancel a turn of an assistant thread',
  api: chat,
  method: 'POST',
  path: '/api/v1/chat/threads/{thread_id}/turns/{turn_id}/cancel',
  pathParameters: turnPath,
  query: companyParameter,
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ path, scope, idempotency, context }) => {
    const thread = assistantRef(scope, path.thread_id);
    const { turn, answer, replayed } = await cancel(thread, path.turn_id, { idempotency, context });
    return { status: 200, body: turnShape(path.thread_id, turn, answer), replayed };
  },
});
