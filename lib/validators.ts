import { _, Ajv2020, type KeywordCxt } from 'ajv/dist/2020.js';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { nestsDeeperThan } from '../functions/domain/json-depth.ts';
import type { AnyOperation } from '../functions/http/endpoint.ts';

const standaloneCode = standaloneModule.default;

/** The keyword that Ajv looks at first where a value is an object. */
const FIRST_OF_OBJECTS = 'maxProperties';

/**
 * The validators of one operation as a module that exports `body`, `query`, `path` and `headers`, each where the
 * operation has a schema for it. Compiled here, when a bundle is built: Ajv's compiler in a function would cost three
 * times the rest of its cold start. The code requires Ajv's small runtime, so it must still be bundled.
 */
export function validatorsModule(endpoint: AnyOperation): string {
  const { body, query, pathParameters: path, headers } = endpoint;
  const schemas = Object.entries({ body, query, path, headers }).filter(([, schema]) => schema !== undefined);
  if (schemas.length === 0) return '';
  const ajv = validatorCompiler();
  for (const [part, schema] of schemas) ajv.addSchema(schema?.json ?? {}, part);
  return standaloneCode(ajv, Object.fromEntries(schemas.map(([part]) => [part, part])));
}

/** Ajv as all of Parley uses it: strict, defaults filled in, nothing coerced, and our keywords. */
function validatorCompiler(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false, // a nullable type is a union, which strictTypes warns about
    allErrors: false,
    useDefaults: true,
    validateFormats: false, // patterns say what formats would: ajv-formats brings all of them into every bundle
    code: { source: true, esm: true, lines: false },
  });
  ajv.addKeyword({
    keyword: 'x-max-bytes',
    type: 'string',
    schemaType: 'number',
    code: (context: KeywordCxt) => context.fail(_`Buffer.byteLength(${context.data}) > ${context.schema}`),
    error: { message: 'is too long', params: ({ schema }) => _`{limit: ${schema}}` },
  });
  // Both come before all that looks into the value, and the size comes first.
  ajv.addKeyword({
    keyword: 'x-max-json-bytes',
    type: 'object',
    schemaType: 'number',
    before: FIRST_OF_OBJECTS,
    code: (context: KeywordCxt) =>
      context.fail(_`Buffer.byteLength(JSON.stringify(${context.data})) > ${context.schema}`),
    error: { message: 'is too large', params: ({ schema }) => _`{limit: ${schema}}` },
  });
  ajv.addKeyword({
    keyword: 'x-max-json-depth',
    type: 'object',
    schemaType: 'number',
    before: FIRST_OF_OBJECTS,
    code: (context: KeywordCxt) => {
      const deeper = context.gen.scopeValue('func', {
        ref: nestsDeeperThan,
        code: _`require("./functions/domain/json-depth.ts").nestsDeeperThan`,
      });
      context.fail(_`${deeper}(JSON.stringify(${context.data}), ${context.schema})`);
    },
    error: { message: 'nests too deep', params: ({ schema }) => _`{limit: ${schema}}` },
  });
  ajv.addKeyword({
    keyword: 'x-web-url',
    type: 'string',
    schemaType: 'boolean',
    code: (context: KeywordCxt) =>
      context.fail(_`!["http:", "https:"].includes(URL.parse(${context.data})?.protocol)`),
    error: { message: 'must be an http or https URL' },
  });
  return ajv;
}
