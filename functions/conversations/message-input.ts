import { invalid } from '../domain/errors.ts';
import { isBlank } from '../domain/words.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { ROLES } from './shapes.ts';

export const conversationPath = schema({
  type: 'object',
  properties: { id: field.uuid },
  required: ['id'],
});

export const messageBody = schema({
  type: 'object',
  properties: {
    role: { type: 'string', enum: ROLES },
    content: field.nonEmptyText,
    mode: { type: 'string', enum: ['append', 'chat-completion'], default: 'append' },
  },
  required: ['role', 'content'],
});

/** What the assistant can answer: something that a user has said. */
export function checkQuestion({ role, content }: Of<typeof messageBody>): void {
  if (role !== 'user') throw invalid(['body', 'role'], 'must be user for an answer', 'enum');
  if (isBlank(content)) throw invalid(['body', 'content'], 'must not be blank for an answer', 'min_length');
}
