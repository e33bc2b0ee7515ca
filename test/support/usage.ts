import type { Api, ApiAnswer } from './api.ts';
import type { Person } from './people.ts';

type Row = ApiAnswer['body'];

/** Where each API tells what was used, by the tenant that it tells of. */
export const USAGE = {
  BRAND: ({ bearer }: Person) => ({ path: '/v1/usage', headers: bearer }),
  COMPANY: ({ companyId, bearer }: Person) => ({
    path: `/api/v1/chat/usage?company_id=${companyId}`,
    headers: bearer,
  }),
  ORGANIZATION: ({ apiKey }: Person) => ({ path: '/api/v1/agents/usage', headers: apiKey }),
} as const;

/** What a tenant has used, by day and model. */
export async function usageOf(api: Api, kind: keyof typeof USAGE, owner: Person): Promise<Row[]> {
  const { status, body } = await api.send({ method: 'GET', ...USAGE[kind](owner) });
  if (status !== 200) throw new Error(`The usage answered ${status}`);
  return Array.isArray(body) ? body : body.data;
}

/** The sum of what turns or days say of their usage, in the names of usage_details. */
export function sumOf(details: readonly Row[]): Record<string, number> {
  const names = [
    'prompt_tokens',
    'completion_tokens',
    'thinking_tokens',
    'cache_read_tokens',
    'cache_write_tokens',
  ];
  return Object.fromEntries(
    names.map((name) => [name, details.reduce((sum, each) => sum + Number(each[name]), 0)]),
  );
}

const DECIMALS = 9;

/** The sum of amounts of US dollars, in billionths. */
export function nanosOf(amounts: readonly string[]): number {
  const nanos = amounts.map((amount) => {
    const [whole = '', fraction = ''] = amount.split('.');
    return Number(whole + fraction.padEnd(DECIMALS, '0'));
  });
  return nanos.reduce((sum, each) => sum + each, 0);
}
