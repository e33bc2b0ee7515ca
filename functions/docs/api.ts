import type { Api } from '../http/endpoint.ts';

/** What Parley says of itself, to anybody. */
export const docs: Api<'none'> = { name: 'docs', auth: 'none', errors: 'code' };
