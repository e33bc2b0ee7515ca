import { timestampOf } from '../domain/ids.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listWaitingThreads, type WaitingThread } from '../store/ask-threads.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { comms } from './api.ts';
import { staffScope } from './care-team.ts';

const HOUR_MS = 60 * 60 * 1_000;

const OVERDUE = {
  type: 'object',
  properties: {
    thread_id: field.uuid,
    brand_id: { type: 'string' },
    member_user_id: { type: 'string' },
    member_name: { type: 'string' },
    assigned_to_user_id: { type: 'string' },
    coach_name: { type: 'string' },
    last_message_at: { type: 'string' },
    hours_waiting: { type: 'number' },
  },
  required: [
    'thread_id',
    'brand_id',
    'member_user_id',
    'member_name',
    'assigned_to_user_id',
    'coach_name',
    'last_message_at',
    'hours_waiting',
  ],
} as const;
const overdueSchema = schema(OVERDUE);

/** Assigned threads of the brand whose member has waited for staff for too long, longest first. */
export const listOverdueThreads = endpoint({
  operation: 'ask/list-overdue-threads',
  summary: 'Ask threads awaiting a coach reply past the SLA window',
  api: comms,
  method: 'GET',
  path: '/v1/admin/ask/coach-sla-overdue',
  query: schema({
    type: 'object',
    properties: {
      hours: { type: 'number', minimum: 0, default: 24 },
      limit: field.limit,
      cursor: field.cursor,
    },
  }),
  responses: {
    200: schema({
      type: 'object',
      properties: { data: { type: 'array', items: OVERDUE }, next_cursor: { type: ['string', 'null'] } },
      required: ['data', 'next_cursor'],
    }),
  },
  access: { table: [], indexes: ['gsi2'] },
  authorize: staffScope,
  handle: async ({ query, scope, context }) => {
    const bound = { scope, list: ['overdue ask threads', query.hours], isPosition: isThreadPosition };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    const nowMs = context.now();
    const beforeMs = Math.max(0, nowMs - query.hours * HOUR_MS); // no id is of a time before 1970
    const { threads, next } = await listWaitingThreads({ brandId: scope.brandId, beforeMs }, page);
    const data = threads.map((thread) => overdueShape(thread, nowMs));
    return { status: 200, body: { data, next_cursor: toCursor(bound, next) } };
  },
});

function overdueShape(thread: WaitingThread, nowMs: number): Of<typeof overdueSchema> {
  return {
    thread_id: thread.id,
    brand_id: thread.brandId,
    member_user_id: thread.memberUserId,
    member_name: thread.memberName,
    assigned_to_user_id: thread.assignedToUserId,
    coach_name: thread.coachName ?? '',
    last_message_at: timestampOf(thread.lastMessageId),
    hours_waiting: (nowMs - thread.waitingSinceMs) / HOUR_MS,
  };
}
