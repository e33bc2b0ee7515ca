import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { assistantRef } from '../../../functions/domain/thread-ref.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { spentOf } from '../../support/budgets.ts';
import {
  calls,
  callsTools,
  opened,
  piece,
  says,
  start,
  stopped,
  streams,
} from '../../support/model-events.ts';
import { type Person, person } from '../../support/people.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { logEntries, textIn, threadOf, unfinished } from '../../support/turns.ts';

const MAX_TOKENS = 4_096;
const BUDGET = 12_000;
Object.assign(process.env, { TOKEN_BUDGET: String(BUDGET), MODEL_MAX_TOKENS: String(MAX_TOKENS) });
const api = await startApi();

const QUESTION = 'How much water should I drink on a hot day? '.repeat(20);
const QUESTION_TOKENS = QUESTION.length / 4;
const ANSWER = 'Two litres at least. '.repeat(100);
const ANSWER_TOKENS = ANSWER.length / 4;
/** What the model reports at the start of an answer: it counts all that it was sent. */
const SENT = { input_tokens: QUESTION_TOKENS + 60 };

/** The id of the turn that is running in a thread. */
async function running({ lease }: { lease: () => Promise<Record<string, unknown> | undefined> }) {
  return String((await lease())?.turnId);
}

describe.each(KINDS)('in $name an answer that is broken off', (kind) => {
  test('before its first byte counts what was sent', async () => {
    const made = await threadOf(api, kind);
    const silent = unfinished();
    api.model.script.push(silent.reaction);
    const asking = made.ask(QUESTION);
    await silent.asked;
    const { body } = await made.cancel(await running(made));
    expect(body.status).toBe('cancelled');
    const spent = await spentOf(api, kind.tenant(made.owner));
    expect(spent.used).toBeGreaterThan(QUESTION_TOKENS);
    expect(spent.used).toBeLessThan(QUESTION_TOKENS * 4);
    await asking;
    await expect.poll(() => spentOf(api, kind.tenant(made.owner))).toEqual({ ...spent, running: 0 });
  });

  test('late counts what it has said, and says in its metadata that this is an estimate', async () => {
    const made = await threadOf(api, kind);
    const late = unfinished(start(SENT), opened, piece(ANSWER));
    api.model.script.push(late.reaction);
    const asking = made.ask(QUESTION);
    await late.asked;
    const turnId = await running(made);
    await expect.poll(async () => textIn(await logEntries(api, made.thread, turnId))).toBe(ANSWER);
    await made.cancel(turnId);
    const { body } = await made.turn(turnId);
    expect(body.usage).toMatchObject({ prompt_tokens: SENT.input_tokens, completion_tokens: 1 });
    await asking;
    await expect.poll(async () => (await spentOf(api, kind.tenant(made.owner))).running).toBe(0);
    const { used, taken } = await spentOf(api, kind.tenant(made.owner));
    expect(taken).toBe(used);
    const { usage_details } = body.assistant_message.metadata;
    expect(usage_details).toMatchObject({ estimated: true, prompt_tokens: SENT.input_tokens });
    const said = usage_details.completion_tokens - usage_details.thinking_tokens;
    expect([said / ANSWER_TOKENS < 1.1, said / ANSWER_TOKENS > 0.9]).toEqual([true, true]);
    expect(used).toBe(usage_details.prompt_tokens + usage_details.completion_tokens);
  });

  test('by the model counts the same, and what was reported stays as it is', async () => {
    const { ask, owner } = await threadOf(api, kind);
    api.model.script.push(streams(start(), opened, piece(ANSWER), 'cut'));
    const { status, answer } = await ask(QUESTION);
    expect(status).toBe(200);
    const { incomplete_reason, usage_details } = answer.metadata;
    expect(incomplete_reason).toBe('connection_lost');
    const { prompt_tokens, completion_tokens } = usage_details;
    expect(completion_tokens).toBeGreaterThanOrEqual(ANSWER_TOKENS);
    const used = prompt_tokens + completion_tokens;
    expect(await spentOf(api, kind.tenant(owner))).toEqual({ used, taken: used, running: 0 });
  });
});

describe('usage that cannot be believed', () => {
  const ends = (usage: object) => [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  test.each([
    ['is negative', { output_tokens: -5_000 }],
    ['is a text', { output_tokens: '7' }],
    ['is missing', {}],
    ['is no whole number', { output_tokens: 0.5 }],
    ['is null', { output_tokens: null }],
    ['has a negative part', { output_tokens: 7, cache_read_input_tokens: -9_000 }],
  ])('because it %s counts as an estimate', async (_why, usage) => {
    const [kind] = KINDS;
    if (!kind) throw new Error('There is no kind');
    const { ask, owner } = await threadOf(api, kind);
    api.model.script.push(streams(start(), opened, piece(ANSWER), ...ends(usage), 'end'));
    const { status, answer } = await ask(QUESTION);
    expect([status, answer.content]).toEqual([200, ANSWER]);
    expect(answer.metadata.usage_details.estimated).toBe(true);
    expect(answer.token_usage).toEqual({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 });
    const { used, taken } = await spentOf(api, kind.tenant(owner));
    expect(used).toBeGreaterThan(QUESTION_TOKENS + ANSWER_TOKENS);
    expect([used < 2 * (QUESTION_TOKENS + ANSWER_TOKENS), taken]).toEqual([true, used]);
  });
});

describe('what the model would be asked', () => {
  test('with instructions for which too few tokens are left is not asked: an answer without text, for `budget`', async () => {
    const configuration = { instructions: 'Be kind. '.repeat(3_000) };
    const { ask, owner } = await agentThreadWith(api, { configuration });
    const before = api.model.asked.length;
    const { status, body } = await ask('Q');
    expect([status, body.role, body.content]).toEqual([200, 'assistant', '']);
    expect(body.metadata.incomplete_reason).toBe('budget');
    expect(api.model.asked.length).toBe(before);
    const tenant = { kind: 'ORGANIZATION', id: owner.organizationId } as const;
    expect(await spentOf(api, tenant)).toEqual({ used: 0, taken: 0, running: 0 });
  });

  test('in a further round of tool calls for which too few are left is not asked: what was said stays', async () => {
    const { owner, ask } = await onboarding(await person(api));
    const round = (id: string) =>
      streams(
        start({ input_tokens: 100 }),
        opened,
        piece('Done. '),
        ...calls(id, 'complete_thread', {}),
        ...stopped('tool_use', { output_tokens: 3_500 }),
        'end',
      );
    const before = api.model.asked.length;
    api.model.script.push(round('a'), round('b'), round('c'), round('d'));
    const { status, body } = await ask('Q');
    api.model.script.length = 0;
    // After two rounds 7,200 tokens are used, and a third could use 4,096 and its input.
    expect([status, api.model.asked.length - before]).toEqual([200, 3]);
    expect(body.assistant_message).toMatchObject({
      content: 'Done. Done. Done. ',
      metadata: { incomplete_reason: 'budget' },
      token_usage: { total_tokens: 10_800 },
    });
    expect(body.turn.status).toBe('incomplete');
    const tenant = { kind: 'COMPANY', id: String(owner.companyId) } as const;
    expect(await spentOf(api, tenant)).toEqual({ used: 10_800, taken: 10_800, running: 0 });
  });

  test('with results of tools is held before it is asked', async () => {
    const { owner, ask } = await onboarding(await person(api));
    const tenant = { kind: 'COMPANY', id: String(owner.companyId) } as const;
    const taken: number[] = [];
    const look = async () => void taken.push((await spentOf(api, tenant)).taken);
    const looking =
      (reaction: ReturnType<typeof says>): ReturnType<typeof says> =>
      async (request, outgoing) => {
        await look();
        return reaction(request, outgoing);
      };
    const long = { note: 'x'.repeat(3_000) };
    api.model.script.push(looking(callsTools(calls('a', 'complete_thread', long))), looking(says('Done')));
    expect((await ask('Q')).status).toBe(200);
    const [first = 0, second = 0] = taken;
    expect(second - first).toBeGreaterThan(1_000);
  });
});

/** A company's thread whose assistant has a tool. */
async function onboarding(owner: Person) {
  const threads = `/api/v1/chat/threads?company_id=${owner.companyId}`;
  const { body } = await api.send({
    path: threads,
    headers: owner.bearer,
    body: { assistant_type: 'onboarding' },
  });
  const path = `/api/v1/chat/threads/${body.thread_id}/messages?company_id=${owner.companyId}`;
  return {
    owner,
    thread: assistantRef(owner, body.thread_id as string),
    ask: (content: string) => api.send({ path, headers: owner.bearer, body: { content } }),
  };
}

test('a replay finds its answer although the budget is used up', async () => {
  const [kind] = KINDS;
  if (!kind) throw new Error('There is no kind');
  const { ask } = await threadOf(api, kind);
  const key = { 'idempotency-key': randomUUID() };
  api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
  const first = await ask('Q', key);
  const again = await ask('Q', key);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(again.answer).toEqual(first.answer);
  expect((await ask('Other', key)).status).toBe(409);
  expect((await ask('Q')).status).toBe(429);
});
