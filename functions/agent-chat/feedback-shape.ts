import type { Feedback } from '../domain/feedback.ts';
import { timestampOf } from '../domain/ids.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

const nullableString = { type: ['string', 'null'] } as const;
export const FEEDBACK_TYPE = { type: ['string', 'null'], enum: ['positive', 'negative', null] } as const;

export const FEEDBACK = {
  type: 'object',
  properties: {
    id: field.nullableUuid,
    human_message_id: field.nullableUuid,
    ai_message_id: field.nullableUuid,
    flow_execution_id: field.nullableUuid,
    user_id: field.uuid,
    organization_id: field.uuid,
    feedback_type: FEEDBACK_TYPE,
    issue_type: nullableString,
    comment: nullableString,
    created_at: { ...field.timestamp, type: ['string', 'null'] },
    updated_at: { ...field.timestamp, type: ['string', 'null'] },
  },
} as const;

export const feedbackSchema = schema(FEEDBACK);

/** Parley runs no flows: feedback is always on a message. That on an answer names the question, too. */
export function feedbackShape(feedback: Feedback): Of<typeof feedbackSchema> {
  const isAnswer = feedback.messageRole === 'assistant';
  const createdAt = timestampOf(feedback.id);
  return {
    id: feedback.id,
    human_message_id: isAnswer ? feedback.answersId : feedback.messageId,
    ai_message_id: isAnswer ? feedback.messageId : null,
    flow_execution_id: null,
    user_id: feedback.userId,
    organization_id: feedback.organizationId,
    feedback_type: feedback.type,
    issue_type: feedback.issueType,
    comment: feedback.comment,
    created_at: createdAt,
    updated_at: feedback.editedAt ?? createdAt,
  };
}
