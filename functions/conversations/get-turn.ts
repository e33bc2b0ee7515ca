import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { waitQuery } from '../http/turn-input.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { awaitTurn } from '../turns/current-turn.ts';
import { withAnswer } from '../turns/read-answer.ts';
import { ai } from './api.ts';
import { turnPath, turnSchema, turnShape } from './turn-shape.ts';

/** One answer of the assistant, being made or made; `wait` waits for its end. */
export const getTurn = endpoint({
  operation: 'conversations/get-turn',
  summary: 'Turn',
  api: ai,
  method: 'GET',
  path: '/v1/conversations/{id}/turns/{turn_id}',
  pathParameters: turnPath,
  query: waitQuery,
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  waits: true,
  authorize: brandScope,
  handle: async ({ path, query, scope, context }) => {
    const thread = conversationRef(scope, path.id);
    const now = await awaitTurn(thread, path.turn_id, { waitMs: query.wait * 1_000, context });
    const { turn, answer } = await withAnswer(thread, now);
    return { status: 200, body: turnShape(path.id, turn, answer) };
  },
});
