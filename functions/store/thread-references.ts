import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { Assistant, AssistantType, ThreadReferences } from '../domain/threads.ts';
import { table } from './client.ts';
import { toCustomer, toLocation } from './google-records.ts';
import * as keys from './keys.ts';
import { type Item, pause } from './transact.ts';

/** The references as far as the company has them: its assistant of a type is made on first use. */
type Found = Omit<ThreadReferences, 'assistant'> & { readonly assistant: Assistant | null };

/** Reads all that a new assistant thread refers to in one round trip. */
export async function readThreadReferences(
  companyId: number,
  wanted: { type: AssistantType; customerId: number | null; locationId: string | null },
  context: Context,
): Promise<Found> {
  const assistantKey = keys.assistant(companyId, wanted.type);
  const customerKey =
    wanted.customerId === null ? null : keys.googleAdsCustomer(companyId, wanted.customerId);
  const locationKey =
    wanted.locationId === null ? null : keys.googleBusinessLocation(companyId, wanted.locationId);
  const items = await readAll(
    [assistantKey, customerKey, locationKey].filter((key) => key !== null),
    context,
  );
  const find = (key: keys.Key | null) => items.find((item) => item.sk === key?.sk);
  const [assistant, customer, location] = [find(assistantKey), find(customerKey), find(locationKey)];
  return {
    assistant: assistant ? { id: assistant.id as string, assistantType: wanted.type } : null,
    customer: customer ? toCustomer(customer) : null,
    location: location ? toLocation(location) : null,
  };
}

/** BatchGetItem may leave keys unprocessed when it is throttled: they are asked for again. */
async function readAll(wanted: readonly keys.Key[], context: Context): Promise<Item[]> {
  const items: Item[] = [];
  let missing: Item[] = wanted.map((key) => ({ ...key }));
  for (let attempt = 0; missing.length > 0; attempt += 1) {
    const { Responses, UnprocessedKeys } = await table().client.send(
      new BatchGetCommand({ RequestItems: { [table().name]: { Keys: missing, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[table().name] ?? []));
    missing = UnprocessedKeys?.[table().name]?.Keys ?? [];
    if (missing.length > 0 && !(await pause(attempt, context))) {
      throw new ParleyError('internal_error', 'No time left to read');
    }
  }
  return items;
}
