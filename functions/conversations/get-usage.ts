import { ParleyError } from '../domain/errors.ts';
import { type BrandScope, brandScope, type User } from '../domain/principal.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { checkUsageDays, usageDays, usageQuery } from '../http/usage-query.ts';
import { DAY_USAGE, dayUsageShape } from '../http/usage-shape.ts';
import { readUsage } from '../store/usage.ts';
import { ai } from './api.ts';

/** What all users of the brand have used, by day (UTC) and model. */
export const getUsage = endpoint({
  operation: 'conversations/get-usage',
  summary: 'Usage of a brand by day and model',
  api: ai,
  method: 'GET',
  path: '/v1/usage',
  query: usageQuery,
  responses: {
    200: schema({
      type: 'object',
      properties: { from: field.day, to: field.day, data: { type: 'array', items: DAY_USAGE } },
      required: ['from', 'to', 'data'],
    }),
  },
  access: { table: ['Query'], indexes: [] },
  check: checkUsageDays,
  authorize: adminScope,
  handle: async ({ query, scope, context }) => {
    const days = usageDays(query, context.now());
    const used = await readUsage(scope.tenant, { ...days, nowMs: context.now() });
    return { status: 200, body: { ...days, data: used.map(dayUsageShape) } };
  },
});

/** @throws ParleyError forbidden when the caller is no administrator of the brand of the token */
function adminScope(user: User): BrandScope {
  const scope = brandScope(user);
  if (!user.roles.includes('admin')) throw new ParleyError('forbidden', 'The role admin is required');
  return scope;
}
