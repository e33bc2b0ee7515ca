import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { readGoogleAdsCustomer } from '../store/google-records.ts';
import { chat, companyScope } from './api.ts';
import { customerPath, customerSchema, customerShape } from './google-ads-customer.ts';

/** A Google Ads customer as the company stored it. */
export const getGoogleAdsCustomer = endpoint({
  operation: 'assistant-chat/get-google-ads-customer',
  summary: 'Google Ads customer of a company',
  api: chat,
  method: 'GET',
  path: '/api/v1/companies/{company_id}/google-ads-customers/{customer_id}',
  pathParameters: customerPath,
  responses: { 200: customerSchema },
  access: { table: ['GetItem'], indexes: [] },
  authorize: (user, { path }) => companyScope(user, path.company_id),
  handle: async ({ path, scope }) => {
    const customer = await readGoogleAdsCustomer(scope.companyId, path.customer_id);
    if (!customer) throw notFound(`Google Ads customer ${path.customer_id}`);
    return { status: 200, body: customerShape(customer) };
  },
});
