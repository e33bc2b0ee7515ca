import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import { docs } from './api.ts';

/** The API as a web page on which each operation can be tried. It asks this origin for everything. */
export const getPage = endpoint({
  operation: 'docs/get-page',
  summary: 'This document as a page, with every operation to try',
  api: docs,
  method: 'GET',
  path: '/docs',
  mediaType: 'text/html; charset=utf-8',
  isStatic: true,
  responses: { 200: schema({ type: 'string' }) },
  access: { table: [], indexes: [] },
  authorize: () => null,
  handle: async () => {
    const { page, policy } = await import('parley:docs-page');
    const headers = {
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
    };
    return { status: 200, body: page, headers };
  },
});
