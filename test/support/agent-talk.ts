import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import { person } from './people.ts';

/** A new agent of this configuration, a thread with it, and what one does there. */
export async function agentTalk(api: Api, configuration: object = {}, metadata: object = {}) {
  const owner = await person(api);
  const post = (path: string, body: object) => api.send({ path, headers: owner.apiKey, body });
  const agent = { name: 'Helper', configuration, template_id: randomUUID() };
  const agentId: string = (await post('/api/v1/agents', agent)).body.id;
  const threads = `/api/v1/chat/${agentId}/threads`;
  const id: string = (await post(threads, { metadata })).body.id;
  const path = `${threads}/${id}`;
  return {
    owner,
    agentId,
    id,
    path,
    post,
    get: (at: string) => api.send({ method: 'GET', path: at, headers: owner.apiKey }),
    add: (body: object) => post(`${path}/messages`, body),
    ask: (content: string) => post(`${path}/messages`, { role: 'user', content }),
  };
}
