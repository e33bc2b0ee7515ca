import { endpoint } from '../http/endpoint.ts';
import { knownOnly } from '../http/schema.ts';
import { putGoogleAdsCustomer as put } from '../store/google-records.ts';
import { chat, companyAdminScope } from './api.ts';
import { customerPath, customerProfileSchema, customerSchema, customerShape } from './google-ads-customer.ts';

/** Stores a Google Ads customer of the company whole, so that threads can be scoped to it. */
export const putGoogleAdsCustomer = endpoint({
  operation: 'assistant-chat/put-google-ads-customer',
  summary: 'Store a Google Ads customer of a company',
  api: chat,
  method: 'PUT',
  path: '/api/v1/companies/{company_id}/google-ads-customers/{customer_id}',
  pathParameters: customerPath,
  body: customerProfileSchema,
  responses: { 200: customerSchema },
  access: { table: ['UpdateItem'], indexes: [] },
  authorize: (user, { path }) => companyAdminScope(user, path.company_id),
  handle: async ({ body, path, scope, context }) => {
    const customer = { id: path.customer_id, profile: knownOnly(customerProfileSchema, body) };
    return { status: 200, body: customerShape(await put(scope.companyId, customer, context)) };
  },
});
