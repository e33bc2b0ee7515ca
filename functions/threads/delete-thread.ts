import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Table } from '../store/client.ts';
import { deletePartition } from '../store/delete-partition.ts';
import { idsInThread } from '../store/ids-in-thread.ts';
import * as keys from '../store/keys.ts';
import { kindOf } from './kinds.ts';

/** Deletes a thread with all that was said in it, the logs of its turns and what points to its messages. Not atomic. */
export async function deleteThread(thread: ThreadRef, table: Table): Promise<void> {
  for (const turnId of await idsInThread(thread, keys.TURNS, table))
    await deletePartition(keys.turnEntry(thread, turnId, 0).pk, table);
  const { messagePointer } = kindOf(thread);
  if (messagePointer) {
    for (const messageId of await idsInThread(thread, keys.MESSAGES, table))
      await deletePartition(messagePointer(messageId).pk, table);
  }
  await deletePartition(keys.threadPk(thread), table);
}
