const schema = { $ref: '#' };
const schemasByName = { type: 'object', additionalProperties: schema };
const text = { type: 'string' };
const anchor = { type: 'string', pattern: '^[A-Za-z_][-A-Za-z0-9._]*$' };
const names = { type: 'array', items: text, uniqueItems: true };
const typeName = { enum: ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'] };

/**
 * What the Messages API takes as the name of a property at any depth: `Property keys should match pattern …`
 * (ComposioHQ/composio#3500, twilio-labs/mcp#58). Its documentation does not say so.
 */
export const PROPERTY_NAME = '^[a-zA-Z0-9_.-]{1,64}$';

/** These keywords, each with this schema. */
const all = (keywords: readonly string[], value: object) =>
  Object.fromEntries(keywords.map((keyword) => [keyword, value]));

/**
 * JSON Schema's schema of itself (json-schema.org/draft/2020-12/schema) as one document, and stricter in two points: it
 * refers to nothing outside of itself, and to nothing that only an evaluation knows; and names of properties are those
 * that the model's service takes.
 */
export const METASCHEMA = {
  type: ['object', 'boolean'],
  properties: {
    $ref: { type: 'string', pattern: '^#' },
    ...all(['$dynamicRef', '$recursiveRef'], { enum: [] }),
    ...all(['$anchor', '$dynamicAnchor', '$recursiveAnchor'], anchor),
    $id: { type: 'string', pattern: '^[^#]*#?$' },
    $vocabulary: { type: 'object', additionalProperties: { type: 'boolean' } },
    ...all(['$schema', '$comment', 'title', 'description', 'format'], text),
    ...all(['contentEncoding', 'contentMediaType'], text),
    ...all(['$defs', 'definitions', 'dependentSchemas'], schemasByName),
    properties: { ...schemasByName, propertyNames: { pattern: PROPERTY_NAME } },
    patternProperties: { ...schemasByName, propertyNames: { format: 'regex' } },
    dependentRequired: { type: 'object', additionalProperties: names },
    dependencies: { type: 'object', additionalProperties: { anyOf: [schema, names] } },
    ...all(['allOf', 'anyOf', 'oneOf', 'prefixItems'], { type: 'array', minItems: 1, items: schema }),
    ...all(['not', 'if', 'then', 'else', 'contains', 'items', 'propertyNames', 'contentSchema'], schema),
    ...all(['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'], schema),
    type: { anyOf: [{ type: 'array', items: typeName, minItems: 1, uniqueItems: true }, typeName] },
    required: names,
    ...all(['enum', 'examples'], { type: 'array' }),
    ...all(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], { type: 'number' }),
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    ...all(['minLength', 'minItems', 'minContains', 'minProperties'], { type: 'integer', minimum: 0 }),
    ...all(['maxLength', 'maxItems', 'maxContains', 'maxProperties'], { type: 'integer', minimum: 0 }),
    pattern: { type: 'string', format: 'regex' },
    ...all(['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'], { type: 'boolean' }),
  },
};
