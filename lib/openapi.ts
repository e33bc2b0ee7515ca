import { endpoints } from '../functions/endpoints.ts';
import type { AnyOperation } from '../functions/http/endpoint.ts';
import type { JsonSchema, Schema } from '../functions/http/schema.ts';
import { streamEndpoints } from '../functions/stream-endpoints.ts';
import { bundleName } from './bundle-names.ts';
import { type Described, described, describedStream, responsesOf } from './openapi-responses.ts';

const TEXT = { type: 'string' } as const;

/** The bodies of everything that is no success: the two styles of our APIs, and API Gateway's own. */
const ERRORS = {
  Error: { type: 'object', properties: { error: TEXT, message: TEXT }, required: ['error', 'message'] },
  HTTPError: { type: 'object', properties: { detail: TEXT }, required: ['detail'] },
  HTTPValidationError: {
    type: 'object',
    properties: {
      detail: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            loc: { type: 'array', items: { type: ['string', 'integer'] } },
            msg: TEXT,
            type: TEXT,
          },
          required: ['loc', 'msg', 'type'],
        },
      },
    },
    required: ['detail'],
  },
  GatewayError: { type: 'object', properties: { message: TEXT }, required: ['message'] },
} as const;

/** The API as OpenAPI 3.1, made from the endpoints. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const each of [...endpoints.map(described), ...streamEndpoints.map(describedStream)]) {
    const methods = (paths[each.path] ??= {});
    methods[each.method.toLowerCase()] = operation(each);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: '0.1.0',
      description: 'Threads and messages: four public APIs over one conversation core.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document comes from' }],
    paths,
    components: {
      schemas: ERRORS,
      securitySchemes: {
        jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        'api-key': { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  };
}

function operation(endpoint: Described): object {
  const { api, summary, body } = endpoint;
  return {
    operationId: bundleName(endpoint),
    summary,
    tags: [api.name],
    security: api.auth === 'none' ? [] : [{ [api.auth]: [] }],
    parameters: parameters(endpoint),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body.json } } } }),
    responses: responsesOf(endpoint),
  };
}

function parameters({ method, query, pathParameters, headers }: AnyOperation): object[] {
  const key = { name: 'idempotency-key', in: 'header', required: false, schema: { ...TEXT, maxLength: 255 } };
  return [
    ...parametersIn('path', pathParameters),
    ...parametersIn('query', query),
    ...parametersIn('header', headers),
    ...(method === 'POST' ? [key] : []),
  ];
}

function parametersIn(place: string, schema: Schema<unknown> | undefined): object[] {
  const { properties = {}, required = [] }: JsonSchema = schema?.json ?? {};
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}
