import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { brandScope } from '../../functions/domain/principal.ts';
import { agentRef, askRef, assistantRef } from '../../functions/domain/thread-ref.ts';
import { idempotencyKeyOf } from '../../functions/http/idempotency-key.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Call } from './call.ts';
import { makeConversation } from './conversation.ts';
import { tryStreams } from './stream-steps.ts';
import type { Trial } from './trial.ts';

/** The steps of a smoke test, API by API; within one, a step that fails ends the rest. */
export const STEPS: readonly ((trial: Trial) => Promise<void>)[] = [
  tryGateway,
  tryAsk,
  tryAi,
  tryStreams,
  tryChat,
  tryAgentStudio,
];

async function tryGateway({ call }: Trial): Promise<void> {
  await call('GET /health', { operation: 'GET /health', as: 'nobody', status: 200 });
  const conversation = { operation: 'POST /v1/conversations', input: { body: {} } } as const;
  await call('no token: 401', { ...conversation, as: 'nobody', status: 401 });
  await call('a wrong API key: 403', { operation: 'GET /api/v1/agents', as: 'wrong key', status: 403 });
}

async function tryAsk({ target, make, forgetThread }: Trial): Promise<void> {
  const { brandId } = brandScope(target.user); // before anything is made: without it nothing could be removed
  const operation = 'POST /v1/ask/threads';
  const input = { body: { member_name: 'Smoke test', body: 'Does this work?' } };
  const id = await make(operation, { operation, input, as: 'user', status: 201 });
  forgetThread(askRef({ brandId }, id));
}

/** Asks twice with one Idempotency-Key, too: one question, one answer, one bill. */
async function tryAi(trial: Trial): Promise<void> {
  const { target, send, call, step, forget } = trial;
  const scope = brandScope(target.user);
  const id = await makeConversation(trial);

  const operation = 'POST /v1/conversations/{id}/messages';
  const note = { role: 'user', content: 'This is a smoke test.' } as const;
  await call(operation, { operation, input: { path: { id }, body: note }, as: 'user', status: 200 });
  const body = { role: 'user', content: 'Answer with one word.', mode: 'chat-completion' } as const;
  const idempotencyKey = randomUUID();
  const input = { path: { id }, headers: { 'idempotency-key': idempotencyKey }, body };
  const completion: Call = { operation, input, as: 'user', status: 200 };
  const path = `/v1/conversations/${id}/messages`;
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
  const body = { assistant_type: 'general', name: 'Smoke test' } as const;
  const input = { query: { company_id: companyId }, body };
  const id = await make(name, { operation: name, input, as: 'user', status: 200 });
  forgetThread(assistantRef({ companyId }, id));
}

/** The organization is always one of ours: the key was made for this. */
async function tryAgentStudio({ target, make, forget, forgetThread }: Trial): Promise<void> {
  const { organizationId } = target;
  forget(keys.organization(organizationId));
  const agent = { name: 'Smoke test', configuration: {}, template_id: randomUUID() };
  const create = 'POST /api/v1/agents';
  const agent_id = await make(create, { operation: create, input: { body: agent }, as: 'key', status: 200 });
  const operation = 'POST /api/v1/chat/{agent_id}/threads';
  const input = { path: { agent_id }, body: {} };
  const id = await make(operation, { operation, input, as: 'key', status: 200 });
  forgetThread(agentRef({ organizationId }, id));
}
