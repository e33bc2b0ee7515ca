import { randomUUID } from 'node:crypto';
import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { Api } from './api.ts';
import { calls, opened, start, stopped, streams } from './model-events.ts';
import { person } from './people.ts';
import type { Reaction } from './scripted-model.ts';

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

/** The requests by which the model was asked this question, oldest first. */
export function askedFor(api: Api, question: string): MessageCreateParamsBase[] {
  const asked = api.model.asked as unknown as MessageCreateParamsBase[]; // the SDK wrote them
  return asked.filter(({ messages }) => messages.some(({ content }) => content === question));
}

/** A request without what is said in the thread. */
export function settingOf({ messages: _messages, ...setting }: MessageCreateParamsBase) {
  return setting;
}

/** An answer that calls these tools and stops for them. */
export function callsTools(...round: ReturnType<typeof calls>[]): Reaction {
  return streams(start(), opened, ...round.flat(), ...stopped('tool_use'), 'end');
}
