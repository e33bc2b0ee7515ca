import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { readGoogleBusinessLocation } from '../store/google-records.ts';
import { chat, companyScope } from './api.ts';
import { locationPath, locationSchema, locationShape } from './google-business-location.ts';

/** A Google Business location as the company stored it. */
export const getGoogleBusinessLocation = endpoint({
  operation: 'assistant-chat/get-google-business-location',
  summary: 'Google Business location of a company',
  api: chat,
  method: 'GET',
  path: '/api/v1/companies/{company_id}/google-business-locations/{location_id}',
  pathParameters: locationPath,
  responses: { 200: locationSchema },
  access: { table: ['GetItem'], indexes: [] },
  authorize: (user, { path }) => companyScope(user, path.company_id),
  handle: async ({ path, scope }) => {
    const location = await readGoogleBusinessLocation(scope.companyId, path.location_id);
    if (!location) throw notFound(`Google Business location ${path.location_id}`);
    return { status: 200, body: locationShape(location) };
  },
});
