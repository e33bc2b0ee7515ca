import { type Draft, hasContent } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { idAfter } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Turn, turnEnd } from '../domain/turn.ts';
import { growHead, onlyAfter } from '../store/advance-head.ts';
import { growMessage } from '../store/messages.ts';
import { transact } from '../store/transact.ts';
import { growWrites, type Lease, readTurn } from '../store/turns.ts';
import { usageWrites } from '../store/usage.ts';
import { kindOf } from '../threads/kinds.ts';
import { messageWrites } from '../threads/message-writes.ts';
import { readAnswer } from './read-answer.ts';
import { answerOf } from './settle.ts';
import type { OwnSettlement } from './settle-own.ts';

type Late = OwnSettlement & { readonly lease: Lease };

/**
 * Stores an answer whose turn somebody else has ended, because its lease had expired: once, under the same id, and only
 * while nothing has followed in the thread. What was stored of it begins the whole; where nothing was, it is stored now,
 * unless its question has another turn. Otherwise it is dropped, and its size is noted.
 */
export async function growAnswer(thread: ThreadRef, late: Late, context: Context): Promise<void> {
  if (!hasContent(late.said)) return;
  const turn = await readTurn(thread, late.lease.turnId);
  const stored = turn && (await readAnswer(thread, turn));
  if (stored && isSame(stored, late.said)) return; // it was this function, which did not hear so
  const isStored = Boolean(
    turn &&
      (stored
        ? await replace(thread, { ...late, turn, stored }, context)
        : await insert(thread, { ...late, turn }, context)),
  );
  if (!isStored) context.measure({ droppedBytes: Buffer.byteLength(late.said.text) });
}

async function replace(
  thread: ThreadRef,
  { lease, said, incomplete, tally, turn, stored }: Late & { turn: Turn; stored: Message },
  context: Context,
): Promise<boolean> {
  if (!beginsWith(said, stored)) return false;
  const spent = tally.spendingOf(said);
  const message = { ...answerOf(thread, { said, incomplete, spent }, lease.messageId), id: stored.id };
  const end = {
    ...turnEnd(said, incomplete),
    spent,
    assistantMessageId: stored.id,
    endedAtMs: context.now(),
  };
  const writes = {
    ...growWrites(thread, turn, end),
    ...usageWrites(thread, { id: turn.id, of: 'answers', before: turn.spent, after: spent }),
    message: growMessage(thread, stored, message),
    head: growHead(thread, { before: stored, after: message }, kindOf(thread).headChanges(message)),
  };
  return (await transact(writes, context)).committed;
}

async function insert(
  thread: ThreadRef,
  { lease: { messageId }, said, incomplete, tally, turn }: Late & { turn: Turn },
  context: Context,
): Promise<boolean> {
  if (turn.status !== 'failed') return false;
  const spent = tally.spendingOf(said);
  const fresh = context.newId();
  const id = fresh > messageId ? fresh : idAfter(messageId);
  const { head, ...others } = messageWrites(thread, {
    ...answerOf(thread, { said, incomplete, spent }, messageId),
    id,
  });
  const end = { ...turnEnd(said, incomplete), spent, assistantMessageId: id, endedAtMs: context.now() };
  const writes = {
    ...growWrites(thread, turn, end),
    ...usageWrites(thread, { id: turn.id, of: 'answers', before: turn.spent, after: spent }),
    ...others,
    head: onlyAfter(head, messageId),
  };
  return (await transact(writes, context)).committed;
}

function isSame({ text, toolCalls }: Message, said: Draft): boolean {
  return text === said.text && (toolCalls?.length ?? 0) === said.toolCalls.length;
}

/** Whether an answer begins with what is stored: its text, and its calls. */
function beginsWith({ text, toolCalls }: Draft, stored: Message): boolean {
  const calls = stored.toolCalls ?? [];
  return text.startsWith(stored.text) && calls.every(({ id }, index) => toolCalls[index]?.id === id);
}
