import { isTextId } from '../domain/ids.ts';
import { endpoint } from '../http/endpoint.ts';
import { nextCursorHeader } from '../http/next-cursor.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { listGoogleBusinessLocations as list } from '../store/google-records.ts';
import { chat, companyParameter, companyScope, pageQuery } from './api.ts';
import { locationListSchema, locationShape } from './google-business-location.ts';

/** The company's Google Business locations, in the order of their ids as text. */
export const listGoogleBusinessLocations = endpoint({
  operation: 'assistant-chat/list-google-business-locations',
  summary: 'Google Business locations of a company',
  api: chat,
  method: 'GET',
  path: '/api/v1/companies/{company_id}/google-business-locations',
  pathParameters: companyParameter,
  query: pageQuery,
  responses: { 200: locationListSchema },
  access: { table: ['Query'], indexes: [] },
  authorize: (user, { path }) => companyScope(user, path.company_id),
  handle: async ({ query, scope }) => {
    const bound = { scope, list: ['google business locations'], isPosition: isTextId };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    const { locations, next } = await list(scope.companyId, page);
    const headers = nextCursorHeader(toCursor(bound, next));
    return { status: 200, body: locations.map(locationShape), headers };
  },
});
