import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type {
  GoogleAdsCustomer,
  GoogleAdsCustomerProfile,
  GoogleBusinessLocation,
  GoogleBusinessLocationProfile,
} from '../domain/google-records.ts';
import { table } from './client.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { send } from './send.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import type { Item } from './transact.ts';

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
  const { Attributes } = await send(
    new UpdateCommand({
      TableName: table().name,
      Key: key,
      UpdateExpression: `SET id = :id, profile = :profile, dateUpdated = :now, dateAdded = if_not_exists(dateAdded, :now), ${SET_VERSION}`,
      ExpressionAttributeValues: {
        ':id': id,
        ':profile': profile,
        ':now': new Date(context.now()).toISOString(),
        ...VERSION_VALUE,
      },
      ReturnValues: 'ALL_NEW',
    }),
    { context },
  );
  return Attributes ?? {};
}

/** A company's customer, consistent, or null. */
export async function readGoogleAdsCustomer(
  companyId: number,
  id: number,
): Promise<GoogleAdsCustomer | null> {
  const item = await getItem(keys.googleAdsCustomer(companyId, id));
  return item && toCustomer(item);
}

/** A company's location, consistent, or null. */
export async function readGoogleBusinessLocation(
  companyId: number,
  id: string,
): Promise<GoogleBusinessLocation | null> {
  const item = await getItem(keys.googleBusinessLocation(companyId, id));
  return item && toLocation(item);
}

/** Which records: `limit` of them after the one of this id, in the order of their ids as text. */
interface Page {
  readonly limit: number;
  readonly after: string | null;
}

/** A page of a company's customers. `next` is the last one's id, or null where nothing follows. */
export async function listGoogleAdsCustomers(
  companyId: number,
  { limit, after }: Page,
): Promise<{ customers: GoogleAdsCustomer[]; next: string | null }> {
  const start = after === null ? undefined : keys.googleAdsCustomer(companyId, Number(after));
  const { items, next } = await listRecords(companyId, { range: keys.GOOGLE_ADS_CUSTOMERS, start, limit });
  return { customers: items.map(toCustomer), next };
}

/** A page of a company's locations. */
export async function listGoogleBusinessLocations(
  companyId: number,
  { limit, after }: Page,
): Promise<{ locations: GoogleBusinessLocation[]; next: string | null }> {
  const start = after === null ? undefined : keys.googleBusinessLocation(companyId, after);
  const { items, next } = await listRecords(companyId, {
    range: keys.GOOGLE_BUSINESS_LOCATIONS,
    start,
    limit,
  });
  return { locations: items.map(toLocation), next };
}

async function listRecords(
  companyId: number,
  { range, start, limit }: { range: keys.SortKeyRange; start: keys.Key | undefined; limit: number },
): Promise<{ items: Item[]; next: string | null }> {
  const pk = keys.company(companyId);
  const { items, hasMore } = await collect({ pk, range }, { order: 'asc', start, limit });
  const last = items.at(-1);
  return { items, next: hasMore && last ? String(last.id) : null };
}

/** The item as putGoogleAdsCustomer wrote it. */
export function toCustomer(item: Item): GoogleAdsCustomer {
  return {
    id: item.id as number,
    profile: item.profile as GoogleAdsCustomerProfile,
    dateAdded: item.dateAdded as string,
    dateUpdated: item.dateUpdated as string,
  };
}

/** The item as putGoogleBusinessLocation wrote it. */
export function toLocation(item: Item): GoogleBusinessLocation {
  return { id: item.id as string, profile: item.profile as GoogleBusinessLocationProfile };
}
