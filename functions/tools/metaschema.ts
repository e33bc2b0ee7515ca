const schema = { $ref: '#' };
const schemasByName = { type: 'object', additionalProperties: schema };
const text = { type: 'string' };
const names = { type: 'array', items: text, uniqueItems: true };
const typeName = { enum: ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'] };

/** These keywords, each with this schema. */
const all = (keywords: readonly string[], value: object) =>
  Object.fromEntries(keywords.map((keyword) => [keyword, value]));

/**
 * JSON Schema's schema of itself (json-schema.org/draft/2020-12/schema) as one document, and stricter in one point: it
 * refers to nothing outside of itself, and to nothing that only an evaluation knows.
 */
export const METASCHEMA = {
  type: ['object', 'boolean'],
  properties: {
    $ref: { type: 'string', pattern: '^#' },
    ...all(['$dynamicRef', '$recursiveRef'], { enum: [] }),
    $anchor: { type: 'string', pattern: '^[A-Za-z_][-A-Za-z0-9._]*$' },
    ...all(['$id', '$schema', '$comment', 'title', 'description', 'format'], text),
    ...all(['$defs', 'definitions', 'properties', 'dependentSchemas'], schemasByName),
    patternProperties: { ...schemasByName, propertyNames: { format: 'regex' } },
    dependentRequired: { type: 'object', additionalProperties: names },
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
