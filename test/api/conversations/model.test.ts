import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { says } from '../../support/model-events.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();
const OPUS = 'claude-opus-5-5';
const SONNET = 'claude-sonnet-5-5';

/** A conversation of this model, as it is edited and asked. */
async function conversationOf(model: string) {
  const talk = await conversationWith(api, { create: { model } });
  const path = `/v1/conversations/${talk.id}`;
  return {
    ...talk,
    patch: (body: object, headers: Readonly<Record<string, string>> = {}) =>
      api.send({ method: 'PATCH', path, headers: { ...talk.owner.bearer, ...headers }, body }),
    read: () => api.send({ method: 'GET', path, headers: talk.owner.bearer }),
    /** @returns the model that was asked, and the one that the answer names */
    asked: async () => {
      const { body } = await talk.ask('Who are you?');
      return [api.model.asked.at(-1)?.model, body.assistant_message.metadata.model];
    },
  };
}

describe('the model of a conversation', () => {
  afterEach(() => {
    delete process.env.MODELS;
  });

  test('is another one once it is edited, and answers from then on', async () => {
    const { patch, read, asked } = await conversationOf(OPUS);
    expect(await asked()).toEqual([OPUS, OPUS]);
    const { status, body } = await patch({ model: SONNET });
    expect([status, body.model]).toEqual([200, SONNET]);
    expect((await read()).body).toEqual(body);
    expect(await asked()).toEqual([SONNET, SONNET]);
  });

  test('stays where something else is edited', async () => {
    const { patch } = await conversationOf(OPUS);
    expect((await patch({ title: 'T' })).body).toMatchObject({ title: 'T', model: OPUS });
  });

  test.each(
    [
      ['gpt', ''],
      [null, 5],
    ].flat(),
  )('422s %j, and stays', async (model) => {
    const { patch, read } = await conversationOf(OPUS);
    const { status, body } = await patch({ model });
    expect([status, body.error]).toEqual([422, 'validation_error']);
    expect((await read()).body.model).toBe(OPUS);
  });

  test('412s where it was edited meanwhile', async () => {
    const { patch, read } = await conversationOf(OPUS);
    const tag = (await read()).headers.get('etag') ?? '';
    const first = await patch({ model: SONNET }, { 'if-match': tag });
    expect([first.status, first.headers.get('etag') === tag]).toEqual([200, false]);
    expect((await patch({ model: OPUS }, { 'if-match': tag })).status).toBe(412);
    expect((await read()).body.model).toBe(SONNET);
  });

  test('that the deployment allows no longer is answered by its default, and by itself once it is allowed again', async () => {
    const { asked, read } = await conversationOf(OPUS);
    process.env.MODELS = SONNET;
    expect(await asked()).toEqual([SONNET, SONNET]);
    expect((await read()).body.model).toBe(OPUS);
    delete process.env.MODELS;
    expect(await asked()).toEqual([OPUS, OPUS]);
  });
});

describe.each(KINDS)('an answer in $name', (kind) => {
  test.each([
    ['end_turn', null],
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
  ])('says which model was asked, and that it stopped for %s', async (reason, incomplete) => {
    const { ask, messages } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [says('So far.', reason)]);
    const { answer } = await ask(question);
    expect(answer.metadata).toMatchObject({ model: SONNET, stop_reason: reason });
    expect(answer.metadata.incomplete_reason ?? null).toBe(incomplete);
    expect((await messages()).at(-1).metadata).toEqual(answer.metadata);
  });
});
