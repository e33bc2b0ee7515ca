import type { Api, ApiAnswer } from './api.ts';
import { type Person, person } from './people.ts';

/** A new conversation, of a new person unless one is given, and what one does with it. */
export async function conversationWith(
  api: Api,
  { owner: given, create = {} }: { owner?: Person; create?: object } = {},
) {
  const owner = given ?? (await person(api));
  const { body: made } = await api.send({ path: '/v1/conversations', headers: owner.bearer, body: create });
  const id: string = made.id;
  const path = `/v1/conversations/${id}/messages`;
  return {
    owner,
    id,
    append: (body: object, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> =>
      api.send({ path, headers: { ...owner.bearer, ...headers }, body }),
    /** Asks the assistant. */
    ask: (content: string, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> =>
      api.send({
        path,
        headers: { ...owner.bearer, ...headers },
        body: { role: 'user', content, mode: 'chat-completion' },
      }),
    list: (query: string): Promise<ApiAnswer> =>
      api.send({ method: 'GET', path: path + query, headers: owner.bearer }),
  };
}
