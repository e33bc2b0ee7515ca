import { notFound } from '../domain/errors.ts';
import type { Feedback } from '../domain/feedback.ts';
import { agentRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { type Given, giveFeedback as store } from '../store/feedback.ts';
import { findMessage } from '../store/message-pointers.ts';
import { agentStudio, organizationScope } from './api.ts';
import { FEEDBACK_TYPE, feedbackSchema, feedbackShape } from './feedback-shape.ts';

/** Says what the key's user thinks of a message, instead of what they said of it before. */
export const giveFeedback = endpoint({
  operation: 'agent-chat/give-feedback',
  summary: 'Give feedback on a chat message',
  api: agentStudio,
  method: 'POST',
  path: '/api/v1/feedback/chat',
  body: schema({
    type: 'object',
    properties: {
      message_id: field.uuid,
      source: field.name,
      feedback_details: {
        type: 'object',
        properties: {
          feedback_type: FEEDBACK_TYPE,
          issue_type: field.nullableName,
          comment: field.nullableDescription,
          context_id: field.nullableId,
        },
      },
    },
    required: ['message_id', 'source', 'feedback_details'],
  }),
  responses: { 200: feedbackSchema },
  access: { table: ['GetItem', 'PutItem'], indexes: [] },
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, scope, idempotency, context }) => {
    const { organizationId, userId } = scope;
    const messageId = body.message_id.toLowerCase();
    const place = await findMessage(organizationId, messageId);
    if (!place) throw notFound('Message');
    const {
      feedback_type: type,
      issue_type: issueType,
      comment,
      context_id: contextId,
    } = body.feedback_details;
    const feedbackOf = ({ id, editedAt }: Given): Feedback => ({
      id,
      organizationId,
      userId,
      messageId,
      messageRole: place.role,
      answersId: place.answersId ?? null,
      type: type ?? null,
      issueType: issueType ?? null,
      comment: comment ?? null,
      source: body.source,
      contextId: contextId ?? null,
      editedAt,
    });
    const feedback = feedbackOf({ id: context.newId(), editedAt: null });
    const thread = agentRef({ organizationId }, place.threadId);
    const { result, replayed } = await store(thread, feedback, { idempotency, context });
    return { status: 200, body: feedbackShape(feedbackOf(result)), replayed };
  },
});
