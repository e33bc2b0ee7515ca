import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import { idAfter } from '../domain/ids.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type HeadChanges, onlyAfter } from '../store/advance-head.ts';
import { keyReused, tryIdempotentlyOnce, type Written } from '../store/idempotency.ts';
import * as keys from '../store/keys.ts';
import { isHot, waitForTurn } from '../store/pace.ts';
import type { Failed, Writes } from '../store/transact.ts';
import { messageWrites } from './message-writes.ts';

/** What an append adds to its one transaction. */
interface Append<Result, Name extends string> {
  readonly message: NewMessage;
  /** What the answer needs, given the message's id. */
  readonly result: (id: string) => Result;
  /** Further writes, given the message's id. The names record, head, message and pointer are taken. */
  readonly also?: (id: string) => Writes<Name>;
  /** The message that the caller has seen as the thread's last, or the thread's id: the answer says whether it still was. */
  readonly seen?: string;
  /** What else is to change in the head. */
  readonly changes?: HeadChanges;
}

/**
 * What became of an append. `isNext`: it follows the message that its caller had seen. `missing`: no such thread. `refused`:
 * conditions of further writes did not hold.
 */
export type Appended<Result, Name extends string> =
  | ({ readonly state: 'written'; readonly isNext: boolean } & Written<Result>)
  | { readonly state: 'missing' }
  | { readonly state: 'refused'; readonly failed: Failed<Name> };

/**
 * Appends a message: head, message and idempotency record in one transaction and one round trip. Ids strictly increase
 * in a thread: a writer whose id comes too late takes one just after the thread's last, and tries again. Where writers
 * meet they take turns, and the id is made when the turn comes.
 *
 * @param idempotency null where no request asks for it, so that none can be repeated
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 * @throws ParleyError unavailable when so many write to the thread that no time is left for this one
 */
export async function appendMessage<Result, Name extends string = never>(
  thread: ThreadRef,
  { message, result, also, changes, seen }: Append<Result, Name>,
  { idempotency, context }: { idempotency: IdempotentRequest | null; context: Context },
): Promise<Appended<Result, Name>> {
  const place = keys.head(thread);
  /** The id of a message that is in the thread. */
  let last: string | null = seen ?? null;
  for (let attempt = 0; ; attempt += 1) {
    if ((attempt > 0 || isHot(place, context)) && !(await waitForTurn(place, attempt, context)))
      throw new ParleyError('unavailable', 'Too many are writing to this thread', { retryAfterSeconds: 1 });
    const id = nextId(last, context);
    const isNext = seen !== undefined && last === seen;
    const { head: advance, ...others } = messageWrites(thread, { ...message, id }, changes);
    const writes = { head: isNext ? onlyAfter(advance, seen) : advance, ...others, ...also?.(id) };
    const tried = await tryIdempotentlyOnce(idempotency, { writes, result: result(id) }, context);
    if (tried.state === 'written') return { ...tried, isNext };
    if (tried.state === 'conflicted') continue;
    const { head, ...failed } = tried.failed;
    if (head && !head.current) return { state: 'missing' };
    if (tried.state === 'mismatched') throw keyReused();
    if (!head?.current) return { state: 'refused', failed };
    last = String(head.current.gsi1sk);
    // Nobody else makes this id: it was written although nothing said so.
    if (last === id) return { state: 'written', result: result(id), replayed: false, isNext };
    if (Object.keys(failed).length > 0) return { state: 'refused', failed };
  }
}

/**
 * Appends a message that no request asks for, together with writes that have conditions; where one of these does not
 * hold, or the thread is gone, nothing is written.
 *
 * @returns the writes of these whose conditions did not hold
 */
export async function insertMessage<Name extends string>(
  thread: ThreadRef,
  insert: Pick<Append<null, Name>, 'message' | 'also' | 'changes'>,
  context: Context,
): Promise<Failed<Name>> {
  const append = { ...insert, result: () => null };
  const appended = await appendMessage(thread, append, { idempotency: null, context });
  return appended.state === 'refused' ? appended.failed : {};
}

/** Not before now, and just after a message that is known, also where writers' clocks disagree. */
function nextId(last: string | null, context: Context): string {
  const fresh = context.newId();
  return last === null || fresh > last ? fresh : idAfter(last);
}
