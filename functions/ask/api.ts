import type { Api } from '../http/endpoint.ts';

/** A member of a health brand asks the care team. */
export const comms: Api<'jwt'> = { name: 'comms', auth: 'jwt', errors: 'code' };
