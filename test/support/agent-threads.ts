import { randomUUID } from 'node:crypto';
import type { Role } from '../../functions/domain/message.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Api, ApiAnswer } from './api.ts';
import { type Person, person } from './people.ts';
import { sayIn } from './say.ts';

/** A new thread with a new agent, of a new person unless one is given, and what one does with it. */
export async function agentThreadWith(
  api: Api,
  { owner: given, create = {} }: { owner?: Person; create?: object } = {},
) {
  const owner = given ?? (await person(api));
  const agentOf = { name: 'Helper', configuration: {}, template_id: randomUUID() };
  const agent = await api.send({ path: '/api/v1/agents', headers: owner.apiKey, body: agentOf });
  const threads = `/api/v1/chat/${agent.body.id}/threads`;
  const made = await api.send({ path: threads, headers: owner.apiKey, body: create });
  const id: string = made.body.id;
  const path = `${threads}/${id}`;
  const threadPk = keys.agentThread(owner.organizationId, id);
  return {
    owner,
    id,
    path,
    threadPk,
    read: (who = owner): Promise<ApiAnswer> => api.send({ method: 'GET', path, headers: who.apiKey }),
    say: (text: string, role?: Role): Promise<string> => sayIn(threadPk, text, role),
  };
}
