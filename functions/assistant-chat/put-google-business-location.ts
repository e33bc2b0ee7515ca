import { endpoint } from '../http/endpoint.ts';
import { knownOnly } from '../http/schema.ts';
import { putGoogleBusinessLocation as put } from '../store/google-records.ts';
import { chat, companyAdminScope } from './api.ts';
import {
  locationPath,
  locationProfileSchema,
  locationSchema,
  locationShape,
} from './google-business-location.ts';

/** Stores a Google Business location of the company whole, so that threads can be scoped to it. */
export const putGoogleBusinessLocation = endpoint({
  operation: 'assistant-chat/put-google-business-location',
  summary: 'Store a Google Business location of a company',
  api: chat,
  method: 'PUT',
  path: '/api/v1/companies/{company_id}/google-business-locations/{location_id}',
  pathParameters: locationPath,
  body: locationProfileSchema,
  responses: { 200: locationSchema },
  access: { table: ['UpdateItem'], indexes: [] },
  authorize: (user, { path }) => companyAdminScope(user, path.company_id),
  handle: async ({ body, path, scope, context }) => {
    const location = { id: path.location_id, profile: knownOnly(locationProfileSchema, body) };
    return { status: 200, body: locationShape(await put(scope.companyId, location, context)) };
  },
});
