import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { cancelTurn as cancel } from '../turns/cancel.ts';
import { ai } from './api.ts';
import { turnPath, turnSchema, turnShape } from './turn-shape.ts';

/** Stops an answer that is being made, wherever that is; what was said is kept. One that has ended stays as it is. */
export const cancelTurn = endpoint({
  operation: 'conversations/cancel-turn',
  summary: 'Cancel a turn',
  api: ai,
  method: 'POST',
  path: '/v1/conversations/{id}/turns/{turn_id}/cancel',
  pathParameters: turnPath,
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  authorize: brandScope,
  handle: async ({ path, scope, idempotency, context }) => {
    const thread = conversationRef(scope, path.id);
    const { turn, answer, replayed } = await cancel(thread, path.turn_id, { idempotency, context });
    return { status: 200, body: turnShape(path.id, turn, answer), replayed };
  },
});
