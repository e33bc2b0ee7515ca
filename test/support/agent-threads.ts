import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { type Role, said } from '../../functions/domain/message.ts';
import { contextOf } from '../../functions/http/context.ts';
import * as keys from '../../functions/store/keys.ts';
import { appendMessage } from '../../functions/store/messages.ts';
import type { Api, ApiAnswer } from './api.ts';
import { type Person, person } from './people.ts';

const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {});

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
    /** Has something said in it, as functions of this process's environment do. @returns the message's id */
    say: async (text: string, role: Role = 'user'): Promise<string> => {
      const append = { message: said(role, text), kept: (messageId: string) => messageId };
      const appended = await appendMessage(threadPk, append, { once: null, context });
      if (appended.state !== 'written') throw new Error(`The message is ${appended.state}`);
      return appended.kept;
    },
  };
}
