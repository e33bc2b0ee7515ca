import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Api, ApiAnswer } from './api.ts';
import { openStream } from './events.ts';
import { type Step, streams } from './model-events.ts';
import { type Person, person } from './people.ts';
import { sayIn } from './say.ts';
import { type Reaction, says } from './scripted-model.ts';
import { CONVERSATION, type ThreadKind } from './thread-kinds.ts';

type Fields = Readonly<Record<string, string>>;

/** What a request for an answer got, whatever the kind of its thread. */
export interface Asked extends ApiAnswer {
  readonly questionId: string;
  /** Null while there is none. */
  readonly answer: ApiAnswer['body'];
  readonly turn: ApiAnswer['body'];
}

/** A thread, of a new person unless one is given, whose turns are looked at from the outside and in the table. */
export async function threadOf(api: Api, kind: ThreadKind = CONVERSATION, given?: Person) {
  const owner = given ?? (await person(api));
  const { id, path, thread } = await kind.make(api, owner);
  const credential = kind.credential(owner);
  const at = (below: string, query: Fields = {}) => {
    const url = new URL(path + below, api.url);
    for (const [name, value] of Object.entries({ ...kind.query(owner), ...query }))
      url.searchParams.set(name, value);
    return url.pathname + url.search;
  };
  const messages = async (): Promise<ApiAnswer['body'][]> =>
    (await api.send({ method: 'GET', path: at(kind.messages), headers: credential })).body.messages;
  /** Asks for an answer, and waits for it. */
  const ask = async (content: string, headers: Fields = {}, query: Fields = {}): Promise<Asked> => {
    const answered = await api.send({
      path: at('/messages', query),
      headers: { ...credential, ...headers },
      body: kind.question(content),
    });
    return { ...answered, ...kind.read(answered.body), turn: answered.body.turn };
  };
  return {
    owner,
    id,
    thread,
    messages,
    contents: async () => (await messages()).map(({ content }) => content as string),
    ask,
    /** Asks instead of what is being answered. */
    interrupt: (content: string) => ask(content, {}, { on_busy: 'interrupt' }),
    /** Has something said that is not answered. @returns the message's id */
    say: (text: string) => sayIn(thread, text),
    turn: (turnId: string, query?: Fields): Promise<ApiAnswer> =>
      api.send({ method: 'GET', path: at(`/turns/${turnId}`, query), headers: credential }),
    /** Where a turn is found by whoever is told of it. */
    urlOf: (turnId: string) => api.url + at(`/turns/${turnId}`),
    cancel: (turnId: string, headers: Fields = {}): Promise<ApiAnswer> =>
      api.send({ path: at(`/turns/${turnId}/cancel`), headers: { ...credential, ...headers } }),
    /** Asks, and reads the answer while it is made. */
    streamed: (content: string, headers: Fields = {}, query: Fields = {}) =>
      openStream(api, {
        method: 'POST',
        path: at('/messages/stream', query),
        headers: { ...credential, ...headers },
        body: kind.question(content),
      }),
    rejoin: (turnId: string, headers: Fields = {}, query: Fields = {}) =>
      openStream(api, {
        path: at(`/turns/${turnId}/stream`, query),
        headers: { ...credential, ...headers },
      }),
    lease: () => itemOf(api, keys.lease(thread)),
    /** The thread as its own answer shows it. */
    shown: async () => (await api.send({ method: 'GET', path: at(''), headers: credential })).body,
  };
}

/** An item as it is in the table. */
export async function itemOf(
  { table }: Pick<Api, 'table'>,
  Key: keys.Key,
): Promise<Record<string, unknown> | undefined> {
  const get = new GetCommand({ TableName: table.name, Key, ConsistentRead: true });
  return (await table.client.send(get)).Item;
}

/** The entries of a turn's log as they are in the table. */
export async function logEntries(
  { table }: Pick<Api, 'table'>,
  thread: ThreadRef,
  turnId: string,
): Promise<Record<string, unknown>[]> {
  const query = new QueryCommand({
    TableName: table.name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.turnEntry(thread, turnId, 0).pk },
    ConsistentRead: true,
  });
  return (await table.client.send(query)).Items ?? [];
}

/** What entries of a log say, or null while there are none. */
export function textIn(entries: readonly Record<string, unknown>[]): string | null {
  return entries.length === 0 ? null : entries.map(({ text }) => (text as string | undefined) ?? '').join('');
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
