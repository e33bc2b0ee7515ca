import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';

/** Whether the API answers at all; reads nothing and needs no credential. */
export const getHealth = endpoint({
  operation: 'health/get-health',
  summary: 'Liveness',
  api: { name: 'health', auth: 'none', errors: 'code' },
  method: 'GET',
  path: '/health',
  responses: {
    200: schema({ type: 'object', properties: { status: { type: 'string' } }, required: ['status'] }),
  },
  access: { table: [], indexes: [] },
  authorize: () => null,
  handle: async () => ({ status: 200, body: { status: 'ok' } }),
});
