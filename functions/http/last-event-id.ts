import { invalid } from '../domain/errors.ts';
import { isUuid } from '../domain/ids.ts';
import { schema } from './schema.ts';

const ID = { type: 'string' } as const;
/** Where a client goes on: the header that browsers send, or the query where they cannot. */
export const lastEventHeaders = schema({ type: 'object', properties: { 'last-event-id': ID } });
export const lastEventQuery = schema({ type: 'object', properties: { last_event_id: ID } });

const OFFSET = /^(?<turn>[0-9a-f-]{36}):(?<offset>\d{1,9})$/u;

/**
 * How much of a turn's text a client has, by the id of the last event that it has seen.
 *
 * @returns UTF-16 code units, or null where there is no id: it has nothing
 * @throws ParleyError validation_error for what is no id of this turn
 */
export function offsetIn(lastEventId: string | undefined, turnId: string): number | null {
  if (!lastEventId) return null;
  const { turn, offset } = OFFSET.exec(lastEventId)?.groups ?? {};
  if (turn !== turnId) throw invalid(['header', 'last-event-id'], 'is no event id of this turn', 'pattern');
  return Number(offset);
}

/**
 * The message up to which a client has a thread, by the id of the last event that it has seen.
 *
 * @returns null where there is no id: it wants what comes from now on
 * @throws ParleyError validation_error for what is no message's id
 */
export function messageIdIn(lastEventId: string | undefined): string | null {
  if (!lastEventId) return null;
  if (!isUuid(lastEventId))
    throw invalid(['header', 'last-event-id'], 'is no event id of this thread', 'pattern');
  return lastEventId.toLowerCase();
}
