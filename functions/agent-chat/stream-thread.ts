import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import { agentRef } from '../domain/thread-ref.ts';
import { lastEventHeaders, lastEventQuery, messageIdIn } from '../http/last-event-id.ts';
import { type StreamEvent, streamEndpoint } from '../http/stream-endpoint.ts';
import { readAgentThreadSummary } from '../store/agent-threads.ts';
import { feedbackOn } from '../store/feedback.ts';
import { agentStudio, type OrganizationScope, organizationScope } from './api.ts';
import { followMessages } from './follow-messages.ts';
import { threadPath } from './message-input.ts';
import { agentMessageShape } from './thread-shapes.ts';

/** Streams what is said in a thread from now on, or after the last message that a client has. */
export const streamThread = streamEndpoint({
  operation: 'agent-chat/stream-thread',
  summary: 'Stream new messages of a chat thread (SSE)',
  api: agentStudio,
  servedBy: 'follow',
  method: 'GET',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/stream',
  pathParameters: threadPath,
  query: lastEventQuery,
  headers: lastEventHeaders,
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, query, headers, scope, context }) => {
    const seen = messageIdIn(headers['last-event-id'] ?? query.last_event_id);
    const thread = await readAgentThreadSummary(scope.organizationId, path.thread_id);
    if (thread?.agentId !== path.agent_id) throw notFound('Thread');
    const after = seen ?? thread.lastMessageId;
    return { events: messageEvents(thread.id, { after, scope, context }) };
  },
});

interface Following {
  readonly after: string;
  readonly scope: OrganizationScope;
  readonly context: Context;
}

async function* messageEvents(
  threadId: string,
  { after, scope, context }: Following,
): AsyncGenerator<StreamEvent> {
  yield { id: after }; // so that who comes back before anything was said misses nothing in between
  const thread = agentRef(scope, threadId);
  for await (const messages of followMessages(thread, { after, context })) {
    const feedback = await feedbackOn(thread, scope.userId, messages);
    for (const message of messages) {
      const data = agentMessageShape(threadId, message, feedback.get(message.id));
      yield { event: 'message', id: message.id, data };
    }
  }
}
