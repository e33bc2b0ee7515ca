import { randomUUID } from 'node:crypto';
import type { Role } from '../../functions/domain/message.ts';
import { agentRef } from '../../functions/domain/thread-ref.ts';
import type { Api, ApiAnswer } from './api.ts';
import { type Person, person } from './people.ts';
import { sayIn } from './say.ts';

type Fields = Readonly<Record<string, string>>;

/**
 * A new thread with a new agent, of a new person unless one is given, and what one does there.
 *
 * @param configuration the agent's
 * @param create what the thread is made of
 */
export async function agentThreadWith(
  api: Api,
  {
    owner: given,
    configuration = {},
    create = {},
  }: { owner?: Person; configuration?: object; create?: object } = {},
) {
  const owner = given ?? (await person(api));
  const post = (path: string, body: object, headers: Fields = {}): Promise<ApiAnswer> =>
    api.send({ path, headers: { ...owner.apiKey, ...headers }, body });
  const agent = { name: 'Helper', configuration, template_id: randomUUID() };
  const agentId: string = (await post('/api/v1/agents', agent)).body.id;
  const threads = `/api/v1/chat/${agentId}/threads`;
  const id: string = (await post(threads, create)).body.id;
  const path = `${threads}/${id}`;
  const thread = agentRef(owner, id);
  return {
    owner,
    agentId,
    id,
    path,
    thread,
    post,
    get: (at: string): Promise<ApiAnswer> => api.send({ method: 'GET', path: at, headers: owner.apiKey }),
    read: (who = owner): Promise<ApiAnswer> => api.send({ method: 'GET', path, headers: who.apiKey }),
    add: (body: object, headers?: Fields) => post(`${path}/messages`, body, headers),
    ask: (content: string) => post(`${path}/messages`, { role: 'user', content }),
    /** Has something said in it that nobody answers. @returns the message's id */
    say: (text: string, role?: Role): Promise<string> => sayIn(thread, text, role),
  };
}
