import type { GoogleAdsCustomer } from '../domain/google-records.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

const PROFILE = {
  descriptive_name: field.name,
  currency_code: field.name,
  time_zone: field.name,
  status: field.name,
  manager: { type: 'boolean' },
  is_active: { type: 'boolean' },
  is_deleted: { type: 'boolean' },
} as const;

export const CUSTOMER = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    date_added: field.timestamp,
    date_updated: field.timestamp,
    ...PROFILE,
  },
} as const;

export const customerSchema = schema(CUSTOMER);
export const customerListSchema = schema({ type: 'array', items: CUSTOMER });
export const customerProfileSchema = schema({ type: 'object', properties: PROFILE });
export const customerPath = schema({
  type: 'object',
  properties: { company_id: field.integerId, customer_id: field.integerId },
  required: ['company_id', 'customer_id'],
});

export function customerShape({
  id,
  dateAdded,
  dateUpdated,
  profile,
}: GoogleAdsCustomer): Of<typeof customerSchema> {
  return { id, date_added: dateAdded, date_updated: dateUpdated, ...profile };
}
