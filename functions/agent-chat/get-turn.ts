import { endpoint } from '../http/endpoint.ts';
import { waitQuery } from '../http/turn-input.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { awaitTurn } from '../turns/current-turn.ts';
import { withAnswer } from '../turns/read-answer.ts';
import { agentStudio, organizationScope } from './api.ts';
import { findThread } from './find-thread.ts';
import { turnPath, turnSchema, turnShape } from './turn-shape.ts';

/** One answer of an agent, being made or made; `wait` waits for its end. */
export const getTurn = endpoint({
  operation: 'agent-chat/get-turn',
  summary: 'Turn of a chat thread',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/turns/{turn_id}',
  pathParameters: turnPath,
  query: waitQuery,
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  waits: true,
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, query, scope, context }) => {
    const { thread } = await findThread(scope, path);
    const now = await awaitTurn(thread, path.turn_id, { waitMs: query.wait * 1_000, context });
    const { turn, answer } = await withAnswer(thread, now);
    return { status: 200, body: turnShape(path.thread_id, turn, answer) };
  },
});
