import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { deleteThread } from '../../../functions/threads/delete-thread.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { unitsOf } from '../../support/capacity.ts';
import { type Person, person } from '../../support/people.ts';
import { allItems, sizeOf } from '../../support/table.ts';
import { itemOf } from '../../support/turns.ts';

const api = await startApi();

const give = (who: Person, messageId: string, details: object = {}, headers: object = {}) =>
  api.send({
    path: '/api/v1/feedback/chat',
    headers: { ...who.apiKey, ...headers },
    body: { message_id: messageId, source: 'chat', feedback_details: details },
  });
const feedbackIn = ({ body }: { body: { messages: { feedback: unknown }[] } }) =>
  body.messages.map(({ feedback }) => feedback);

describe('feedback', () => {
  test('is shown with the message that it is on, whoever said that', async () => {
    const { owner, say, read } = await agentThreadWith(api);
    const [question, answer] = [await say('A question'), await say('An answer', 'assistant')];
    await say('Another question');
    const details = { feedback_type: 'negative', issue_type: 'wrong', comment: 'No. ü😀' };
    const onAnswer = await give(owner, answer, { ...details, context_id: 'a page' });
    expect(onAnswer.status).toBe(200);
    expect(onAnswer.body).toEqual({
      id: expect.any(String),
      human_message_id: null,
      ai_message_id: answer,
      flow_execution_id: null,
      user_id: owner.userId,
      organization_id: owner.organizationId,
      ...details,
      created_at: expect.any(String),
      updated_at: onAnswer.body.created_at,
    });
    const onQuestion = await give(owner, question.toUpperCase());
    expect(onQuestion.body).toMatchObject({
      human_message_id: question,
      ai_message_id: null,
      feedback_type: null,
      issue_type: null,
      comment: null,
    });
    expect(feedbackIn(await read())).toEqual([onQuestion.body, onAnswer.body, null]);
  });

  test('on an answer names the question, too', async () => {
    const { owner, say, ask, read } = await agentThreadWith(api);
    await say('Said by nobody’s question', 'assistant');
    await ask('The question');
    const [another, question, answer] = (await read()).body.messages;
    expect(answer.role).toBe('assistant');
    const { body } = await give(owner, answer.id, { feedback_type: 'positive' });
    expect([body.human_message_id, body.ai_message_id]).toEqual([question.id, answer.id]);
    expect((await give(owner, another.id)).body.human_message_id).toBeNull();
  });

  test('that is given again takes the place of the earlier one, which keeps its id and its first date', async () => {
    const { owner, say, read } = await agentThreadWith(api);
    const message = await say('An answer', 'assistant');
    const { body: first } = await give(owner, message, { feedback_type: 'positive', comment: 'Good' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { body: second } = await give(owner, message, { feedback_type: 'negative' });
    expect(second).toEqual({
      ...first,
      feedback_type: 'negative',
      comment: null,
      updated_at: expect.any(String),
    });
    expect(Date.parse(second.updated_at)).toBeGreaterThan(Date.parse(first.created_at));
    expect(feedbackIn(await read())).toEqual([second]);
  });

  test('that is repeated with its key is answered as it was, and does not undo what was given since', async () => {
    const { owner, say, read } = await agentThreadWith(api);
    const message = await say('An answer', 'assistant');
    const keyed = () => give(owner, message, { feedback_type: 'positive' }, { 'idempotency-key': 'first' });
    const first = await keyed();
    const { body: second } = await give(owner, message, { feedback_type: 'negative' });
    const again = await keyed();
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    expect(feedbackIn(await read())).toEqual([second]);
    const another = await give(owner, message, {}, { 'idempotency-key': 'first' });
    expect(another.status).toBe(409);
  });

  test('of 10 at the same time is one', async () => {
    const { owner, say, read } = await agentThreadWith(api);
    const message = await say('An answer', 'assistant');
    const given = await Promise.all(
      Array.from({ length: 10 }, (_, index) => give(owner, message, { comment: String(index) })),
    );
    expect(given.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(given.map(({ body }) => `${body.id} ${body.created_at}`)).size).toBe(1);
    expect(given.map(({ body }) => body.comment)).toContain((await read()).body.messages[0].feedback.comment);
  });

  test('is one for each user of an organization, who sees their own', async () => {
    const { owner, say, read } = await agentThreadWith(api);
    const colleague = await person(api, { organizationId: owner.organizationId });
    const message = await say('An answer', 'assistant');
    const { body: mine } = await give(owner, message, { feedback_type: 'positive' });
    expect(feedbackIn(await read(colleague))).toEqual([null]);
    const { body: theirs } = await give(colleague, message, { feedback_type: 'negative' });
    expect(theirs).toMatchObject({ user_id: colleague.userId, created_at: theirs.updated_at });
    expect([feedbackIn(await read()), feedbackIn(await read(colleague))]).toEqual([[mine], [theirs]]);
  });

  test('404s on a message of another organization exactly as on one that is not there', async () => {
    const { say, read } = await agentThreadWith(api);
    const message = await say('An answer', 'assistant');
    const stranger = await person(api);
    const [foreign, missing] = [await give(stranger, message), await give(stranger, randomUUID())];
    expect([missing.status, missing.body]).toEqual([404, { detail: 'Message not found' }]);
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
    expect(feedbackIn(await read())).toEqual([null]);
  });

  test.each([
    ['another word', 'feedback_type', 'neutral'],
    ['a number', 'feedback_type', 1],
    ['201 characters', 'issue_type', 'x'.repeat(201)],
    ['4,001 characters', 'comment', 'x'.repeat(4_001)],
    ['half a character', 'comment', '\ud800'],
    ['130 bytes', 'context_id', 'é'.repeat(65)],
  ])('422s %s as %s and says where', async (_what, name, value) => {
    const { status, body } = await give(await person(api), randomUUID(), { [name]: value });
    expect([status, body.detail[0].loc]).toEqual([422, ['body', 'feedback_details', name]]);
  });

  test('422s what is no id of a message', async () => {
    const { status, body } = await give(await person(api), 'no-uuid');
    expect([status, body.detail[0]]).toMatchObject([
      422,
      { loc: ['body', 'message_id'], msg: 'must be a UUID' },
    ]);
  });

  test('403s for a key that may not write', async () => {
    const who = await person(api, { scopes: ['read'] });
    expect((await give(who, randomUUID())).status).toBe(403);
  });
});

describe('a message of an agent’s thread', () => {
  test('is found by its id for 2 of its 10 write units, and for no more where it is long', async () => {
    const { say, owner, id: threadId } = await agentThreadWith(api);
    expect(await unitsOf(api, () => say('hi'))).toEqual({ writes: 10, reads: 0 });
    const id = await say('x'.repeat(100_000));
    const pointer = await itemOf(api, keys.messagePointer(owner.organizationId, id));
    expect(pointer).toMatchObject({ threadId, role: 'user' });
    expect(sizeOf(pointer ?? {})).toBeLessThan(300);
  });

  test('leaves nothing behind when its thread is deleted', async () => {
    const { say, thread, owner, id } = await agentThreadWith(api);
    for (const text of ['one', 'two']) await give(owner, await say(text));
    await deleteThread(thread, api.table);
    const left = (await allItems(api.table)).filter((item) => JSON.stringify(item).includes(id));
    // records of Idempotency-Keys would be left, and there were none
    expect(left).toEqual([]);
  });
});
