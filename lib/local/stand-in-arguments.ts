/** JSON Schema, as far as it is looked at. */
export interface ArgumentSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, ArgumentSchema>>;
  readonly required?: readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/**
 * Arguments for a tool: what its schema requires, and nothing more. A value is what the schema gives as `const`, first
 * of `examples`, `default` or first of `enum`, or else follows from the type: text is the question, a number is the
 * least that may be or 1, a boolean is true, a list is empty. What stands in `$ref`, `pattern` and combinations is not
 * looked at: arguments that do not fit are refused where a model's would be.
 */
export function argumentsFor(
  { properties = {}, required = [] }: ArgumentSchema,
  question: string,
): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, valueFor(properties[name] ?? {}, question)]));
}

function valueFor(schema: ArgumentSchema, question: string): unknown {
  const { examples = [], enum: choices = [] } = schema;
  const given = [schema.const, examples[0], schema.default, choices[0]].find((each) => each !== undefined);
  if (given !== undefined) return given;
  switch ([schema.type].flat()[0]) {
    case 'object':
      return argumentsFor(schema, question);
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return schema.minimum ?? Math.min(1, schema.maximum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return question.slice(0, schema.maxLength);
  }
}
