import type { GoogleBusinessLocation } from '../domain/google-records.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

const PROFILE = {
  title: field.name,
  store_code: field.name,
  maps_uri: field.url,
  storefront_address: {
    type: 'object',
    properties: {
      region_code: field.name,
      language_code: field.name,
      postal_code: field.name,
      administrative_area: field.name,
      locality: field.name,
      sublocality: field.name,
      address_lines: { type: 'array', items: field.name, maxItems: 20 },
    },
  },
} as const;

export const LOCATION = { type: 'object', properties: { id: { type: 'string' }, ...PROFILE } } as const;

export const locationSchema = schema(LOCATION);
export const locationListSchema = schema({ type: 'array', items: LOCATION });
export const locationProfileSchema = schema({ type: 'object', properties: PROFILE });
export const locationPath = schema({
  type: 'object',
  properties: { company_id: field.integerId, location_id: { ...field.id, minLength: 1 } },
  required: ['company_id', 'location_id'],
});

export function locationShape({ id, profile }: GoogleBusinessLocation): Of<typeof locationSchema> {
  // The stored profile is what locationProfileSchema accepted.
  return { id, ...(profile as Of<typeof locationProfileSchema>) };
}
