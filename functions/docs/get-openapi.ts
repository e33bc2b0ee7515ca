import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import { docs } from './api.ts';

/** All operations, as an OpenAPI document. */
export const getOpenapi = endpoint({
  operation: 'docs/get-openapi',
  summary: 'This document',
  api: docs,
  method: 'GET',
  path: '/openapi.json',
  isStatic: true,
  responses: { 200: schema({ type: 'object', additionalProperties: true }) },
  access: { table: [], indexes: [] },
  authorize: () => null,
  handle: async () => ({ status: 200, body: (await import('parley:openapi')).document }),
});
