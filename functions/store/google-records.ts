import { BatchGetCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type {
  GoogleAdsCustomer,
  GoogleAdsCustomerProfile,
  GoogleBusinessLocation,
  GoogleBusinessLocationProfile,
} from '../domain/google-records.ts';
import type { Assistant, AssistantType } from '../domain/threads.ts';
import { table } from './client.ts';
import * as keys from './keys.ts';
import { type Item, pause } from './transact.ts';

/** Stores a company's customer whole: what the profile leaves out is gone. The day it was added stays. */
export async function putGoogleAdsCustomer(
  companyId: number,
  { id, profile }: { id: number; profile: GoogleAdsCustomerProfile },
  context: Context,
): Promise<GoogleAdsCustomer> {
  return toCustomer(await putProfile(keys.googleAdsCustomer(companyId, id), { id, profile }, context));
}

/** Stores a company's location whole. */
export async function putGoogleBusinessLocation(
  companyId: number,
  { id, profile }: { id: string; profile: GoogleBusinessLocationProfile },
  context: Context,
): Promise<GoogleBusinessLocation> {
  return toLocation(await putProfile(keys.googleBusinessLocation(companyId, id), { id, profile }, context));
}

async function putProfile(
  key: keys.Key,
  { id, profile }: { id: number | string; profile: object },
  context: Context,
): Promise<Item> {
  const { Attributes } = await table().client.send(
    new UpdateCommand({
      TableName: table().name,
      Key: key,
      UpdateExpression:
        'SET id = :id, profile = :profile, dateUpdated = :now, dateAdded = if_not_exists(dateAdded, :now)',
      ExpressionAttributeValues: {
        ':id': id,
        ':profile': profile,
        ':now': new Date(context.now()).toISOString(),
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes ?? {};
}

/** A company's customer, consistent, or null. */
export async function readGoogleAdsCustomer(
  companyId: number,
  id: number,
): Promise<GoogleAdsCustomer | null> {
  const item = await read(keys.googleAdsCustomer(companyId, id));
  return item && toCustomer(item);
}

/** A company's location, consistent, or null. */
export async function readGoogleBusinessLocation(
  companyId: number,
  id: string,
): Promise<GoogleBusinessLocation | null> {
  const item = await read(keys.googleBusinessLocation(companyId, id));
  return item && toLocation(item);
}

async function read(Key: keys.Key): Promise<Item | null> {
  const { Item } = await table().client.send(
    new GetCommand({ TableName: table().name, Key, ConsistentRead: true }),
  );
  return Item ?? null;
}

/** What a new assistant thread refers to, as far as the company has it. */
export interface ThreadReferences {
  readonly assistant: Assistant | null;
  readonly customer: GoogleAdsCustomer | null;
  readonly location: GoogleBusinessLocation | null;
}

/** Reads all that a new assistant thread refers to in one round trip. */
export async function readThreadReferences(
  companyId: number,
  wanted: { type: AssistantType; customerId: number | null; locationId: string | null },
  context: Context,
): Promise<ThreadReferences> {
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
    if (missing.length > 0 && !(await pause(attempt, context))) throw new Error('No time left to read');
  }
  return items;
}

/** The items as putProfile wrote them. */
function toCustomer(item: Item): GoogleAdsCustomer {
  return {
    id: item.id as number,
    profile: item.profile as GoogleAdsCustomerProfile,
    dateAdded: item.dateAdded as string,
    dateUpdated: item.dateUpdated as string,
  };
}

function toLocation(item: Item): GoogleBusinessLocation {
  return { id: item.id as string, profile: item.profile as GoogleBusinessLocationProfile };
}
