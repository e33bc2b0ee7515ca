import { endpoint } from '../http/endpoint.ts';
import { checkUsageDays, usageDays, usageQuery } from '../http/usage-query.ts';
import { dayUsageShape, usageListSchema } from '../http/usage-shape.ts';
import { readUsage } from '../store/usage.ts';
import { agentStudio, organizationScope } from './api.ts';

/** What all agents of the organization have used, by day (UTC) and model. */
export const getUsage = endpoint({
  operation: 'agent-chat/get-usage',
  summary: 'Usage of an organization by day and model',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/agents/usage',
  query: usageQuery,
  responses: { 200: usageListSchema },
  access: { table: ['Query'], indexes: [] },
  check: checkUsageDays,
  authorize: (holder) => organizationScope(holder, 'admin'),
  handle: async ({ query, scope, context }) => {
    const days = usageDays(query, context.now());
    const used = await readUsage(scope.tenant, { ...days, nowMs: context.now() });
    return { status: 200, body: used.map(dayUsageShape) };
  },
});
