import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { checkUsageDays, USAGE_DAYS, usageDays } from '../http/usage-query.ts';
import { dayUsageShape, usageListSchema } from '../http/usage-shape.ts';
import { readUsage } from '../store/usage.ts';
import { chat, companyScope } from './api.ts';

/** What all users of the company have used, by day (UTC) and model. */
export const getUsage = endpoint({
  operation: 'assistant-chat/get-usage',
  summary: 'Usage of a company by day and model',
  api: chat,
  method: 'GET',
  path: '/api/v1/chat/usage',
  query: schema({
    type: 'object',
    properties: { company_id: field.integerId, ...USAGE_DAYS },
    required: ['company_id'],
  }),
  responses: { 200: usageListSchema },
  access: { table: ['Query'], indexes: [] },
  check: checkUsageDays,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ query, scope, context }) => {
    const days = usageDays(query, context.now());
    const used = await readUsage(scope.tenant, { ...days, nowMs: context.now() });
    return { status: 200, body: used.map(dayUsageShape) };
  },
});
