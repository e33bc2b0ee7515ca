import { isIntegerId } from '../domain/ids.ts';
import { endpoint } from '../http/endpoint.ts';
import { nextCursorHeader } from '../http/next-cursor.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { listGoogleAdsCustomers as list } from '../store/google-records.ts';
import { chat, companyParameter, companyScope, pageQuery } from './api.ts';
import { customerListSchema, customerShape } from './google-ads-customer.ts';

/** The company's Google Ads customers, in the order of their ids as text. */
export const listGoogleAdsCustomers = endpoint({
  operation: 'assistant-chat/list-google-ads-customers',
  summary: 'Google Ads customers of a company',
  api: chat,
  method: 'GET',
  path: '/api/v1/companies/{company_id}/google-ads-customers',
  pathParameters: companyParameter,
  query: pageQuery,
  responses: { 200: customerListSchema },
  access: { table: ['Query'], indexes: [] },
  authorize: (user, { path }) => companyScope(user, path.company_id),
  handle: async ({ query, scope }) => {
    const bound = { scope, list: ['google ads customers'], isPosition: isIntegerId };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    const { customers, next } = await list(scope.companyId, page);
    const headers = nextCursorHeader(toCursor(bound, next));
    return { status: 200, body: customers.map(customerShape), headers };
  },
});
