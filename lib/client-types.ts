import { endpoints } from '../functions/endpoints.ts';
import type { AnyEndpoint } from '../functions/http/endpoint.ts';
import type { JsonSchema } from '../functions/http/schema.ts';
import { exportName } from './bundle-names.ts';

/** The parts of an OpenAPI document that types are made from, as lib/openapi.ts writes them. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
interface Operation {
  readonly summary: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** Streams are read as they come, from another URL: that is no call with an answer. */
function isStream({ responses }: Operation): boolean {
  return Object.values(responses).some(({ content }) => 'text/event-stream' in content);
}

const GENERATED = '// Made from openapi.json by `npm run openapi`.\n';

/** client/operations.ts: what every operation of a document takes and answers, as TypeScript. */
export function operationTypes(document: object): string {
  const { paths, components } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => !isStream(operation))
      .map(([method, operation]) => {
        const answers = Object.entries(operation.responses).map(([status, { content }]) => ({
          status,
          content,
        }));
        const bodies = (isOurs: (status: number) => boolean) =>
          union(
            answers
              .filter(({ status }) => isOurs(Number(status)))
              .flatMap(({ content }) => schemasIn(content)),
          );
        return [
          `  /** ${operation.summary}. */`,
          `  '${method.toUpperCase()} ${path}': {`,
          `    input: ${inputType(operation)};`,
          `    output: ${bodies((status) => status < 300)};`,
          `    error: ${bodies((status) => status >= 300)};`,
          '  };',
        ].join('\n');
      }),
  );
  return `${GENERATED}export interface Operations {\n${operations.join('\n')}\n}\n`;

  function schemasIn(content: Content): string[] {
    return Object.values(content).map(({ schema }) => typeOf(schema));
  }

  function inputType({ parameters, requestBody }: Operation): string {
    const parts = ['path', 'query', 'header'].map((place) => {
      const of = parameters.filter((each) => each.in === place);
      const properties = Object.fromEntries(of.map(({ name, schema }) => [name, schema]));
      const required = of.filter((each) => each.required).map(({ name }) => name);
      const name = place === 'header' ? 'headers' : place;
      return of.length === 0 ? [] : [member(name, objectType({ properties, required }), required.length > 0)];
    });
    const body = requestBody ? [member('body', union(schemasIn(requestBody.content)), true)] : [];
    return `{ ${[...parts.flat(), ...body].join('; ')} }`;
  }

  function typeOf(schema: JsonSchema): string {
    const { $ref, enum: values, anyOf, type } = schema;
    if (typeof $ref === 'string') return typeOf(components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    if (Array.isArray(values)) return union(values.map((value) => JSON.stringify(value)));
    if (Array.isArray(anyOf)) return union(anyOf.map((each: JsonSchema) => typeOf(each)));
    return type === undefined ? 'unknown' : union([type].flat().map((each) => ofType(each, schema)));
  }

  function ofType(type: string, schema: JsonSchema): string {
    if (type === 'integer') return 'number';
    if (type === 'array') return `(${typeOf((schema.items ?? {}) as JsonSchema)})[]`;
    return type === 'object' ? objectType(schema) : type;
  }

  function objectType({ properties, required = [] }: JsonSchema): string {
    if (!properties) return 'Record<string, unknown>';
    const members = Object.entries(properties).map(([name, schema]) =>
      member(name, typeOf(schema), required.includes(name)),
    );
    return `{ ${members.join('; ')} }`;
  }
}

/** test/client/handlers.ts, which does not compile where a handler takes or answers other than the client expects. */
export function handlerChecks(): string {
  const checks = endpoints.map((endpoint) => {
    const file = JSON.stringify(`../../functions/${endpoint.operation}.ts`);
    const handler = `typeof import(${file}).${exportName(endpoint)}`;
    return `  Agrees<'${nameOf(endpoint)}', ${handler}>,`;
  });
  const types = `export type Agreements = Every<[\n${checks.join('\n')}\n]>;\n`;
  return `${GENERATED}import type { Agrees, Every } from './agree.ts';\n\n${types}`;
}

function nameOf({ method, path }: AnyEndpoint): string {
  return `${method} ${path}`;
}

function member(name: string, type: string, isRequired: boolean): string {
  return `${/^\w+$/u.test(name) ? name : `'${name}'`}${isRequired ? '' : '?'}: ${type}`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}
