import { timestampOf } from '../domain/ids.ts';
import { ASSISTANT_TYPES, type AssistantThread, type ThreadReferences } from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { CUSTOMER, customerShape } from './google-ads-customer.ts';
import { LOCATION, locationShape } from './google-business-location.ts';

const ASSISTANT = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    assistant_type: { type: 'string', enum: ASSISTANT_TYPES },
    date_added: field.timestamp,
    date_updated: field.timestamp,
  },
} as const;

/** An assistant thread with what it is scoped to. */
export const assistantThreadSchema = schema({
  type: 'object',
  properties: {
    thread_id: { type: 'string' },
    is_completed: { type: 'boolean' },
    date_added: field.timestamp,
    date_updated: field.timestamp,
    name: { type: ['string', 'null'] },
    description: { type: ['string', 'null'] },
    extra_data: { type: 'object', additionalProperties: {} },
    google_ads_customer: { anyOf: [CUSTOMER, { type: 'null' }] },
    google_ads_login_customer_id: { type: ['integer', 'null'] },
    google_business_location: { anyOf: [LOCATION, { type: 'null' }] },
    assistant: ASSISTANT,
  },
  required: ['thread_id', 'is_completed', 'date_added', 'date_updated'],
});

export function assistantThreadShape(
  thread: AssistantThread,
  { assistant, customer, location }: ThreadReferences,
): Of<typeof assistantThreadSchema> {
  return {
    thread_id: thread.id,
    is_completed: thread.isCompleted,
    date_added: timestampOf(thread.id),
    date_updated: timestampOf(thread.lastMessageId),
    name: thread.name,
    description: thread.description,
    extra_data: thread.extraData,
    google_ads_customer: customer && customerShape(customer),
    google_ads_login_customer_id: thread.loginCustomerId,
    google_business_location: location && locationShape(location),
    assistant: {
      id: assistant.id,
      assistant_type: assistant.assistantType,
      date_added: timestampOf(assistant.id),
      date_updated: timestampOf(assistant.id), // an assistant never changes
    },
  };
}
