import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { turnEntry } from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { askedFor } from '../../support/asked.ts';
import { opened, piece, type Step, start, stopped } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { says } from '../../support/scripted-model.ts';
import { KINDS, type ThreadKind } from '../../support/thread-kinds.ts';
import { itemOf, logEntries, textIn, threadOf, unfinished } from '../../support/turns.ts';

process.env.MODEL_SILENCE_MS = '600000'; // longer than a test: what stops the model here is that it was cancelled
// The worker runs in processes of its own, so that whoever cancels can only reach it through the table.
const api = await startApi({ run: workerInProcesses([]) });

const SAID = [start(), opened, piece('Half an '), piece('answer')];
const SAID_TEXT = 'Half an answer';

/** A thread whose first answer begins like this and does not go on. */
async function answering(kind: ThreadKind, ...steps: readonly Step[]) {
  const made = await threadOf(api, kind);
  const question = randomUUID();
  const { reaction, asked, closed } = unfinished(...steps);
  api.model.scripts.set(question, [reaction]);
  const key = { 'idempotency-key': randomUUID() };
  const asking = made.ask(question, key);
  await asked;
  const turnId = String((await made.lease())?.turnId);
  const logged = async () => textIn(await logEntries(api, made.thread, turnId));
  await expect.poll(logged).toBe(steps.length > 1 ? SAID_TEXT : '');
  return { ...made, question, asking, closed, turnId, again: () => made.ask(question, key) };
}

describe.concurrent.each(KINDS)('cancelling in $name', (kind) => {
  test('stops the model, and keeps what was said with its usage', async () => {
    const { cancel, turnId, closed, asking, contents, question, lease } = await answering(kind, ...SAID);
    const { status, body } = await cancel(turnId);
    expect([status, body.status, body.error]).toEqual([200, 'incomplete', null]);
    expect(body.usage).toEqual({ prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 });
    expect(body.assistant_message).toMatchObject({
      ...kind.answer('Half an answer', body.usage),
      metadata: { incomplete_reason: 'cancelled' },
    });
    await closed;
    const asked = await asking;
    expect([asked.status, asked.turn.status, asked.answer]).toEqual([
      200,
      'incomplete',
      body.assistant_message,
    ]);
    expect(await contents()).toEqual([question, 'Half an answer']);
    expect(await lease()).toBeUndefined();
  });

  test('stops a model that has said nothing yet: 200 with the cancelled turn and its usage', async () => {
    const { cancel, turnId, closed, asking, contents, question, again } = await answering(kind, start());
    const { status, body } = await cancel(turnId);
    expect([status, body.status, body.assistant_message]).toEqual([200, 'cancelled', null]);
    expect([body.error, body.usage.prompt_tokens]).toEqual([null, 10]);
    await closed;
    const asked = await asking;
    expect([asked.status, asked.turn.status, asked.answer]).toEqual([200, 'cancelled', null]);
    expect(asked.questionId).toBe(body.message_id);
    const repeated = await again();
    expect([repeated.headers.get('idempotency-replayed'), repeated.body]).toEqual(['true', asked.body]);
    expect(await contents()).toEqual([question]);
  });

  test('leaves the thread free, and the next question is asked with what was said', async () => {
    const { cancel, turnId, ask, question, contents } = await answering(kind, ...SAID);
    await cancel(turnId);
    const next = randomUUID();
    api.model.scripts.set(next, [says('Whole.')]);
    expect((await ask(next)).answer.content).toBe('Whole.');
    expect(await contents()).toEqual([question, 'Half an answer', next, 'Whole.']);
    const [asked] = askedFor(api, next);
    expect(asked?.messages.map(({ content }) => content)).toEqual([question, 'Half an answer', next]);
  });

  test('an ended turn shows it as it ended', async () => {
    const { ask, cancel, turn } = await threadOf(api, kind);
    const asked = await ask(randomUUID());
    const before = (await turn(asked.turn.id)).body;
    const { status, body: after } = await cancel(asked.turn.id);
    expect([status, after.status]).toEqual([200, 'completed']);
    expect(after).toEqual(before);
  });

  test('twice at once ends it once', async () => {
    const { cancel, turnId, contents, question } = await answering(kind, ...SAID);
    const [one, two] = await Promise.all([cancel(turnId), cancel(turnId)]);
    expect(one.body).toEqual(two.body);
    expect(await contents()).toEqual([question, 'Half an answer']);
  });

  test('is not for a turn that is not there, nor for someone else’s, which goes on', async () => {
    const { cancel, turnId, turn } = await answering(kind, ...SAID);
    expect((await cancel(randomUUID())).status).toBe(404);
    expect((await cancel(turnId, kind.credential(await person(api)))).status).toBe(kind.strangerStatus);
    expect((await turn(turnId)).body.status).toBe('in_progress');
    await cancel(turnId);
  });

  test('while the model is speaking keeps a beginning of what it says', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `word ${index} `);
    const steps = words.flatMap((word) => [10, piece(word)]);
    const made = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [unfinished(start(), opened, ...steps, ...stopped('end_turn')).reaction]);
    const asking = made.ask(question);
    // By its second entry it holds words.
    await expect.poll(made.lease).toBeDefined();
    const turnId = String((await made.lease())?.turnId);
    await expect.poll(() => itemOf(api, turnEntry(made.thread, turnId, 1))).toBeDefined();
    const { body } = await made.cancel(turnId);
    const { content } = body.assistant_message;
    expect(words.join('').startsWith(content)).toBe(true);
    expect(content.length).toBeGreaterThan(0);
    expect((await asking).answer.content).toBe(content);
    expect(await made.contents()).toEqual([question, content]);
  });
});

describe.concurrent.each(KINDS)('on_busy=interrupt in $name', (kind) => {
  test('stops the running answer, whose text stands before the new question', async () => {
    const { question, asking, closed, contents, interrupt, turn, turnId } = await answering(kind, ...SAID);
    const next = randomUUID();
    api.model.scripts.set(next, [says('Whole.')]);
    const { status, answer } = await interrupt(next);
    expect([status, answer.content]).toEqual([200, 'Whole.']);
    await closed;
    expect(await contents()).toEqual([question, 'Half an answer', next, 'Whole.']);
    const interrupted = (await turn(turnId)).body;
    expect(interrupted).toMatchObject({
      status: 'incomplete',
      assistant_message: { metadata: { incomplete_reason: 'interrupted' } },
    });
    expect(await asking).toMatchObject({
      turn: { status: 'incomplete' },
      answer: interrupted.assistant_message,
    });
  });

  test('is an ordinary question where nothing runs', async () => {
    const { interrupt, contents } = await threadOf(api, kind);
    const next = randomUUID();
    api.model.scripts.set(next, [says('Whole.')]);
    expect((await interrupt(next)).status).toBe(200);
    expect(await contents()).toEqual([next, 'Whole.']);
  });

  test('ten at once: each is stored once, one is answered, and the thread is free', async () => {
    const { interrupt, contents, lease } = await threadOf(api, kind);
    const questions = Array.from({ length: 10 }, () => randomUUID());
    for (const question of questions) api.model.scripts.set(question, [says(`Answer to ${question}`)]);
    const answers = await Promise.all(questions.map((question) => interrupt(question)));
    expect(answers.map(({ status }) => status)).toEqual(questions.map(() => 200));
    const said = await contents();
    for (const question of questions) expect(said.filter((each) => each === question)).toHaveLength(1);
    const answered = answers.filter(({ turn }) => turn.status === 'completed');
    expect(answered.length).toBeGreaterThanOrEqual(1);
    expect(said.length).toBe(questions.length + answers.filter(({ answer }) => answer).length);
    expect(await lease()).toBeUndefined();
  });

  test('422s on another value', async () => {
    const { ask } = await threadOf(api, kind);
    const { status } = await ask('Q', {}, { on_busy: 'wait' });
    expect(status).toBe(422);
  });
});
