import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as keys from '../../functions/store/keys.ts';
import type { Api, ApiAnswer } from './api.ts';
import { conversationWith } from './conversations.ts';
import { type Step, streams } from './model-events.ts';
import { type Reaction, says } from './scripted-model.ts';

/** A conversation whose turns are looked at from the outside and in the table. */
export async function threadOf(api: Api) {
  const made = await conversationWith(api);
  const { owner, id, list } = made;
  const threadPk = keys.conversation(owner.brandId, owner.userId, id);
  const pathOf = (turnId: string) => `/v1/conversations/${id}/turns/${turnId}`;
  return {
    ...made,
    threadPk,
    contents: async () =>
      (await list('?order=asc')).body.messages.map(({ content }: { content: string }) => content) as string[],
    turn: (turnId: string, query = ''): Promise<ApiAnswer> =>
      api.send({ method: 'GET', path: pathOf(turnId) + query, headers: owner.bearer }),
    cancel: (turnId: string, headers: Readonly<Record<string, string>> = owner.bearer): Promise<ApiAnswer> =>
      api.send({ path: `${pathOf(turnId)}/cancel`, headers }),
    /** Asks the assistant instead of what it is answering. */
    interrupt: (content: string): Promise<ApiAnswer> =>
      api.send({
        path: `/v1/conversations/${id}/messages?on_busy=interrupt`,
        headers: owner.bearer,
        body: { role: 'user', content, mode: 'chat-completion' },
      }),
    lease: () => itemOf(api, keys.lease(threadPk)),
  };
}

/** An item as it is in the table. */
export async function itemOf(api: Api, Key: keys.Key): Promise<Record<string, unknown> | undefined> {
  const get = new GetCommand({ TableName: api.table.name, Key, ConsistentRead: true });
  return (await api.table.client.send(get)).Item;
}

/** An answer that is not given before it is released. */
export function held(text: string): { reaction: Reaction; asked: Promise<void>; release: () => void } {
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const reaction: Reaction = async (request, outgoing) => {
    asked.resolve();
    await released.promise;
    return says(text)(request, outgoing);
  };
  return { reaction, asked: asked.promise, release: () => released.resolve() };
}

/** An answer that begins like this and does not go on. `closed`: when nobody listens to it any more. */
export function unfinished(...steps: readonly Step[]): {
  reaction: Reaction;
  asked: Promise<void>;
  closed: Promise<number>;
} {
  const [asked, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<number>()];
  const reaction: Reaction = async (request, outgoing) => {
    outgoing.on('close', () => closed.resolve(Date.now()));
    await streams(...steps)(request, outgoing);
    asked.resolve();
  };
  return { reaction, asked: asked.promise, closed: closed.promise };
}
