import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnyEndpoint, AnyOperation } from '../../functions/http/endpoint.ts';

/** A copy of the wire contract, which the product keeps and its own schemas are held against. */
export const contract = JSON.parse(
  readFileSync(new URL('../contract/openapi.json', import.meta.url), 'utf8'),
) as Contract;

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ContractOperation | undefined>>>>;
  readonly components: unknown;
}

/** An operation as the contract has it. */
export interface ContractOperation {
  readonly 'x-origin': 'documented' | 'sibling';
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Readonly<Record<string, unknown>>;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema?: object }>>;

const ajv = new Ajv2020({
  strict: false,
  formats: {
    uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu,
    date: /^\d{4}-\d\d-\d\d$/u,
    uri: true, // the keyword x-web-url says more
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u, // stricter than RFC 3339: UTC with milliseconds
  },
});
ajv.addSchema(contract, 'contract');

/** The contract's operation, or undefined for one of the product's own. */
export function contractOf({ path, method }: AnyOperation): ContractOperation | undefined {
  return contract.paths[path]?.[method.toLowerCase()];
}

/**
 * What is wrong with a body by the contract; for an operation, or an error, of the product's own by these schemas:
 * its own for success, the API's error shape otherwise.
 *
 * @returns Ajv's words, or an empty string
 */
export function contractFaults(endpoint: AnyEndpoint, status: number, body: unknown): string {
  const validate = validatorOf(endpoint, status);
  if (!validate) return `There is no schema for ${status}`;
  return validate(body) ? '' : ajv.errorsText(validate.errors);
}

function validatorOf(endpoint: AnyEndpoint, status: number) {
  const isListed = contractOf(endpoint)?.responses[status]?.content !== undefined; // one answer has no schema there
  if (isListed) return ajv.getSchema(pointer(endpoint, status));
  if (status < 300) return ajv.compile(endpoint.responses[status]?.json ?? { not: {} });
  return ajv.getSchema(`contract#/components/schemas/${errorSchema(endpoint, status)}`);
}

function pointer({ path, method }: AnyEndpoint, status: number): string {
  const escaped = path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return `contract#/paths/${escaped}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
}

function errorSchema({ api }: AnyEndpoint, status: number): string {
  if (api.errors === 'code') return 'Error';
  return status === 422 ? 'HTTPValidationError' : 'HTTPError';
}
