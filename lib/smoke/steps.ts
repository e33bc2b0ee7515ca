import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { brandScope } from '../../functions/domain/principal.ts';
import { idempotencyKeyOf } from '../../functions/http/idempotency-key.ts';
import { uncountConversation } from '../../functions/store/conversations.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Call } from './call.ts';
import type { Trial } from './trial.ts';

/** The steps of a smoke test, API by API; within one, a step that fails ends the rest. */
export const STEPS: readonly ((trial: Trial) => Promise<void>)[] = [
  tryGateway,
  tryAsk,
  tryAi,
  tryChat,
  tryAgentStudio,
];

async function tryGateway({ call }: Trial): Promise<void> {
  await call('GET /health', { method: 'GET', path: '/health', as: 'nobody', status: 200 });
  await call('no token: 401', { path: '/v1/conversations', as: 'nobody', body: {}, status: 401 });
  await call('a wrong API key: 403', { method: 'GET', path: '/api/v1/agents', as: 'wrong key', status: 403 });
}

async function tryAsk({ target, make, forgetThread }: Trial): Promise<void> {
  const { brandId } = brandScope(target.user); // before anything is made: without it nothing could be removed
  const path = '/v1/ask/threads';
  const body = { member_name: 'Smoke test', body: 'Does this work?' };
  const id = await make('POST /v1/ask/threads', { path, as: 'user', body, status: 201 });
  forgetThread(keys.askThread(brandId, id));
}

/** Asks twice with one Idempotency-Key, too: one question, one answer, one bill. */
async function tryAi({ target, send, call, make, step, forget, forgetThread, undo }: Trial): Promise<void> {
  const scope = brandScope(target.user);
  const { brandId, userId } = scope;
  const conversation: Call = { path: '/v1/conversations', as: 'user', body: {}, status: 201 };
  const id = await make('POST /v1/conversations', conversation);
  forgetThread(keys.conversation(brandId, userId, id));
  if (target.isThrowAway) forget(keys.conversationCount(brandId, userId).pk);
  else undo(() => uncountConversation(scope, target.table));

  const path = `/v1/conversations/${id}/messages`;
  const note = { role: 'user', content: 'This is a smoke test.' };
  await call('POST /v1/conversations/{id}/messages', { path, as: 'user', body: note, status: 200 });
  const body = { role: 'user', content: 'Answer with one word.', mode: 'chat-completion' };
  const idempotencyKey = randomUUID();
  const completion: Call = { path, as: 'user', body, idempotencyKey, status: 200 };
  const { keyHash = '' } = idempotencyKeyOf(idempotencyKey, { method: 'POST', path, query: {}, body }) ?? {};
  forget(keys.idempotencyRecord(scope, keyHash).pk);
  const first = await step('the same with an answer (chat-completion)', async () => {
    const answered = await send(completion);
    if (!answered.body.assistant_message) throw new Error('The answer was not ready in 25 s');
    return answered;
  });
  await step('the same again, answered from what is stored', async () => {
    const again = await send(completion);
    if (again.headers.get('idempotency-replayed') !== 'true') throw new Error('It was answered anew');
    if (!isDeepStrictEqual(again.body, first.body)) throw new Error('The second answer is another one');
  });
}

async function tryChat({ target, make, step, forget, forgetThread }: Trial): Promise<void> {
  const name = 'POST /api/v1/chat/threads';
  const [companyId] = target.user.companyIds;
  if (companyId === undefined)
    return step(name, () => Promise.reject(new Error('The token names no company')));
  // A company that is not ours keeps its assistant: others may have made it, or use it meanwhile.
  if (target.isThrowAway) forget(keys.company(companyId));
  const path = `/api/v1/chat/threads?company_id=${companyId}`;
  const body = { assistant_type: 'general', name: 'Smoke test' };
  const id = await make(name, { path, as: 'user', body, status: 200 });
  forgetThread(keys.assistantThread(companyId, id));
}

/** The organization is always one of ours: the key was made for this. */
async function tryAgentStudio({ target, make, forget, forgetThread }: Trial): Promise<void> {
  const { organizationId } = target;
  forget(keys.organization(organizationId));
  const agent = { name: 'Smoke test', configuration: {}, template_id: randomUUID() };
  const agents: Call = { path: '/api/v1/agents', as: 'key', body: agent, status: 200 };
  const path = `/api/v1/chat/${await make('POST /api/v1/agents', agents)}/threads`;
  const id = await make('POST /api/v1/chat/{agent_id}/threads', { path, as: 'key', body: {}, status: 200 });
  forgetThread(keys.agentThread(organizationId, id));
}
