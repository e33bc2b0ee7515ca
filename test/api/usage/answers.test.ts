import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { outputTokens } from '../../../lib/local/model-stand-in.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { expireLease } from '../../support/dead-turn.ts';
import { calls, opened, piece, start, stopped, streams, thinks } from '../../support/model-events.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { logEntries, threadOf, unfinished } from '../../support/turns.ts';

const api = await startApi();
afterEach(() => {
  for (const name of ['MODELS', 'MODEL_PRICES', 'THINKING_DISPLAY']) delete process.env[name];
});

const CACHED = { input_tokens: 100, cache_read_input_tokens: 2_000, cache_creation_input_tokens: 300 };
const whole = (usage: object, output: object) => [
  start(usage),
  opened,
  piece('42.'),
  ...stopped('end_turn', output),
  'end',
];
const PIECE = 'How much water should I drink on a hot day? '.repeat(20);

describe.each(KINDS)('an answer in $name', (kind) => {
  test('says what was thought, read from the cache and written to it, and what it costs', async () => {
    const { ask, turn } = await threadOf(api, kind);
    const question = randomUUID();
    const output = { output_tokens: 500, output_tokens_details: { thinking_tokens: 400 } };
    api.model.scripts.set(question, [streams(...whole(CACHED, output))]);
    const { answer, turn: made } = await ask(question);
    const usage_details = {
      prompt_tokens: 2_400,
      completion_tokens: 500,
      thinking_tokens: 400,
      cache_read_tokens: 2_000,
      cache_write_tokens: 300,
    };
    // 100 × 2 + 2,000 × 0.1 + 300 × 2.5 + 500 × 10 millionths
    expect(answer.metadata).toMatchObject({ usage_details, cost_usd: '0.00615', cached_tokens: 2_000 });
    expect(answer.metadata.usage_details).toEqual(usage_details);
    expect((await turn(made.id)).body).toMatchObject({ usage_details, cost_usd: '0.00615' });
  });

  test('that is cancelled while the model thinks without a word is estimated by how long it has', async () => {
    process.env.THINKING_DISPLAY = 'omitted';
    const { ask, turn, cancel, lease } = await threadOf(api, kind);
    const question = randomUUID();
    const [begins] = thinks;
    const silent = unfinished(start({ input_tokens: 90 }), begins, { type: 'ping' });
    api.model.scripts.set(question, [silent.reaction]);
    const asking = ask(question);
    await silent.asked;
    await wait(1_000);
    const turnId = String((await lease())?.turnId);
    await cancel(turnId);
    await asking;
    const { body } = await turn(turnId);
    expect([body.status, body.assistant_message]).toEqual(['cancelled', null]);
    const { usage_details } = body;
    expect(usage_details).toMatchObject({ estimated: true, prompt_tokens: 90 });
    expect(usage_details.thinking_tokens).toBeGreaterThanOrEqual(60);
    expect(usage_details.thinking_tokens).toBeLessThan(600);
    // The service reports one token at the start of an answer.
    expect(usage_details.completion_tokens - usage_details.thinking_tokens).toBeLessThanOrEqual(1);
    expect(Number(body.cost_usd)).toBeCloseTo((90 * 2 + usage_details.completion_tokens * 10) / 1e6, 9);
  });

  test('whose connection breaks while the model thinks is estimated, too, and its text is within a tenth', async () => {
    process.env.THINKING_DISPLAY = 'omitted';
    const { ask } = await threadOf(api, kind);
    const question = randomUUID();
    const [begins, ...others] = thinks;
    const steps = [start(), begins, 500, ...others, opened, piece(PIECE), 'cut'];
    api.model.scripts.set(question, [streams(...steps)]);
    const { answer } = await ask(question);
    const { usage_details, incomplete_reason } = answer.metadata;
    expect([usage_details.estimated, incomplete_reason]).toEqual([true, 'connection_lost']);
    expect(usage_details.thinking_tokens).toBeGreaterThanOrEqual(30);
    const said = usage_details.completion_tokens - usage_details.thinking_tokens;
    expect(Math.abs(said / outputTokens(PIECE.length) - 1)).toBeLessThan(0.1);
  });

  test('whose maker has died is estimated from its log, and the time of nobody', async () => {
    const { ask, thread, turn, lease } = await threadOf(api, kind);
    const question = randomUUID();
    const [begins] = thinks;
    const silent = unfinished(start({ input_tokens: 90 }), begins);
    api.model.scripts.set(question, [silent.reaction]);
    const asking = ask(question);
    await silent.asked;
    const turnId = String((await lease())?.turnId);
    await expect.poll(() => logEntries(api, thread, turnId)).not.toEqual([]);
    await wait(400);
    await expireLease(api, thread);
    const { body } = await turn(turnId);
    expect(body.status).toBe('failed');
    expect(body.usage_details).toMatchObject({ prompt_tokens: 90 });
    expect(body.usage_details.completion_tokens).toBeLessThan(200);
    await asking;
  });
});

test('calls of a broken-off answer are within a tenth of what the model counts', async () => {
  const { ask } = await agentThreadWith(api, { configuration: {} });
  const question = randomUUID();
  const call = calls('toolu_1', 'weather', { place: PIECE }).slice(0, -1);
  api.model.scripts.set(question, [streams(start(), opened, piece('Let me look. '), ...call, 'cut')]);
  const { body } = await ask(question);
  const { usage_details } = body.metadata;
  const byModel = api.model.metered.at(-1)?.output() ?? 0;
  const said = usage_details.completion_tokens - usage_details.thinking_tokens;
  expect(byModel).toBeGreaterThan(200);
  expect(Math.abs(said / byModel - 1)).toBeLessThan(0.1);
});

describe('each request of an answer is priced by itself', () => {
  test('so that two short prompts of Haiku do not make a long one', async () => {
    process.env.MODELS = 'claude-haiku-5-5';
    const { ask } = await threadOf(api);
    const question = randomUUID();
    const long = { input_tokens: 60_000 };
    const paused = [
      start(long),
      opened,
      piece('Well. '),
      ...stopped('pause_turn', { output_tokens: 10 }),
      'end',
    ];
    api.model.scripts.set(question, [streams(...paused), streams(...whole(long, { output_tokens: 10 }))]);
    const { answer } = await ask(question);
    expect(answer.metadata.usage_details.prompt_tokens).toBe(120_000);
    expect(answer.metadata.cost_usd).toBe('0.01201');
  });
});

test('an answer of a model without a known price has no cost', async () => {
  process.env.MODEL_PRICES = '{}';
  const { ask, turn } = await threadOf(api);
  const { answer, turn: made } = await ask('Q');
  expect(answer.metadata.usage_details.prompt_tokens).toBeGreaterThan(0);
  expect(answer.metadata).not.toHaveProperty('cost_usd');
  expect((await turn(made.id)).body.cost_usd).toBeNull();
});
