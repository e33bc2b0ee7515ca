import { timestampOf } from '../domain/ids.ts';
import {
  ASSISTANT_TYPES,
  type AssistantThread,
  type AssistantThreadSummary,
  type ThreadReferences,
} from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { ACTIVE_TURN, activeTurnShape } from '../http/turn-shape.ts';
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

const THREAD = {
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
} as const;

/** An assistant thread with what it is scoped to. */
export const assistantThreadSchema = schema({
  ...THREAD,
  properties: { ...THREAD.properties, active_turn: ACTIVE_TURN },
  required: [...THREAD.required, 'active_turn'],
});
export const assistantThreadListSchema = schema({ type: 'array', items: THREAD });
type AssistantThreadShape = Of<typeof assistantThreadSchema>;

export function assistantThreadShape(
  thread: AssistantThread,
  references: ThreadReferences,
  turnUrl: (turnId: string) => string,
): AssistantThreadShape {
  return {
    ...assistantSummaryShape(thread, references),
    extra_data: thread.extraData,
    active_turn: activeTurnShape(thread.activeTurnId, turnUrl),
  };
}

/** The same as lists show it: free JSON may be too long for them. */
export function assistantSummaryShape(
  thread: AssistantThreadSummary,
  { customer, location }: ThreadReferences,
): Of<typeof assistantThreadListSchema>[number] {
  return {
    thread_id: thread.id,
    is_completed: thread.isCompleted,
    date_added: timestampOf(thread.id),
    date_updated: latest(timestampOf(thread.lastMessageId), thread.editedAt),
    name: thread.name,
    description: thread.description,
    google_ads_customer: customer && customerShape(customer),
    google_ads_login_customer_id: thread.loginCustomerId,
    google_business_location: location && locationShape(location),
    assistant: {
      id: thread.assistantId,
      assistant_type: thread.assistantType,
      date_added: timestampOf(thread.assistantId),
      date_updated: timestampOf(thread.assistantId), // an assistant never changes
    },
  };
}

/** The later of two instants of one form: RFC 3339 in UTC with milliseconds. */
function latest(one: string, other = one): string {
  return one > other ? one : other;
}
