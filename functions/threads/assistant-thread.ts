import type { FreeJson } from '../domain/json.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { AssistantThreadSummary, AssistantType } from '../domain/threads.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { LAST_IN_SECOND_LIST } from '../store/advance-head.ts';
import { editAssistantThread, toAssistantThread } from '../store/assistant-threads.ts';
import type { Lists } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import { readReferences } from '../store/thread-references.ts';
import type { Item } from '../store/transact.ts';
import { FROM_THE_USER, type OwnTool, type Profile } from './profile.ts';
import type { ThreadKind } from './thread-kind.ts';

/** A company's thread with one of its marketing assistants, whose prompts and tools are the deployment's own. */
export function assistantThread(): ThreadKind {
  return {
    headChanges: () => ({ sets: [LAST_IN_SECOND_LIST] }),
    messagePointer: null,
    answerMetadata: () => ({}),
  };
}

/** It is listed with the others of its company, and with those of its type. */
export function assistantLists({ id, companyId, assistantType, lastMessageId }: ScopedThread): Lists {
  return {
    gsi1pk: keys.shardOf(keys.assistantThreadsOf(companyId), id),
    gsi2pk: keys.shardOf(keys.assistantThreadsOfType(companyId, assistantType), id),
    gsi2sk: lastMessageId,
  };
}

/** What each assistant is for. */
const TASKS: Readonly<Record<AssistantType, string>> = {
  onboarding:
    'You are the onboarding assistant of a marketing service. Find out what the company sells, to whom and where, and ' +
    'what it wants to reach. When you know all of it, sum it up and complete the thread.',
  general:
    'You are the assistant of a marketing service. Help the company with its advertising and its listings.',
  market_analysis:
    'You are the market analyst of a marketing service. Help the company to understand its market, its competitors and ' +
    'its customers. Say what you know, what you assume and what it would have to find out.',
  campaign_creation:
    'You are the campaign assistant of a marketing service. Work out an advertising campaign with the company: its aim, ' +
    'audience, budget, keywords and texts. When the company agrees to it, sum it up and complete the thread.',
};

/** The assistants whose work has an end. */
const COMPLETING: readonly AssistantType[] = ['onboarding', 'campaign_creation'];

const NO_ARGUMENTS: FreeJson = { type: 'object', properties: {} };

/**
 * A company's assistant. It knows what its thread is scoped to, and can read that; nothing that the model says chooses
 * the company, the customer or the location.
 */
export function assistantProfile({ companyId }: ThreadRef<'assistant'>, head: Item): Profile {
  const thread = toAssistantThread(head, companyId);
  const { defaultModel: model, maxTokens, effort } = modelConfiguration();
  const system = [`${TASKS[thread.assistantType]} ${scopeOf(thread)}`, FROM_THE_USER];
  const functions = functionsOf(thread);
  return { model, maxTokens, effort, system, functions, webhooks: null, isUntitled: false };
}

/** A thread as its head has it. */
type ScopedThread = Omit<AssistantThreadSummary, 'description'>;

/** The id of a location as Google gives it: nothing that could be read as an order. */
const LOCATION_ID = /^(?:accounts\/\d+\/)?(?:locations\/)?\d+$/u;

/**
 * By ids, which never change: what stands behind them does, and a function tells it. An id that is a text of the
 * company's own is told by that function too: no such text stands among the operator's.
 */
function scopeOf({ customerId, locationId }: ScopedThread): string {
  if (customerId !== null) return `This thread is about the Google Ads customer ${customerId}.`;
  if (locationId !== null && LOCATION_ID.test(locationId))
    return `This thread is about the Google Business location ${locationId}.`;
  if (locationId !== null) return 'This thread is about a Google Business location.';
  return 'This thread is about the company as a whole.';
}

function functionsOf(thread: ScopedThread): OwnTool[] {
  const { customerId, locationId, assistantType } = thread;
  return [
    ...(customerId === null ? [] : [reader(thread, 'customer')]),
    ...(locationId === null ? [] : [reader(thread, 'location')]),
    ...(COMPLETING.includes(assistantType) ? [completer(thread)] : []),
  ];
}

function reader(thread: ScopedThread, what: 'customer' | 'location'): OwnTool {
  const full = { customer: 'Google Ads customer', location: 'Google Business location' }[what];
  return {
    name: `read_${what}`,
    description: `Reads what is stored of this thread's ${full}.`,
    inputSchema: NO_ARGUMENTS,
    call: async (context) => {
      const how = { companyId: thread.companyId, consistent: true, context };
      const [references] = await readReferences([thread], how);
      const found = references?.[what];
      return found
        ? { ok: true, result: { id: found.id, ...found.profile } }
        : { ok: false, error: `The ${full} is not stored any more` };
    },
  };
}

function completer(thread: ScopedThread): OwnTool {
  return {
    name: 'complete_thread',
    description: 'Marks this thread as completed: its task is done, and the company has agreed.',
    inputSchema: NO_ARGUMENTS,
    call: async (context) => {
      await editAssistantThread(thread, { changes: { isCompleted: true }, expected: null }, context);
      return { ok: true, result: { is_completed: true } };
    },
  };
}
