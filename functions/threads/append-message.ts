import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { idAfter } from '../domain/ids.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type OnceOnly, otherRequest, tryWriteOnce, type Written } from '../store/once.ts';
import { type Item, pause, type Refusal, type Write } from '../store/transact.ts';
import { messageWrites } from './message-writes.ts';

/** What an append adds to its one transaction. */
interface Append<Kept> {
  readonly message: NewMessage;
  /** What the Idempotency-Key's record keeps, given the message's id. */
  readonly kept: (id: string) => Kept;
  /** Further writes, given the message's id. */
  readonly also?: (id: string) => readonly Write[];
}

/** What became of an append. `missing`: no such thread. `refused`: some of the further writes were, in their order. */
export type Appended<Kept> =
  | ({ readonly state: 'written' } & Written<Kept>)
  | { readonly state: 'missing' }
  | { readonly state: 'refused'; readonly refusals: readonly (Refusal | undefined)[] };

/**
 * Appends a message: head, message and idempotency record in one transaction and one round trip. Ids strictly increase
 * in a thread: who comes too late with an id takes one just after the thread's last, and tries again.
 *
 * @param once null where no request asks for it, so that none can be repeated
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function appendMessage<Kept>(
  thread: ThreadRef,
  { message, kept, also = () => [] }: Append<Kept>,
  { once, context }: { once: OnceOnly | null; context: Context },
): Promise<Appended<Kept>> {
  let id = context.newId();
  for (let attempt = 0; ; attempt += 1) {
    const stored = { ...message, id };
    const { head: advance, message: put, pointer } = messageWrites(thread, stored);
    // The pointer comes last: refusals are told by their places, and it has no condition.
    const writes = [advance, put, ...also(id), ...(pointer ? [pointer] : [])];
    const tried = await tryWriteOnce(once, { writes, kept: kept(id) }, context);
    if (tried.state === 'written') return tried;
    const [head, , ...others] = tried.refusals;
    if (head && !head.current) return { state: 'missing' };
    if (tried.state === 'mismatched') throw otherRequest();
    if (!head?.current || others.some(Boolean)) return { state: 'refused', refusals: others };
    id = nextId(head.current, context);
    if (!(await pause(attempt, context)))
      throw new ParleyError('internal_error', 'No time left to find a place in the thread');
  }
}

/**
 * Appends a message that no request asks for, together with writes that have conditions; where one of these does not
 * hold, or the thread is gone, nothing is written.
 *
 * @returns which of these writes were refused, in their order
 */
export async function insertMessage(
  thread: ThreadRef,
  { message, also }: { message: NewMessage; also: (id: string) => readonly Write[] },
  context: Context,
): Promise<readonly (Refusal | undefined)[]> {
  const append = { message, also, kept: () => null };
  const appended = await appendMessage(thread, append, { once: null, context });
  return appended.state === 'refused' ? appended.refusals : [];
}

/** Not before now, and just after the thread's last message, also where writers' clocks disagree. */
function nextId(head: Item, context: Context): string {
  const fresh = context.newId();
  const after = idAfter(String(head.gsi1sk));
  return fresh > after ? fresh : after;
}
