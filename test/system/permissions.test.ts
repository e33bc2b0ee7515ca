import { expect, test } from 'vitest';
import { DAY_MS } from '../../functions/domain/days.ts';
import { newId } from '../../functions/domain/ids.ts';
import {
  agentRef,
  assistantRef,
  conversationRef,
  type ThreadRef,
} from '../../functions/domain/thread-ref.ts';
import { endpoints } from '../../functions/endpoints.ts';
import { TITLE_ACCESS } from '../../functions/titles/access.ts';
import { ANSWER_ACCESS, TURN_ACCESS } from '../../functions/turns/access.ts';
import { AUTHORIZER_BUNDLE, bundleName, TITLE_BUNDLE, WORKER_BUNDLE } from '../../lib/bundle-names.ts';
import { agentThreadWith } from '../support/agent-threads.ts';
import { type ApiRequest, startApi } from '../support/api.ts';
import type { DatabaseCall } from '../support/database-proxy.ts';
import { leaveDeadTurn } from '../support/dead-turn.ts';
import { openStream } from '../support/events.ts';
import { example, operation } from '../support/examples.ts';
import { calls, callsTools } from '../support/model-events.ts';
import { type Person, person } from '../support/people.ts';
import { accessKeyOf, inOwnProcesses } from '../support/run-function.ts';
import { fails, says } from '../support/scripted-model.ts';
import { threadOf } from '../support/turns.ts';

/**
 * What IAM would say, said on this machine: every function runs in a process of its own and signs with its own name;
 * a call that its operation does not declare is refused as DynamoDB would.
 */
const api = await startApi({ run: inOwnProcesses });

const declared = new Map<string, string[]>([
  [accessKeyOf(AUTHORIZER_BUNDLE), ['GetItem']],
  [accessKeyOf(WORKER_BUNDLE), [...ANSWER_ACCESS.table]],
  [accessKeyOf(TITLE_BUNDLE), [...TITLE_ACCESS.table]],
  [accessKeyOf('turn-stream'), [...ANSWER_ACCESS.table]],
  [accessKeyOf('follow'), [...TURN_ACCESS.table]],
  ...endpoints.map((endpoint): [string, string[]] => [
    accessKeyOf(bundleName(endpoint)),
    [...endpoint.access.table, ...endpoint.access.indexes.map((index) => `Query ${index}`)],
  ]),
]);

/** The IAM actions that a call needs: a transaction needs those of its items. */
function actionsOf({ operation, input }: DatabaseCall): string[] {
  if (operation === 'TransactWriteItems') {
    const kinds = (input.TransactItems as object[]).flatMap(Object.keys);
    return kinds.map((kind) => (kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`));
  }
  return [input.IndexName ? `Query ${input.IndexName as string}` : operation];
}

test('every function makes do with what it declares, and needs all of it', async () => {
  const used = new Map<string, Set<string>>();
  api.database.intercept((call) => {
    const actions = actionsOf(call);
    const soFar = used.get(call.caller) ?? new Set();
    used.set(call.caller, new Set([...soFar, ...actions]));
    const refused = actions.filter((action) => !declared.get(call.caller)?.includes(action));
    if (refused.length === 0) return undefined;
    const message = `${call.caller} is not authorized to perform ${refused.join(', ')}`;
    return { status: 400, type: 'AccessDeniedException', message };
  });
  for (const endpoint of endpoints) {
    const owner = await person(api);
    const request = await example(api, endpoint, owner);
    const keyed = { ...request, headers: { ...request.headers, 'idempotency-key': 'k' } };
    const answers = [await api.send(keyed), await api.send(keyed)];
    for (const { status, text } of answers)
      expect(status, `${endpoint.operation}: ${text}`).toBeLessThan(300);
    if (endpoint.startsTurns) await converse(keyed);
    if (endpoint.path.includes('{turn_id}')) await settle(request, owner);
    if (endpoint.settlesTurns) await notice(request, owner);
    for (const path of (await FURTHER[endpoint.operation]?.(request.path, owner)) ?? []) {
      const { status, text } = await api.send({ ...request, path });
      expect(status, `${path}: ${text}`).toBeLessThan(300);
    }
  }
  await stream();
  await askAssistant();
  await streamMessages();
  for (const { name, payload } of api.lambda.events) await api.handler(name)(payload);
  for (const [name, actions] of declared) {
    expect([...(used.get(name) ?? [])].toSorted(), name).toEqual(actions.toSorted());
  }
});

/** Paths with which an operation does what its example does not, after what is needed for it has been made. */
const FURTHER: Readonly<Record<string, (path: string, owner: Person) => Promise<string[]>>> = {
  'ask/list-threads': async (path, owner) => {
    await api.send(await example(api, operation('ask/create-thread'), owner));
    return [path];
  },
  'conversations/list-messages': async (path) => [`${path}?order=asc`],
  'assistant-chat/list-messages': async (path) => [`${path}&order=asc`],
  'assistant-chat/list-threads': async (path, owner) => {
    const create = await example(api, operation('assistant-chat/create-thread'), owner);
    await api.send({ ...create, body: { assistant_type: 'general', description: 'described' } });
    return [path, `${path}&assistant_type=general`];
  },
  'agent-chat/list-agents': async (path) => [path, `${path}?status=active`],
  'agent-chat/list-history': async (path, owner) => {
    const { body } = await api.send(await example(api, operation('agent-chat/create-agent'), owner));
    return [`${path}?agent_id=${body.id}`];
  },
};

/** The thread of an owner that a request names. */
function threadOfPath(path: string, id: string, owner: Person): ThreadRef {
  if (path.startsWith('/v1/')) return conversationRef(owner, id);
  if (path.includes('company_id')) return assistantRef(owner, id);
  return agentRef(owner, id);
}

/** Looks at a turn whose function has died, or cancels it. */
async function settle(request: ApiRequest, owner: Person): Promise<void> {
  const { thread: id = '', turn: ended = '' } =
    /(?:conversations|threads)\/(?<thread>[^/]+)\/turns\/(?<turn>[^/?]+)/u.exec(request.path)?.groups ?? {};
  const turnId = await leaveDeadTurn(api.table, threadOfPath(request.path, id, owner), { messageId: ended });
  const path = request.path.replace(ended, turnId);
  expect(['failed', 'cancelled']).toContain((await api.send({ ...request, path })).body.status);
}

/** Reads a thread whose turn has been dead for a while, and has it settled. */
async function notice(request: ApiRequest, owner: Person): Promise<void> {
  const [, id = ''] = /(?:conversations|threads)\/(?<thread>[^/?]+)/u.exec(request.path) ?? [];
  const turnId = newId(Date.now() - DAY_MS);
  await leaveDeadTurn(api.table, threadOfPath(request.path, id, owner), { messageId: turnId, turnId });
  const queued = api.lambda.events.length;
  expect((await api.send(request)).status).toBe(200);
  expect(api.lambda.events.slice(queued)).toMatchObject([{ payload: { settles: turnId } }]);
}

/** Questions in a company's thread, one whose answer is streamed: the assistant looks at what the thread is about. */
async function askAssistant(): Promise<void> {
  const owner = await person(api);
  await api.send({
    method: 'PUT',
    path: `/api/v1/companies/${owner.companyId}/google-ads-customers/7`,
    headers: owner.bearer,
    body: { descriptive_name: 'Hats' },
  });
  const query = `company_id=${owner.companyId}`;
  const made = await api.send({
    path: `/api/v1/chat/threads?${query}&customer_id=7`,
    headers: owner.bearer,
    body: { assistant_type: 'general' },
  });
  for (const way of ['messages', 'messages/stream']) {
    api.model.script.push(callsTools(calls('toolu_1', 'read_customer', {})), says('It sells hats.'));
    const path = `/api/v1/chat/threads/${made.body.thread_id}/${way}?${query}`;
    const asked = await api.send({ path, headers: owner.bearer, body: { content: 'hi' } });
    expect(asked.text).toContain('It sells hats.');
  }
}

/** The messages of an agent's thread as they come. */
async function streamMessages(): Promise<void> {
  const { owner, path } = await agentThreadWith(api);
  const { events } = await openStream(api, { path: `${path}/stream`, headers: owner.apiKey });
  const add = { path: `${path}/messages`, headers: owner.apiKey, body: { role: 'system', content: 'hi' } };
  const { id } = (await api.send(add)).body;
  for await (const event of events) {
    expect(event.id).toBe(id);
    break;
  }
}

/** A question whose answer is streamed, and the stream of a turn whose function has died. */
async function stream(): Promise<void> {
  const { owner, id, thread } = await threadOf(api);
  const path = `/v1/conversations/${id}`;
  const body = { role: 'user', content: 'hi' };
  const asked = await api.send({ path: `${path}/messages/stream`, headers: owner.bearer, body });
  expect(asked.text).toContain('event: done');
  const [, messageId = ''] = asked.text.match(/"id":"(?<id>[^"]+)"/u) ?? [];
  const turnId = await leaveDeadTurn(api.table, thread, { messageId });
  const rejoined = await api.send({
    method: 'GET',
    path: `${path}/turns/${turnId}/stream`,
    headers: owner.bearer,
  });
  expect(rejoined.text).toContain('"status":"failed"');
}

/** A question whose answer fails, is made by its key, and is asked for once more; and one whose worker dies. */
async function converse({ path, headers, body: example }: ApiRequest): Promise<void> {
  const body = { ...(example as object), content: 'hi', mode: 'chat-completion' };
  const ask = () => api.send({ path, headers: { ...headers, 'idempotency-key': 'c' }, body });
  api.model.script.push(fails(400));
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([500, 200, 200]);
  api.lambda.faults.push('crash');
  expect((await api.send({ path, headers: { ...headers, 'idempotency-key': 'd' }, body })).status).toBe(500);
}
