import type { Context } from '../domain/context.ts';
import type { Assistant, AssistantType, ThreadReferences } from '../domain/threads.ts';
import { getItems, type Items } from './get-items.ts';
import { toCustomer, toLocation } from './google-records.ts';
import * as keys from './keys.ts';

/** The ids by which a thread refers to a company's records. */
interface References {
  readonly customerId: number | null;
  readonly locationId: string | null;
}

/** The references of a new thread as far as the company has them: its assistant of a type is made on first use. */
export async function readReferencesOfNew(
  companyId: number,
  { type, ...references }: References & { type: AssistantType },
  context: Context,
): Promise<ThreadReferences & { assistant: Assistant | null }> {
  const key = keys.assistant(companyId, type);
  const items = await getItems([key, ...keysOf(companyId, references)], { consistent: true, context });
  const assistant = items.of(key);
  return {
    assistant: assistant ? { id: assistant.id as string, assistantType: type } : null,
    ...found(items, companyId, references),
  };
}

/** What stored threads of a company refer to, in their order. Each record is read once. */
export async function readReferences(
  threads: readonly References[],
  { companyId, ...how }: { companyId: number; consistent: boolean; context: Context },
): Promise<ThreadReferences[]> {
  const wanted = threads.flatMap((thread) => keysOf(companyId, thread));
  const items = await getItems(wanted, how);
  return threads.map((thread) => found(items, companyId, thread));
}

function keysOf(companyId: number, { customerId, locationId }: References): keys.Key[] {
  return [
    ...(customerId === null ? [] : [keys.googleAdsCustomer(companyId, customerId)]),
    ...(locationId === null ? [] : [keys.googleBusinessLocation(companyId, locationId)]),
  ];
}

function found(items: Items, companyId: number, { customerId, locationId }: References): ThreadReferences {
  const customer = customerId === null ? undefined : items.of(keys.googleAdsCustomer(companyId, customerId));
  const location =
    locationId === null ? undefined : items.of(keys.googleBusinessLocation(companyId, locationId));
  return {
    customer: customer ? toCustomer(customer) : null,
    location: location ? toLocation(location) : null,
  };
}
