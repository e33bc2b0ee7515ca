import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyOperation } from '../../functions/http/endpoint.ts';
import { streamEndpoints } from '../../functions/stream-endpoints.ts';
import { openApiDocument } from '../../lib/openapi.ts';
import { contract, contractOf } from '../support/contract.ts';

/**
 * Our schemas, held against the contract's: a client written against the contract must be able to send what it says
 * and to read what it gets. We may take less (limits) and answer more (fields).
 */
type Schema = Readonly<Record<string, unknown>> & {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
};

function resolved(schema: Schema | undefined): Schema {
  const reference = schema?.$ref as string | undefined;
  if (!reference) return schema ?? {};
  const path = reference.split('/').slice(1);
  return path.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], contract) as Schema;
}

/** The types that a schema allows, `null` among them. */
function typesOf(schema: Schema): string[] {
  const either = schema.anyOf as Schema[] | undefined;
  return (either?.flatMap((each) => typesOf(resolved(each))) ?? [schema.type].flat().map(String)).toSorted();
}

/** Where ours says something else than the contract, as paths. */
function differences(theirs: Schema, ours: Schema | undefined, path = ''): string[] {
  const wanted = resolved(theirs);
  if (!ours) return [`${path} is missing`];
  const found: string[] = [];
  if (String(typesOf(wanted)) !== String(typesOf(ours)))
    found.push(`${path} is ${String(typesOf(ours))}, not ${String(typesOf(wanted))}`);
  const required = (schema: Schema) => ((schema.required ?? []) as string[]).toSorted();
  const missing = required(wanted).filter((name) => !required(ours).includes(name));
  if (missing.length > 0) found.push(`${path} does not require ${missing.join(', ')}`);
  if (wanted.enum && JSON.stringify(wanted.enum) !== JSON.stringify(ours.enum))
    found.push(`${path} has another enum`);
  if (wanted.default !== undefined && wanted.default !== ours.default)
    found.push(`${path} has another default`);
  const [either] = (ours.anyOf as Schema[] | undefined) ?? [ours];
  const [wantedEither] = (wanted.anyOf as Schema[] | undefined)?.map(resolved) ?? [wanted];
  for (const [name, property] of Object.entries(wantedEither?.properties ?? {})) {
    found.push(...differences(property, either?.properties?.[name], `${path}.${name}`));
  }
  if (wanted.items) found.push(...differences(wanted.items, ours.items, `${path}[]`));
  return found;
}

const published = openApiDocument() as typeof contract;

function inContract<Operation extends AnyOperation>(endpoint: Operation) {
  const theirs = contractOf(endpoint);
  return theirs ? [{ endpoint, theirs, name: `${endpoint.method} ${endpoint.path}` }] : [];
}
const answering = endpoints.flatMap(inContract);
const listed = [...answering, ...streamEndpoints.flatMap(inContract)];

test('every operation of the contract is served', () => {
  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = [...endpoints, ...streamEndpoints].map(({ method, path }) => `${method} ${path}`);
  expect(operations.filter((name) => !served.includes(name))).toEqual([]);
});

describe.each(listed)('$name', ({ endpoint, theirs }) => {
  test('takes the body of the contract', () => {
    const schema = theirs.requestBody?.content['application/json']?.schema as Schema | undefined;
    if (!schema) return expect(endpoint.body).toBeUndefined();
    const ours = endpoint.body?.json as Schema;
    expect(differences(schema, ours)).toEqual([]);
    expect(((ours.required ?? []) as string[]).toSorted()).toEqual(
      ((resolved(schema).required ?? []) as string[]).toSorted(),
    );
  });

  test('takes the parameters of the contract, and requires no others', () => {
    const places = { query: endpoint.query?.json, path: endpoint.pathParameters?.json };
    for (const { name, in: place, required, schema } of theirs.parameters ?? []) {
      const ours = places[place as keyof typeof places];
      const property = ours?.properties?.[name];
      expect(differences(schema as Schema, property, `${place} ${name}`)).toEqual([]);
      for (const bound of ['minimum', 'maximum'])
        if (schema[bound] !== undefined) expect(property?.[bound], `${place} ${name}`).toBe(schema[bound]);
      expect(ours?.required?.includes(name) ?? false, `${place} ${name}`).toBe(required);
    }
    const known = (theirs.parameters ?? []).filter(({ required }) => required).map(({ name }) => name);
    const requiredByUs = [...(places.query?.required ?? []), ...(places.path?.required ?? [])];
    expect(requiredByUs.toSorted()).toEqual(known.toSorted());
  });

  test('says of every error in the contract that it has it, in the shape of its API', () => {
    const { responses } = published.paths[endpoint.path]?.[endpoint.method.toLowerCase()] ?? {};
    for (const [status, { content }] of Object.entries(theirs.responses)) {
      const schema = JSON.stringify(content?.['application/json']?.schema);
      const ours = JSON.stringify(responses?.[status]?.content?.['application/json']?.schema);
      if (Number(status) >= 400) expect(ours, status).toContain(schema.slice(1, -1));
    }
  });

  test('answers success in the media type of the contract', () => {
    const { responses } = published.paths[endpoint.path]?.[endpoint.method.toLowerCase()] ?? {};
    for (const [status, { content = {} }] of Object.entries(theirs.responses))
      if (Number(status) < 300)
        expect(Object.keys(responses?.[status]?.content ?? {})).toEqual(
          expect.arrayContaining(Object.keys(content)),
        );
  });
});

describe.each(answering)('$name', ({ endpoint, theirs }) => {
  test('answers success with the status and the shape of the contract', () => {
    const successes = Object.entries(theirs.responses).filter(([status]) => Number(status) < 300);
    for (const [status, { content }] of successes) {
      const schema = content?.['application/json']?.schema as Schema | undefined;
      expect(endpoint.responses).toHaveProperty(status);
      if (!schema) continue; // the contract leaves one shape to its text
      expect(differences(schema, endpoint.responses[Number(status)]?.json as Schema)).toEqual([]);
    }
  });
});
