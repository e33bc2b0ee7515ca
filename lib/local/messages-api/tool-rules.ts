import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Schema = Readonly<Record<string, unknown>>;
interface ToolParam {
  readonly name: string;
  readonly input_schema: Schema;
  readonly strict?: boolean;
}

/**
 * What the Messages API refuses a request for on account of its tools (platform.claude.com, "Define tools": names, and
 * `input_schema` as JSON Schema of an object). The words are those of its 400s as public reports quote them:
 * twilio-labs/mcp#58 and ComposioHQ/composio#3500 (property keys), anthropics/claude-code#10687 (a name twice), #5973
 * (combinations at the top), #7365 (no JSON Schema 2020-12), #8272 (lone surrogates) and apify/tester-mcp-client#11
 * (names). Where reports differ on how deep it looks for property keys (aws-solutions-library-samples/accelerated-
 * intelligent-document-processing-on-aws#709: not at all below the top), it looks everywhere here. It cannot imitate
 * limits on how large and how many schemas may be, which no source tells.
 *
 * @returns what the Messages API says of the first rule that is broken, or null
 */
export function brokenToolRule(
  request: Pick<MessageCreateParamsBase, 'messages' | 'tools' | 'system'>,
): string | null {
  if (!isWellFormed(request)) return 'The request body is not valid JSON: no low surrogate in string';
  if (!isInRange(request.messages)) return 'The request body is not valid JSON: number out of range';
  const tools = (request.tools ?? []) as unknown as readonly ToolParam[]; // tools of our own alone
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) return 'tools: Tool names must be unique.';
  for (const [index, tool] of tools.entries()) {
    const broken = ruleBrokenBy(tool);
    if (broken !== null) return `tools.${index}.custom.${broken}`;
  }
  return null;
}

function ruleBrokenBy({ name, input_schema: schema, strict }: ToolParam): string | null {
  if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(name))
    return "name: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'";
  if (schema.type !== 'object') return "input_schema.type: Input should be 'object'";
  if (['oneOf', 'allOf', 'anyOf'].some((keyword) => keyword in schema))
    return 'input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level';
  if (!isJsonSchema(schema))
    return 'input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12';
  const loose = strict ? looseness(schema) : null;
  if (loose !== null) return loose;
  return propertyKeys(schema).every((key) => /^[a-zA-Z0-9_.-]{1,64}$/u.test(key))
    ? null
    : "input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'";
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** By draft 2020-12, whichever one the schema says it is of. */
function isJsonSchema(schema: Schema): boolean {
  return ajv.validateSchema({ ...schema, $schema: DRAFT }) === true;
}

/** Keywords that no grammar is made of, as "JSON Schema limitations" lists them. */
const UNSUPPORTED = [
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...['maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'not', 'if', 'patternProperties'],
];

/** What a strict tool's schema is refused for: ax-llm/ax#458 and tensorzero/tensorzero#6132 quote it. */
function looseness(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const { type, additionalProperties, ...others } = schema as Schema;
  if (type === 'object' && additionalProperties !== false)
    return "input_schema: For 'object' type, 'additionalProperties' must be explicitly set to false";
  const unsupported = type !== undefined && UNSUPPORTED.find((keyword) => Object.hasOwn(others, keyword));
  if (unsupported)
    return `input_schema: For '${JSON.stringify(type)}' type, property '${unsupported}' is not supported`;
  return (
    Object.values(others)
      .map(looseness)
      .find((each) => each !== null) ?? null
  );
}

const MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];
const NESTED = [
  ...[
    'items',
    'prefixItems',
    'contains',
    'unevaluatedItems',
    'additionalProperties',
    'unevaluatedProperties',
  ],
  ...['propertyNames', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'contentSchema'],
];

/** The names of the properties in a schema and in all within it. */
function propertyKeys(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(propertyKeys);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]): string[] => {
    if (NESTED.includes(keyword)) return propertyKeys(value);
    if (!MAPS.includes(keyword)) return []; // data, which may look like a schema
    const named = Object.entries(value as Schema);
    const names = keyword === 'properties' ? named.map(([name]) => name) : [];
    return names.concat(named.flatMap(([, each]) => propertyKeys(each)));
  });
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, each]) => key.isWellFormed() && isWellFormed(each));
}

/** A number beyond a double is Infinity to JSON.parse, null in other places, and an error to strict parsers. */
function isInRange(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (JSON.isRawJSON(value)) return Number.isFinite(Number(value.rawJSON));
  return typeof value !== 'object' || value === null || Object.values(value).every(isInRange);
}
