import { notFound } from '../domain/errors.ts';
import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { titleOrNone } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { editHeaders, etagHeader, expectedVersions } from '../http/etag.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toConversation } from '../store/conversations.ts';
import { edit } from '../store/edit.ts';
import { readHead } from '../store/heads.ts';
import { head } from '../store/keys.ts';
import { ai } from './api.ts';
import { CONVERSATION_FIELDS, checkModel } from './conversation-fields.ts';
import { conversationSchema, conversationShape } from './shapes.ts';
import { turnUrl } from './turn-shape.ts';

/** Gives one of the caller's conversations another title or effort, or none, or another model. Its place in the list stays. */
export const updateConversation = endpoint({
  operation: 'conversations/update-conversation',
  summary: 'Edit a conversation',
  api: ai,
  method: 'PATCH',
  path: '/v1/conversations/{id}',
  pathParameters: schema({ type: 'object', properties: { id: field.uuid }, required: ['id'] }),
  headers: editHeaders,
  body: schema({
    type: 'object',
    properties: {
      ...CONVERSATION_FIELDS,
      title: { ...CONVERSATION_FIELDS.title, type: ['string', 'null'] }, // null clears it
    },
  }),
  responses: { 200: conversationSchema },
  check: checkModel,
  access: { table: ['UpdateItem', 'GetItem'], indexes: [] },
  authorize: brandScope,
  handle: async ({ body, path, headers, scope, context }) => {
    const thread = conversationRef(scope, path.id);
    const what = 'Conversation';
    const expected = expectedVersions(headers['if-match']);
    const { title, effort, model } = body;
    await edit(
      {
        what,
        key: head(thread),
        changes: { title: title === undefined ? title : titleOrNone(title), effort, model },
        expected,
      },
      context,
    );
    const edited = await readHead(thread);
    if (!edited) throw notFound(what);
    const shown = toConversation(edited);
    return { status: 200, body: conversationShape(shown, turnUrl(shown.id)), headers: etagHeader(shown) };
  },
});
