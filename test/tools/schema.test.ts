import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact } from '../../functions/domain/exact-json.ts';
import type { FreeJson } from '../../functions/domain/json.ts';
import { argumentsFault, toolSchemaFault } from '../../functions/tools/schema.ts';

const object = (rest: object = {}): FreeJson => ({ type: 'object', ...rest });
const withProperty = (schema: unknown) => object({ properties: { a: schema } });
const pathOf = (schema: FreeJson) => toolSchemaFault(schema)?.path.join('/');
const exact = (json: string) => parseExact(json) as FreeJson;

describe('a tool’s schema', () => {
  test.each([
    object(),
    object({ $schema: 'http://json-schema.org/draft-07/schema#', $id: 'https://example.com/weather' }),
    withProperty({ type: ['string', 'null'], pattern: '^\\p{L}+$', minLength: 1, default: { type: 5 } }),
    {
      ...withProperty({ $ref: '#/$defs/a~1b%23' }),
      $defs: { 'a/b#': { enum: [{ $ref: 'https://example.com/data-only' }] } },
    },
    object({ properties: { children: { type: 'array', items: { $ref: '#' } } } }),
    object({ properties: { $ref: { type: 'string' }, if: true, __proto__: { type: 'string' } } }),
    exact('{"type":"object","properties":{"a":{"type":"integer","maximum":9223372036854775807}}}'),
  ])('is taken: %j', (schema) => {
    expect(toolSchemaFault(schema)).toBeNull();
  });

  test.each([
    [{}, 'type'],
    [{ type: ['object'] }, 'type'],
    [object({ anyOf: [{ required: ['a'] }] }), 'anyOf'],
    [object({ properties: { context: {} } }), 'properties/context'],
    [object({ required: ['context'] }), 'required'],
    [object({ properties: null }), 'properties'],
    [object({ required: 'a' }), 'required'],
    [withProperty({ type: 'text' }), 'properties/a/type'],
    [withProperty({ items: [{ type: 'string' }] }), 'properties/a/items'],
    [withProperty({ items: { minLength: -1 } }), 'properties/a/items/minLength'],
    [withProperty({ anyOf: [{}, { multipleOf: 0 }] }), 'properties/a/anyOf/1/multipleOf'],
    [withProperty({ pattern: '(' }), 'properties/a/pattern'],
    [withProperty({ patternProperties: { '[': {} } }), 'properties/a/patternProperties/['],
    [withProperty({ $ref: 'https://example.com/schema' }), 'properties/a/$ref'],
    [withProperty({ $ref: 'other.json#/a' }), 'properties/a/$ref'],
    [withProperty({ $ref: '#/$defs/none' }), 'properties/a/$ref'],
    [withProperty({ $dynamicRef: '#meta' }), 'properties/a/$dynamicRef'],
    [withProperty({ 'a/b': 1, properties: { 'c/d': { type: 1 } } }), 'properties/a/properties/c/d/type'],
  ])('is refused at its place: %j', (schema, path) => {
    expect(pathOf(schema)).toBe(path);
  });

  test.each([
    ['refers to itself without end', object({ $ref: '#' })],
    ['has an $id that is none', object({ $id: 'https://' })],
  ])('is refused when it %s', (_what, schema) => {
    expect(toolSchemaFault(schema)?.message).toContain('cannot be checked');
  });

  test('never makes its check throw', () => {
    const keyword = fc.constantFrom('type', '$ref', '$id', 'properties', 'items', 'allOf', 'pattern', 'enum');
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('object', '#', '#/properties/a', '(', ''),
        fc.jsonValue(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(keyword, tie('node'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keyword, node), fc.jsonValue(), (schema, given) => {
        for (const fault of [toolSchemaFault(object(schema)), argumentsFault(object(schema), given)])
          if (fault) expect(fault.message).not.toBe('');
      }),
    );
  });
});

describe('arguments', () => {
  const weather = object({
    properties: { city: { type: 'string' }, days: { type: 'array', items: { type: 'integer' } } },
    required: ['city'],
    additionalProperties: false,
  });

  test.each([
    [{ city: 'Berlin' }, null],
    [exact('{"city":"Berlin","days":[9007199254740993]}'), null],
    [{}, ['', 'does not fit "required"']],
    [{ city: 1 }, ['city', 'does not fit "type"']],
    [{ city: 'Berlin', days: [1, 'two'] }, ['days/1', 'does not fit "type"']],
    [{ city: 'Berlin', '°': 1 }, ['°', expect.stringContaining('does not fit')]],
    ['Berlin', ['', 'does not fit "type"']],
  ])('%j fit or are refused at their place', (given, expected) => {
    const fault = argumentsFault(weather, given);
    expect(fault && [fault.path.join('/'), fault.message]).toEqual(expected);
  });

  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => {
      const next = { $ref: `#/$defs/${index + 1}` };
      return [index, index < 39 ? { allOf: [next, next] } : {}];
    }),
  );
  test.each([
    ['a pattern that backtracks without end', withProperty({ pattern: '^(a+)+$' })],
    ['references that double forty times', { ...withProperty({ $ref: '#/$defs/0' }), $defs: doubling }],
    [
      'references in a circle',
      { ...withProperty({ $ref: '#/$defs/x' }), $defs: { x: { $ref: '#/$defs/x' } } },
    ],
  ])('are refused within seconds by %s', (_what, schema) => {
    const startedAtMs = performance.now();
    const fault = argumentsFault(schema, { a: `${'a'.repeat(60)}!` });
    expect(fault?.message).toContain('cannot be checked');
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});
