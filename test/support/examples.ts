import { randomUUID } from 'node:crypto';
import { agentRef } from '../../functions/domain/thread-ref.ts';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyEndpoint, AnyOperation } from '../../functions/http/endpoint.ts';
import type { JsonSchema } from '../../functions/http/schema.ts';
import type { Api, ApiRequest } from './api.ts';
import { messagesFromNow, seedMessages } from './messages.ts';
import { credentialFor, type Person } from './people.ts';

/** Things by the names of the parameters that name them. */
type Things = Readonly<Record<string, string | number>>;

/** The things that paths and bodies name, each with how a person makes one. A new kind of thing is one more line here. */
const THINGS: Readonly<
  Record<string, (api: Api, owner: Person, things: Things) => Promise<string | number>>
> = {
  'ask/{thread_id}': (api, owner) => made(api, owner, 'ask/create-thread'),
  'conversations/{id}': (api, owner) => made(api, owner, 'conversations/create-conversation'),
  'conversations/{turn_id}': async (api, owner, { id }) => {
    const body = { role: 'user', content: 'Hello?', mode: 'chat-completion' };
    const path = `/v1/conversations/${id}/messages`;
    return (await succeeding(api, { path, headers: owner.bearer, body })).body.turn.id;
  },
  'assistant-chat/{company_id}': async (_api, owner) => owner.companyId,
  'assistant-chat/{thread_id}': (api, owner) => made(api, owner, 'assistant-chat/create-thread'),
  'assistant-chat/{turn_id}': async (api, owner, { thread_id }) => {
    const path = `/api/v1/chat/threads/${thread_id}/messages?company_id=${owner.companyId}`;
    return (await succeeding(api, { path, headers: owner.bearer, body: { content: 'Hello?' } })).body.turn.id;
  },
  'assistant-chat/{customer_id}': (api, owner) =>
    put(api, owner, 'assistant-chat/put-google-ads-customer', 7),
  'assistant-chat/{location_id}': (api, owner) =>
    put(api, owner, 'assistant-chat/put-google-business-location', 'l 1/ü'),
  'agent-chat/{turn_id}': async (api, owner, { agent_id, thread_id }) => {
    const path = `/api/v1/chat/${agent_id}/threads/${thread_id}/messages`;
    const body = { role: 'user', content: 'Hello?' };
    return (await succeeding(api, { path, headers: owner.apiKey, body })).body.turn.id;
  },
  'agent-chat/{agent_id}': (api, owner) => made(api, owner, 'agent-chat/create-agent'),
  'agent-chat/{thread_id}': async (api, owner, { agent_id }) =>
    (
      await succeeding(
        api,
        exampleOf(operation('agent-chat/create-thread'), owner, { agent_id: agent_id ?? '' }),
      )
    ).body.id,
  'agent-chat/{message_id}': async (api, owner) => {
    const { thread_id = '' } = await thingsFor(api, operation('agent-chat/get-thread'), owner);
    const [message] = messagesFromNow(1, () => 'Hello?');
    if (!message) throw new Error('There is no message');
    await seedMessages(agentRef(owner, String(thread_id)), [message], api.table);
    return message.id;
  },
};

/** The operation of this name. */
export function operation(name: string): AnyEndpoint {
  const found = endpoints.find((endpoint) => endpoint.operation === name);
  if (!found) throw new Error(`There is no operation ${name}`);
  return found;
}

/** Whether who calls an operation says in which role something is said. */
export function takesRole({ body }: AnyOperation): boolean {
  return body?.json.properties?.role !== undefined;
}

/** For a body, a role in which what is said is answered as it is. */
export function roleOf(endpoint: AnyOperation): object {
  return takesRole(endpoint) ? { role: 'assistant' } : {};
}

/** A request that succeeds: the path names things that the owner has, the rest is what the schemas ask for at least. */
export async function example(api: Api, endpoint: AnyOperation, owner: Person): Promise<ApiRequest> {
  return exampleOf(endpoint, owner, await thingsFor(api, endpoint, owner));
}

/** What an operation's path and body name, made by their owner. */
export async function thingsFor(api: Api, endpoint: AnyOperation, owner: Person): Promise<Things> {
  const things: Record<string, string | number> = {};
  for (const name of namesIn(endpoint)) things[name] = await thing(api, endpoint, { name, owner, things });
  return things;
}

/** The same request about these things. */
export function exampleOf(
  endpoint: AnyOperation,
  owner: Person,
  things: Readonly<Record<string, string | number>>,
): ApiRequest {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    encodeURIComponent(things[name] ?? ''),
  );
  const required = (endpoint.query?.json.required ?? []).map((name) => [
    name,
    String(queryValue(name, owner)),
  ]);
  const query = new URLSearchParams(Object.fromEntries(required) as Record<string, string>);
  return {
    method: endpoint.method,
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    headers: credentialFor(endpoint, owner),
    ...(endpoint.body && {
      body: { ...(minimum(endpoint.body.json) as object), ...named(endpoint, things) },
    }),
  };
}

/** The names in an operation's path: `['agent_id', 'thread_id']`. */
export function parametersOf({ path }: AnyOperation): string[] {
  return [...path.matchAll(/\{(?<name>\w+)\}/gu)].map((match) => match.groups?.name ?? '');
}

/** The names of the things that must be there: those in the path, and those that the body requires. */
export function namesIn(endpoint: AnyOperation): string[] {
  return [...parametersOf(endpoint), ...requiredThings(endpoint)];
}

function requiredThings({ operation, body }: AnyOperation): string[] {
  const [folder] = operation.split('/');
  return (body?.json.required ?? []).filter((name) => `${folder}/{${name}}` in THINGS);
}

/** The members of a body that name things. */
function named(endpoint: AnyOperation, things: Things): Things {
  const names = requiredThings(endpoint).filter((name) => name in things);
  return Object.fromEntries(names.map((name) => [name, things[name] ?? '']));
}

/** A value that a schema accepts: what it requires and nothing more. */
export function minimum(schema: JsonSchema): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[0] as unknown;
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, minimum(schema.properties?.[name] ?? {})]),
      );
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    default:
      return minimumText(schema);
  }
}

function minimumText({ format, pattern = '' }: JsonSchema): string {
  if (format === 'uuid') return randomUUID();
  if (format === 'uri') return 'https://example.com/';
  return new RegExp(String(pattern), 'u').test('some text') ? 'some text' : 'text';
}

function queryValue(name: string, owner: Person): unknown {
  return name === 'company_id' ? owner.companyId : 1;
}

async function thing(
  api: Api,
  endpoint: AnyOperation,
  { name, owner, things }: { name: string; owner: Person; things: Things },
) {
  const [folder] = endpoint.operation.split('/');
  const make = THINGS[`${folder}/{${name}}`];
  if (!make) throw new Error(`test/support/examples.ts does not know how to make a {${name}} for ${folder}`);
  return make(api, owner, things);
}

async function made(api: Api, owner: Person, name: string): Promise<string> {
  const { body } = await succeeding(api, await example(api, operation(name), owner));
  return body.id ?? body.thread_id; // an assistant thread's
}

async function put(api: Api, owner: Person, name: string, id: string | number): Promise<string | number> {
  const endpoint = operation(name);
  const things = Object.fromEntries(parametersOf(endpoint).map((each) => [each, id]));
  await succeeding(api, exampleOf(endpoint, owner, { ...things, company_id: owner.companyId }));
  return id;
}

async function succeeding(api: Api, request: ApiRequest) {
  const answer = await api.send(request);
  if (answer.status >= 300)
    throw new Error(`${request.method} ${request.path} answered ${answer.status} ${answer.text}`);
  return answer;
}
