import { timestampOf } from '../domain/ids.ts';
import type { TokenUsage } from '../domain/message.ts';
import { costUsd, usageDetails } from '../domain/spending.ts';
import { FAILURE_KINDS, type FailureKind, TURN_STATUSES, type Turn } from '../domain/turn.ts';
import { type Of, schema } from './schema.ts';
import * as field from './schemas.ts';

/** Turns that failed before there were kinds have none. */
const OLDER: FailureKind = 'internal';

const STATUS = { type: 'string', enum: TURN_STATUSES } as const;

/** A turn as other answers point to it. */
export const TURN_REFERENCE = {
  type: 'object',
  properties: { id: field.uuid, status: STATUS, url: { type: 'string' } },
  required: ['id', 'status', 'url'],
} as const;

/** A thread's running turn, as the thread's own answer shows it. */
export const ACTIVE_TURN = {
  type: ['object', 'null'],
  properties: { id: field.uuid, url: { type: 'string' } },
  required: ['id', 'url'],
  description: 'The turn that answers now; its `url` tells how far it is. `null` while none runs',
} as const;

export const USAGE = {
  type: ['object', 'null'],
  properties: {
    prompt_tokens: { type: 'number' },
    completion_tokens: { type: 'number' },
    total_tokens: { type: 'number' },
  },
  required: ['prompt_tokens', 'completion_tokens', 'total_tokens'],
} as const;

const USAGE_DETAILS = {
  properties: {
    estimated: { type: 'boolean' },
    prompt_tokens: { type: 'integer' },
    completion_tokens: { type: 'integer' },
    thinking_tokens: { type: 'integer' },
    cache_read_tokens: { type: 'integer' },
    cache_write_tokens: { type: 'integer' },
  },
  required: [
    'prompt_tokens',
    'completion_tokens',
    'thinking_tokens',
    'cache_read_tokens',
    'cache_write_tokens',
  ],
} as const;

const TURN = {
  id: field.uuid,
  thread_id: field.uuid,
  status: STATUS,
  message_id: field.uuid,
  usage: USAGE,
  usage_details: {
    ...USAGE_DETAILS,
    type: ['object', 'null'],
    description: 'What was used; `usage` is what the model reported.',
  },
  cost_usd: field.nullableUsd,
  error: {
    type: ['object', 'null'],
    properties: {
      code: { type: 'string' },
      kind: {
        type: 'string',
        enum: FAILURE_KINDS,
        description:
          '`model_busy`, `model_unreachable`, `database` and `function_busy` pass; `no_credit` and `configuration` are for those who run the deployment',
      },
      message: { type: 'string' },
    },
    required: ['code', 'kind', 'message'],
  },
  started_at: field.timestamp,
  ended_at: { type: ['string', 'null'] },
} as const;

/** A turn of an API whose messages have this schema. */
export function turnJson<const Message extends object>(message: Message) {
  return {
    type: 'object',
    properties: { ...TURN, assistant_message: message },
    required: [
      'id',
      'thread_id',
      'status',
      'message_id',
      'assistant_message',
      'usage',
      'usage_details',
      'cost_usd',
      'error',
      'started_at',
      'ended_at',
    ],
  } as const;
}

const referenceSchema = schema(TURN_REFERENCE);
const usageSchema = schema(USAGE);

export function turnReference(
  { id, status }: Turn,
  url: (turnId: string) => string,
): Of<typeof referenceSchema> {
  return { id, status, url: url(id) };
}

const activeTurnSchema = schema(ACTIVE_TURN);

export function activeTurnShape(
  id: string | undefined,
  url: (turnId: string) => string,
): Of<typeof activeTurnSchema> {
  return id === undefined ? null : { id, url: url(id) };
}

/** A turn without its answer, which every API shows in its own way. */
export function turnFields(threadId: string, turn: Turn) {
  return {
    id: turn.id,
    thread_id: threadId,
    status: turn.status,
    message_id: turn.messageId,
    usage: usageShape(turn.usage),
    usage_details: usageDetails(turn.spent),
    cost_usd: costUsd(turn.spent),
    error: turn.error && { ...turn.error, kind: turn.error.kind ?? OLDER },
    started_at: timestampOf(turn.id),
    ended_at: turn.endedAtMs === null ? null : new Date(turn.endedAtMs).toISOString(),
  };
}

export function usageShape(usage: TokenUsage | null): Of<typeof usageSchema> {
  return (
    usage && {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      total_tokens: usage.promptTokens + usage.completionTokens,
    }
  );
}
