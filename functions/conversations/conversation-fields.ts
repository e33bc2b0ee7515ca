import { invalid } from '../domain/errors.ts';
import * as field from '../http/schemas.ts';
import { modelConfiguration } from '../model/configuration.ts';

/**
 * What a user says of a conversation, the same when it is made and when it is edited. A check that its schema cannot say
 * stands here too, as in agent-chat/agent-fields.ts.
 */
export const CONVERSATION_FIELDS = {
  title: field.name,
  effort: field.nullableEffort,
  model: field.text,
} as const;

/** Which models a deployment allows is its configuration, so no schema can say it. @throws ParleyError validation_error */
export function checkModel({ body: { model } }: { body: { model?: string } }): void {
  const { models } = modelConfiguration();
  if (model !== undefined && !models.includes(model))
    throw invalid(['body', 'model'], `must be one of ${models.join(', ')}`, 'enum');
}
