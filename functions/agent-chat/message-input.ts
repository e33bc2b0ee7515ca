import { invalid } from '../domain/errors.ts';
import { type NewMessage, textMessage } from '../domain/message.ts';
import { isBlank } from '../domain/words.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

export const threadPath = schema({
  type: 'object',
  properties: { agent_id: field.uuid, thread_id: field.uuid },
  required: ['agent_id', 'thread_id'],
});

export const messageBody = schema({
  type: 'object',
  properties: {
    content: field.text,
    content_html: field.nullableHtml,
    role: { type: 'string', enum: ['user', 'assistant', 'system', 'tool'] },
    metadata: field.nullableFreeJson,
    agent_id: field.nullableUuid,
  },
  required: ['content', 'role'],
});
type Body = Of<typeof messageBody>;

interface Named {
  readonly body: { readonly agent_id?: string | null };
  readonly path: { readonly agent_id: string };
}

/** A body may name the agent, which is the path's. */
export function checkAgent({ body, path }: Named): void {
  const named = body.agent_id?.toLowerCase() ?? path.agent_id;
  if (named !== path.agent_id)
    throw invalid(['body', 'agent_id'], 'must be the agent of the path', 'agent_mismatch');
}

/** What only the body and the path together can say. */
export function checkMessage({ body, path }: { body: Body; path: { agent_id: string } }): void {
  checkAgent({ body, path });
  if (body.role === 'user' && isBlank(body.content))
    throw invalid(['body', 'content'], 'must not be blank for an answer', 'min_length');
}

/** The message that a body says. */
export function messageOf({ role, content, content_html: html, metadata }: Body): NewMessage {
  return { ...textMessage(role, content), ...(html != null && { html }), metadata: metadata ?? {} };
}
