import type { Context } from '../domain/context.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import { assistantRef } from '../domain/thread-ref.ts';
import type {
  Assistant,
  AssistantThread,
  AssistantThreadSummary,
  AssistantType,
  ThreadReferences,
} from '../domain/threads.ts';
import { edit } from './edit.ts';
import { getItems } from './get-items.ts';
import { attributesOf, type Lists, putHead } from './heads.ts';
import { keyReused, tryIdempotently, type Written } from './idempotency.ts';
import * as keys from './keys.ts';
import { SET_VERSION, storedItem, VERSION_VALUE } from './stored-item.ts';
import { fromStored, toStored } from './stored-json.ts';
import { listThreads } from './thread-lists.ts';
import type { Item, Write, Writes } from './transact.ts';

/** What the first answer shows of other records too, which may change before it is asked for again. */
export interface Shown extends ThreadReferences {
  readonly id: string;
  readonly assistantId: string;
}

/** A thread to be stored, with its assistant where that is new. */
interface NewThread {
  readonly thread: AssistantThread;
  readonly lists: Lists;
  readonly newAssistant: Assistant | null;
  readonly shown: Shown;
}

/**
 * Stores a new assistant thread, and the company's assistant of that type where it is the first.
 *
 * @param newAssistant the assistant to make in the same transaction, or null where the company has it
 * @returns null when another request made that assistant meanwhile: read it and try again
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function createAssistantThread(
  { thread, lists, newAssistant, shown }: NewThread,
  idempotency: IdempotentRequest,
  context: Context,
): Promise<Written<Shown> | null> {
  const assistant = newAssistant && putAssistant(thread.companyId, newAssistant);
  const tried = await tryIdempotently(
    idempotency,
    { writes: { ...putThread(thread, lists), assistant }, result: shown },
    context,
  );
  if (tried.state === 'mismatched') throw keyReused();
  if (tried.state === 'written') return tried;
  // Only the assistant's write has a condition. Its own assistant says that all was written although nothing said so.
  const isOwn = newAssistant !== null && tried.failed.assistant?.current?.id === newAssistant.id;
  return isOwn ? { result: shown, replayed: false } : null;
}

/** A description may be long, so it stands apart from the head, which says whether there is one: lists go by that. */
function putThread(thread: AssistantThread, lists: Lists): Writes<'head' | 'detail'> {
  const { description, extraData, companyId, ...stored } = thread;
  const listed = { ...stored, isDescribed: description !== null };
  const ref = assistantRef({ companyId }, thread.id);
  const head = putHead(ref, lists, listed);
  const json = toStored(extraData);
  if (description === null && json === undefined) return { head, detail: null };
  const detail = storedItem(keys.detail(ref), { description, extraData: json });
  return { head, detail: { Put: { Item: detail } } };
}

function putAssistant(companyId: number, assistant: Assistant): Write {
  return {
    Put: {
      Item: storedItem(keys.assistant(companyId, assistant.assistantType), assistant),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** A company's thread, consistent, or null. */
export async function readAssistantThread(
  companyId: number,
  id: string,
  context: Context,
): Promise<AssistantThread | null> {
  const ref = assistantRef({ companyId }, id);
  const wanted = [keys.head(ref), keys.detail(ref)];
  const { of } = await getItems(wanted, { consistent: true, context });
  const [head, detail] = wanted.map(of);
  return head
    ? { ...toSummary(head, { companyId, detail }), extraData: fromStored(detail?.extraData) }
    : null;
}

/** The thread of a head alone. */
export function toAssistantThread(
  head: Item,
  companyId: number,
): Omit<AssistantThreadSummary, 'description'> {
  return toSummary(head, { companyId, detail: undefined });
}

/** The fields of an assistant thread that its company may edit. */
type ThreadChanges = {
  readonly [Field in 'name' | 'description' | 'isCompleted']?: AssistantThread[Field] | undefined;
};

/**
 * Edits a company's thread: what is undefined stays as it is.
 *
 * @param expected the versions of which one must be the thread's, or null for any
 * @throws ParleyError not_found, or precondition_failed when it has another version
 */
export function editAssistantThread(
  { companyId, id }: Pick<AssistantThread, 'companyId' | 'id'>,
  { changes, expected }: { changes: ThreadChanges; expected: readonly number[] | null },
  context: Context,
): Promise<void> {
  const { description, ...others } = changes;
  const ref = assistantRef({ companyId }, id);
  const isDescribed = description === undefined ? undefined : description !== null;
  const describe = {
    Key: keys.detail(ref),
    UpdateExpression: `SET description = :description, ${SET_VERSION}`,
    ExpressionAttributeValues: { ':description': description, ...VERSION_VALUE },
  };
  const detail = description === undefined ? null : { Update: describe };
  const head = { what: 'Thread', key: keys.head(ref), changes: { ...others, isDescribed }, expected };
  return edit({ ...head, detail }, context);
}

/** A page of a company's threads, or of those with one type of assistant, newest activity first. */
export async function listAssistantThreads(
  { companyId, type }: { companyId: number; type: AssistantType | null },
  page: { limit: number; after: string | null },
  context: Context,
): Promise<{ threads: AssistantThreadSummary[]; next: string | null }> {
  const list =
    type === null
      ? ({ index: 'gsi1', partitions: keys.assistantThreadsOf(companyId) } as const)
      : ({ index: 'gsi2', partitions: keys.assistantThreadsOfType(companyId, type) } as const);
  const { heads, next } = await listThreads(list, page);
  const detailOf = ({ id }: Item) => keys.detail(assistantRef({ companyId }, String(id)));
  const described = heads.filter(({ isDescribed }) => isDescribed).map(detailOf);
  const { of } = await getItems(described, { consistent: false, context });
  return { threads: heads.map((head) => toSummary(head, { companyId, detail: of(detailOf(head)) })), next };
}

/** The thread of a head and a detail, which createAssistantThread wrote. */
function toSummary(
  head: Item,
  { companyId, detail }: { companyId: number; detail: Item | undefined },
): AssistantThreadSummary {
  const { isDescribed: _, ...attributes } = attributesOf(head);
  const description = detail?.description ?? null;
  return { ...attributes, companyId, description } as unknown as AssistantThreadSummary;
}
