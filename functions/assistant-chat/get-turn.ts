import { assistantRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { awaitTurn } from '../turns/current-turn.ts';
import { withAnswer } from '../turns/read-answer.ts';
import { chat, companyScope } from './api.ts';
import { turnPath } from './message-input.ts';
import { turnSchema, turnShape } from './message-shape.ts';

/** One answer of an assistant, being made or made; `wait` waits for its end. */
export const getTurn = endpoint({
  operation: 'assistant-chat/get-turn',
  summary: 'Turn of an assistant thread',
  api: chat,
  method: 'GET',
  path: '/api/v1/chat/threads/{thread_id}/turns/{turn_id}',
  pathParameters: turnPath,
  query: schema({
    type: 'object',
    properties: {
      company_id: field.integerId,
      wait: field.wait,
    },
    required: ['company_id'],
  }),
  responses: { 200: turnSchema },
  access: TURN_ACCESS,
  waits: true,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ path, query, scope, context }) => {
    const thread = assistantRef(scope, path.thread_id);
    const now = await awaitTurn(thread, path.turn_id, { waitMs: query.wait * 1_000, context });
    const { turn, answer } = await withAnswer(thread, now);
    return { status: 200, body: turnShape(path.thread_id, turn, answer) };
  },
});
