import type { Api } from '../http/endpoint.ts';

/** A user talks to an assistant; a conversation and all in it belong to the user within the brand of the token. */
export const ai: Api<'jwt'> = { name: 'ai', auth: 'jwt', errors: 'code' };
