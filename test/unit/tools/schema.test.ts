import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExact } from '../../../functions/domain/exact-json.ts';
import type { FreeJson } from '../../../functions/domain/json.ts';
import { METASCHEMA } from '../../../functions/tools/metaschema.ts';
import { argumentsFault, toolSchemaFaults } from '../../../functions/tools/schema.ts';
import { brokenToolRule } from '../../../lib/local/messages-api/tool-rules.ts';
import { countTimedRuns } from '../../support/timed-runs.ts';

const object = (rest: object = {}): FreeJson => ({ type: 'object', ...rest });
const withProperty = (schema: unknown) => object({ properties: { a: schema } });
const toolSchemaFault = (schema: FreeJson) => toolSchemaFaults([{ inputSchema: schema }])[0] ?? null;
const misfit = (schema: FreeJson, given: unknown) =>
  argumentsFault(schema, given, { leftMs: 2_000, now: Date.now });
const pathOf = (schema: FreeJson) => toolSchemaFault(schema)?.path.join('/');
const exact = (json: string) => parseExact(json) as FreeJson;

/** References that double forty times: what they lead to would be looked at a trillion times. */
const doubling = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => {
    const next = { $ref: `#/$defs/${index + 1}` };
    return [index, index < 39 ? { allOf: [next, next] } : {}];
  }),
);
const endless = object({ if: { $ref: '#/$defs/0' }, $defs: doubling });

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
    object({ properties: { if: true, 'a.b-c_9': {}, ['a'.repeat(64)]: {} } }),
    exact('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
    object({ patternProperties: { '^\\$': {} }, $defs: { 'a b': {} }, dependentRequired: { $a: ['$b'] } }),
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
    [withProperty({ $defs: { 'c/d': { type: 1 } } }), 'properties/a/$defs/c/d/type'],
    [withProperty({ $id: 'a#b' }), 'properties/a/$id'],
    [withProperty({ dependencies: { b: 1 } }), 'properties/a/dependencies/b'],
    [withProperty({ dependencies: { b: { properties: { $top: {} } } } }), 'properties/a/dependencies/b'],
    [withProperty({ $dynamicAnchor: '#' }), 'properties/a/$dynamicAnchor'],
    [object({ properties: { $top: {} } }), 'properties/$top'],
    [object({ properties: { '': {} } }), 'properties/'],
    [object({ properties: { 'a\n': {} } }), 'properties/a\n'],
    [object({ properties: { größe: {} } }), 'properties/größe'],
    [object({ properties: { ['a'.repeat(65)]: {} } }), `properties/${'a'.repeat(65)}`],
    [object({ description: '\ud83d' }), 'description'],
    [exact('{"type":"object","description":"\\ud83d"}'), 'description'],
    [object({ properties: { '\ud83d': {} } }), 'properties/\ufffd'],
    [withProperty({ enum: ['a', { b: ['\ude00'] }] }), 'properties/a/enum/1/b/0'],
    [withProperty({ 'x-unknown': { '\ud83d': 1 } }), 'properties/a/x-unknown/\ufffd'],
  ])('is refused at its place: %j', (schema, path) => {
    expect(pathOf(schema)).toBe(path);
  });

  test.each([
    ['refers to itself without end', object({ $ref: '#' })],
    ['has an $id that is none', object({ $id: 'https://' })],
  ])('is refused when it %s', (_what, schema) => {
    expect(toolSchemaFault(schema)?.message).toContain('cannot be checked');
  });

  const named = { properties: { 'filter[id]': {} } };
  test.each<[object, string]>([
    [{ properties: { b: named } }, 'properties/b'],
    [{ $defs: { b: named } }, '$defs/b'],
    [{ definitions: { b: named } }, 'definitions/b'],
    [{ patternProperties: { b: named } }, 'patternProperties/b'],
    [{ dependentSchemas: { b: named } }, 'dependentSchemas/b'],
    [{ prefixItems: [{}, named] }, 'prefixItems/1'],
    ...['allOf', 'anyOf', 'oneOf'].map(
      (keyword) => [{ [keyword]: [{}, named] }, `${keyword}/1`] as [object, string],
    ),
    ...[
      ...['items', 'contains', 'unevaluatedItems', 'additionalProperties', 'unevaluatedProperties'],
      ...['propertyNames', 'not', 'if', 'then', 'else', 'contentSchema'],
    ].map((keyword) => [{ [keyword]: named }, keyword] as [object, string]),
  ])(
    'has names of arguments that the model’s service takes, wherever a schema stands: %j',
    (schema, place) => {
      const fault = toolSchemaFault(withProperty(schema));
      expect(fault?.path.join('/')).toBe(`properties/a/${place}/properties/filter[id]`);
      expect(fault?.message).toContain('^[a-zA-Z0-9_.-]{1,64}$');
    },
  );

  test.each(['const', 'default', 'x-unknown'])('may have data that looks like a schema: %s', (keyword) => {
    expect(toolSchemaFault(withProperty({ [keyword]: named, enum: [named], examples: [named] }))).toBeNull();
  });

  test('that is taken is one that the model’s service takes', () => {
    const keywords = fc.constantFrom(...Object.keys(METASCHEMA.properties), 'const', 'default', '$top', 'a');
    const data = fc.constantFrom<unknown>('object', '\ud83d', 1, true, [], ['a', 'a'], null);
    const { schema } = fc.letrec<{ schema: object; value: unknown }>((tie) => ({
      schema: fc.dictionary(keywords, tie('value'), { maxKeys: 2 }),
      value: fc.oneof(
        { maxDepth: 4 },
        data,
        tie('schema'),
        fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      ),
    }));
    let taken = 0;
    fc.assert(
      fc.property(schema, (rest) => {
        const input_schema = { ...rest, type: 'object' as const };
        if (toolSchemaFault(input_schema)) return;
        taken += 1;
        expect(brokenToolRule({ messages: [], tools: [{ name: 'a', input_schema }] })).toBeNull();
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('is checked within one limit together with the others of its agent', () => {
    const limits = countTimedRuns();
    expect(toolSchemaFaults(Array.from({ length: 32 }, () => ({ inputSchema: object() })))).toHaveLength(32);
    expect(limits).toEqual([2_000]);
  });

  test('leaves those after it unchecked, and so refused, where it uses the time up', () => {
    const limits = countTimedRuns();
    const looked: string[] = [];
    const watched = (name: string, schema: { readonly type?: unknown }) => ({
      ...schema,
      get type() {
        looked.push(name);
        return schema.type;
      },
    });
    const faults = toolSchemaFaults([
      { inputSchema: watched('good', object()) },
      { inputSchema: watched('bad', { type: 'nope' }) },
      { inputSchema: watched('endless', endless) },
      { inputSchema: watched('never reached', object()) },
    ]);
    const tooLong = expect.stringContaining('takes too long') as string;
    expect(faults.map((fault) => fault?.message)).toEqual([undefined, 'must be "object"', tooLong, tooLong]);
    expect([limits, looked]).toEqual([[2_000], ['good', 'bad', 'endless']]);
  });

  describe('of a strict tool', () => {
    const closed = (rest: object = {}) => object({ additionalProperties: false, ...rest });
    const closedWith = (a: unknown) => closed({ properties: { a } });
    const strictPath = (inputSchema: FreeJson) =>
      toolSchemaFaults([{ inputSchema, strict: true }])[0]?.path.join('/');

    test.each<FreeJson>([
      closed(),
      closed({ properties: { a: { type: 'string', enum: ['b', null, 1] } }, required: ['a'] }),
      closedWith({
        type: ['string', 'null'],
        format: 'date-time',
        description: 'When',
        title: 'A',
        default: null,
      }),
      closedWith({ type: 'array', items: { type: 'integer' }, minItems: 1 }),
      closedWith({ anyOf: [{ type: 'null' }, closedWith({ const: 7 })] }),
      { ...closedWith({ $ref: '#/$defs/b' }), $defs: { b: closed() } },
    ])('is taken, as the service takes it: %j', (schema) => {
      expect(strictPath(schema)).toBeUndefined();
      const tool = { name: 'a', description: 'a', input_schema: schema, strict: true } as never;
      expect(brokenToolRule({ messages: [], tools: [tool] })).toBeNull();
    });

    test.each<[FreeJson, string]>([
      [object(), 'additionalProperties'],
      [object({ additionalProperties: {} }), 'additionalProperties'],
      [closedWith(object()), 'properties/a/additionalProperties'],
      [closedWith({ type: ['object', 'null'] }), 'properties/a/additionalProperties'],
      [closedWith({ type: 'array', items: object() }), 'properties/a/items/additionalProperties'],
      [closedWith({ anyOf: [{ type: 'null' }, object()] }), 'properties/a/anyOf/1/additionalProperties'],
      [closedWith({ type: 'integer', minimum: 0 }), 'properties/a/minimum'],
      [closedWith({ type: 'string', pattern: '^a' }), 'properties/a/pattern'],
      [closedWith({ type: 'string', format: 'regex' }), 'properties/a/format'],
      [closedWith({ type: 'array', minItems: 2 }), 'properties/a/minItems'],
      [closedWith({ enum: [{}] }), 'properties/a/enum'],
      [closedWith(true), 'properties/a'],
      [closedWith({ $ref: '#' }), 'properties/a/$ref'],
      [
        {
          ...closedWith({ $ref: '#/$defs/b' }),
          $defs: { b: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/b' }] } },
        },
        'properties/a/$ref/anyOf/1/$ref',
      ],
    ])('is refused at its place: %j', (schema, path) => {
      expect(pathOf(schema)).toBeUndefined();
      expect(strictPath(schema)).toBe(path);
    });
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
        for (const fault of [toolSchemaFault(object(schema)), misfit(object(schema), given)])
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
    const fault = misfit(weather, given);
    expect(fault && [fault.path.join('/'), fault.message]).toEqual(expected);
  });

  test.each([
    ['a pattern that backtracks without end', withProperty({ pattern: '^(a+)+$' })],
    ['references that double forty times', { ...withProperty({ $ref: '#/$defs/0' }), $defs: doubling }],
    [
      'references in a circle',
      { ...withProperty({ $ref: '#/$defs/x' }), $defs: { x: { $ref: '#/$defs/x' } } },
    ],
  ])('are refused when their time is over by %s', (_what, schema) => {
    const limits = countTimedRuns();
    const fault = misfit(schema, { a: `${'a'.repeat(60)}!` });
    expect(fault?.message).toContain('cannot be checked');
    expect(limits).toEqual([2_000]);
  });

  test('share the time of their turn: once it is used up, none are checked or sent any more', () => {
    const limits = countTimedRuns();
    let nowMs = 0;
    const time = { leftMs: 5_000, now: () => (nowMs += 1_500) }; // each check takes that long
    const faults = Array.from({ length: 6 }, () => argumentsFault(weather, { city: 'Berlin' }, time));
    expect(limits).toEqual([2_000, 2_000, 2_000, 500]);
    const tooLong = expect.stringContaining('takes too long') as string;
    expect(faults.map((fault) => fault?.message)).toEqual([...Array(4).fill(undefined), tooLong, tooLong]);
  });
});
