import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { allOf, textOf } from '../../support/events.ts';
import { opened, piece, says, start, stopped, streams } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf, unfinished } from '../../support/turns.ts';

const api = await startApi({ run: workerInProcesses([]) });

const PIECES = Array.from({ length: 30 }, (_, index) => `piece ${index} ü😀 `);
const WHOLE = PIECES.join('');
const slowly = () =>
  streams(start(), opened, ...PIECES.flatMap((text) => [20, piece(text)]), ...stopped('end_turn'), 'end');

describe.each(KINDS)('a streamed answer in $name', (kind) => {
  test('tells question, turn, thinking, text, the stored answer and the end, in this order', async () => {
    const { streamed, contents, turn } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const { response, events } = await streamed(question);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const all = await allOf(events);
    const names = all.map(({ event }) => event);
    expect([names.slice(0, 2), names.slice(-2)]).toEqual([
      ['message', 'turn'],
      ['assistant_message', 'done'],
    ]);
    expect(new Set(names.slice(2, -2))).toEqual(new Set(['thinking', 'delta']));
    expect(names.lastIndexOf('thinking')).toBeLessThan(names.indexOf('delta'));
    expect(textOf(all)).toBe(WHOLE);
    const [message, begun] = all;
    expect(message?.data).toMatchObject({ role: 'user', content: question });
    expect(begun?.data.status).toBe('in_progress');
    const [answer, done] = all.slice(-2);
    expect(answer?.data).toMatchObject({ role: 'assistant', content: WHOLE });
    expect(done?.data).toMatchObject({ status: 'completed', assistant_message: answer?.data });
    expect((await turn(done?.data.id)).body).toEqual(done?.data);
    expect(await contents()).toEqual([question, WHOLE]);
    let offset = 0;
    for (const { event, id, data } of all) {
      if (event === 'delta') offset += (data.text as string).length;
      expect(id).toBe(`${done?.data.id as string}:${offset}`);
    }
  });
});

describe.each(KINDS)('before the first event of a stream in $name', (kind) => {
  test('refuses the turn of somebody else, and 422s on an id of another turn', async () => {
    const { ask, rejoin } = await threadOf(api, kind);
    const { turn } = await ask('Q');
    const theirs = kind.credential(await person(api));
    expect((await rejoin(turn.id, theirs)).response.status).toBe(kind.strangerStatus);
    for (const lastId of ['nonsense', `${randomUUID()}:0`, `${turn.id}:-1`, `${turn.id}:x`])
      expect((await rejoin(turn.id, { 'last-event-id': lastId })).response.status).toBe(422);
  });

  test('409s while another answer is made, unless that is to be interrupted', async () => {
    const { ask, streamed, contents } = await threadOf(api, kind);
    const question = randomUUID();
    const { reaction, asked } = unfinished(start(), opened, piece('Half'));
    api.model.scripts.set(question, [reaction]);
    const asking = ask(question);
    await asked;
    const refused = await streamed('Next');
    expect(refused.response.status).toBe(409);
    const next = randomUUID();
    api.model.scripts.set(next, [says('Whole')]);
    const { events } = await streamed(next, {}, { on_busy: 'interrupt' });
    expect(textOf(await allOf(events))).toBe('Whole');
    await asking;
    expect((await contents()).at(-1)).toBe('Whole');
  });
});

describe('before the first event', () => {
  test('401s without a token or with a bad one, in the gateway’s words, also where the body is no JSON', async () => {
    const { id } = await threadOf(api);
    for (const authorization of ['', 'Bearer nonsense', 'Basic x']) {
      const response = await fetch(`${api.url}/v1/conversations/${id}/messages/stream`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: 'oops',
      });
      expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
      expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/u);
    }
  });

  test.each([
    [
      '404',
      'on a thread that is not there',
      `/v1/conversations/${randomUUID()}/messages/stream`,
      { role: 'user', content: 'Q' },
    ],
    ['404', 'on no UUID', '/v1/conversations/x/messages/stream', { role: 'user', content: 'Q' }],
    ['422', 'on another role', null, { role: 'system', content: 'Q' }],
    ['422', 'on blank text', null, { role: 'user', content: ' ' }],
    ['422', 'on a missing text', null, { role: 'user' }],
    ['413', 'on a text over 256 KiB', null, { role: 'user', content: 'x'.repeat(256 * 1_024 + 1) }],
  ])('%ss %s, as JSON in the API’s shape', async (status, _what, path, body) => {
    const { id, owner, contents } = await threadOf(api);
    const answer = await api.send({
      path: path ?? `/v1/conversations/${id}/messages/stream`,
      headers: owner.bearer,
      body,
    });
    expect([String(answer.status), typeof answer.body.error]).toEqual([status, 'string']);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await contents()).toEqual([]);
  });
});
