import type { Context as LambdaContext } from 'aws-lambda';
import { newId } from '../../../functions/domain/ids.ts';
import { NO_SPENDING } from '../../../functions/domain/spending.ts';
import {
  agentRef,
  askRef,
  assistantRef,
  conversationRef,
  type ThreadRef,
  tenantOf,
} from '../../../functions/domain/thread-ref.ts';
import { endpoints } from '../../../functions/endpoints.ts';
import { contextOf } from '../../../functions/http/context.ts';
import type { AnyEndpoint } from '../../../functions/http/endpoint.ts';
import * as keys from '../../../functions/store/keys.ts';
import { transact } from '../../../functions/store/transact.ts';
import { usageWrites } from '../../../functions/store/usage.ts';
import { deleteThread } from '../../../functions/threads/delete-thread.ts';
import type { Api, ApiAnswer, ApiRequest } from '../../support/api.ts';
import { isLogEntry, type Units, unitsOf } from '../../support/capacity.ts';
import type { MeteredCall } from '../../support/database-proxy.ts';
import { exampleOf, minimum, operation, thingsFor } from '../../support/examples.ts';
import { messagesFromNow, seedMessages } from '../../support/messages.ts';
import { type Person, person } from '../../support/people.ts';
import { accessesOf } from './accesses.ts';
import type { Used } from './data-page.ts';

/** How many entries a list shows, and messages a thread. */
export const ENTRIES = 20;
/** A text with which a message is an item of 0.9 KB. */
export const TEXT = 'x'.repeat(680);

type Things = Awaited<ReturnType<typeof thingsFor>>;

/** One operation as it is used, ready to be metered. */
export interface Use {
  readonly name: string;
  readonly endpoint: AnyEndpoint;
  readonly prepare: (api: Api) => Promise<ApiRequest>;
}

/** What an operation that reads many things reads: made before. */
const MANY: Readonly<Record<string, (api: Api, owner: Person, things: Things) => Promise<void>>> = {
  'ask/list-threads': (api, owner) => make(api, owner, 'ask/create-thread'),
  'ask/get-thread': (api, owner, things) =>
    make(api, owner, 'ask/create-reply', { things, times: ENTRIES - 1 }),
  'ask/list-overdue-threads': (api, owner) =>
    makeSpread(api, 'ask/create-thread', {
      owner,
      body: { assigned_to_user_id: owner.userId },
      refOf: (id) => askRef(owner, id),
    }),
  'conversations/list-conversations': (api, owner) => make(api, owner, 'conversations/create-conversation'),
  'conversations/list-messages': (api, owner, { id = '' }) => say(api, conversationRef(owner, String(id))),
  'assistant-chat/list-threads': (api, owner) =>
    makeSpread(api, 'assistant-chat/create-thread', { owner, refOf: (id) => assistantRef(owner, id) }),
  'assistant-chat/list-google-ads-customers': (api, owner) =>
    makeEach(api, owner, 'assistant-chat/put-google-ads-customer', 'customer_id'),
  'assistant-chat/list-google-business-locations': (api, owner) =>
    makeEach(api, owner, 'assistant-chat/put-google-business-location', 'location_id'),
  'agent-chat/list-agents': (api, owner) => make(api, owner, 'agent-chat/create-agent'),
  'agent-chat/list-threads': (api, owner, things) =>
    makeSpread(api, 'agent-chat/create-thread', { owner, things, refOf: (id) => agentRef(owner, id) }),
  'agent-chat/list-history': async (api, owner) => {
    const things = await thingsFor(api, operation('agent-chat/create-thread'), owner);
    await makeSpread(api, 'agent-chat/create-thread', { owner, things, refOf: (id) => agentRef(owner, id) });
  },
  'conversations/get-usage': (_api, owner) => useEveryDay(conversationRef(owner, '')),
  'assistant-chat/get-usage': (_api, owner) => useEveryDay(assistantRef(owner, '')),
  'agent-chat/get-usage': (_api, owner) => useEveryDay(agentRef(owner, '')),
  'agent-chat/get-thread': (api, owner, { thread_id = '' }) => say(api, agentRef(owner, String(thread_id))),
};

/** Every operation, and the one that also makes an answer. */
export const uses: readonly Use[] = endpoints
  .filter(({ mediaType }) => mediaType === undefined)
  .flatMap((endpoint) => {
    const use = useOf(endpoint);
    if (!endpoint.startsTurns) return [use];
    const name = `${use.name} with an answer`;
    return [use, { ...use, name, prepare: async (api: Api) => withMode(await use.prepare(api)) }];
  });

/** Meters one use. */
export async function meter(
  api: Api,
  { endpoint, prepare }: Use,
): Promise<Units & { logBytes: number; used: Used[] }> {
  const request = await prepare(api);
  const logged = api.logged.length;
  const calls: MeteredCall[] = [];
  const undo = api.database.meter((call) => calls.push(call));
  const units = await unitsOf(api, async () => {
    const { status, text } = await api.send(request);
    if (status >= 300) throw new Error(`${request.path} answered ${status} ${text}`);
  });
  undo();
  const { operation } = endpoint;
  const used = calls
    .filter(({ input }) => !isLogEntry(input))
    .flatMap(accessesOf)
    .map((access): Used => Object.assign(access, { operation }));
  // Durations have as many digits as the machine is slow: three of them stand for any.
  const lines = api.logged.slice(logged).map((line) => line.replaceAll(/(?<=_ms":)\d+/gu, '100'));
  return { ...units, logBytes: Buffer.byteLength(lines.join('')), used };
}

function useOf(endpoint: AnyEndpoint): Use {
  const prepare = async (api: Api): Promise<ApiRequest> => {
    const owner = await person(api, { brandId: 'a-brand' });
    const things = await thingsFor(api, endpoint, owner);
    await MANY[endpoint.operation]?.(api, owner, things);
    return ordinary(endpoint, exampleOf(endpoint, owner, things));
  };
  return { name: `${endpoint.method} ${endpoint.path}`, endpoint, prepare };
}

/** Which models there are is the deployment's to say, and no schema's. */
const MODEL = 'claude-sonnet-5-5';

/** A request as it is usual: a POST with its Idempotency-Key, a text of some length, a change of everything. */
function ordinary({ method, query, body, messageText }: AnyEndpoint, request: ApiRequest): ApiRequest {
  const properties = Object.entries(body?.json.properties ?? {});
  const all = Object.fromEntries(
    properties.map(([name, property]) => [name, name === 'model' ? MODEL : minimum(property)]),
  );
  const parameters = [
    ...(query?.json.properties?.limit ? [`limit=${ENTRIES}`] : []),
    ...(query?.json.properties?.hours ? ['hours=0'] : []),
  ].join('&');
  return {
    ...request,
    path: parameters ? `${request.path}${request.path.includes('?') ? '&' : '?'}${parameters}` : request.path,
    headers: { ...request.headers, ...(method === 'POST' && { 'idempotency-key': crypto.randomUUID() }) },
    ...(body && {
      body: {
        ...(request.body as object),
        ...(method === 'PATCH' && all),
        ...(messageText !== undefined && { [messageText]: TEXT }),
      },
    }),
  };
}

function withMode(request: ApiRequest): ApiRequest {
  return { ...request, body: { ...(request.body as object), role: 'user', mode: 'chat-completion' } };
}

async function make(
  api: Api,
  owner: Person,
  name: string,
  { things = {}, times = ENTRIES, body = {} }: { things?: Things; times?: number; body?: object } = {},
): Promise<void> {
  const endpoint = operation(name);
  for (let index = 0; index < times; index += 1) await makeOne(api, owner, endpoint, { things, body });
}

interface Making {
  readonly things?: Things;
  readonly body?: object;
}

/** @returns what the operation answered */
async function makeOne(
  api: Api,
  owner: Person,
  endpoint: AnyEndpoint,
  { things = {}, body = {} }: Making,
): Promise<ApiAnswer> {
  const request = ordinary(endpoint, exampleOf(endpoint, owner, things));
  return api.send({ ...request, body: { ...(request.body as object), ...body } });
}

/**
 * Makes the threads of a list that is spread over several partitions, as many in each: chance would have the list cost
 * something else on every run.
 */
async function makeSpread(
  api: Api,
  name: string,
  { owner, refOf, ...making }: Making & { owner: Person; refOf: (id: string) => ThreadRef },
): Promise<void> {
  const list = keys.assistantThreadsOf(owner.companyId); // any such list: all are spread alike
  const free = new Map(list.map((partition) => [partition, ENTRIES / list.length]));
  while ([...free.values()].some((count) => count > 0)) {
    const { body } = await makeOne(api, owner, operation(name), making);
    const id = String(body.id ?? body.thread_id); // an assistant thread's
    const partition = keys.shardOf(list, id);
    const left = free.get(partition) ?? 0;
    if (left > 0) free.set(partition, left - 1);
    else await deleteThread(refOf(id), api.table);
  }
}

async function makeEach(api: Api, owner: Person, name: string, parameter: string): Promise<void> {
  for (let index = 0; index < ENTRIES; index += 1)
    await make(api, owner, name, { things: { company_id: owner.companyId, [parameter]: index }, times: 1 });
}

/** How many days of usage are shown. */
const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;
const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it

/** A month of a tenant that uses one model, in all partitions. */
async function useEveryDay(thread: ThreadRef): Promise<void> {
  const tokens = { promptTokens: 9_999, completionTokens: 999, thinkingTokens: 99, cachedTokens: 999 };
  const after = {
    ...NO_SPENDING,
    ...tokens,
    cacheWriteTokens: 99,
    costNanos: 9_999_999,
    model: MODEL,
  };
  for (let index = 0; index < DAYS * keys.usageOf(tenantOf(thread)).length; index += 1) {
    const day = newId(Date.now() - (index % DAYS) * DAY_MS);
    const id = day.slice(0, -1) + String(Math.floor(index / DAYS));
    await transact(usageWrites(thread, { id, of: 'answers', before: null, after }), context);
  }
}

function say(api: Api, thread: ThreadRef): Promise<void> {
  return seedMessages(
    thread,
    messagesFromNow(ENTRIES, () => TEXT),
    api.table,
  );
}
