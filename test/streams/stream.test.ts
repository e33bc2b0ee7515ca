import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { deletePartition } from '../../functions/store/delete-partition.ts';
import { turnEntry } from '../../functions/store/keys.ts';
import { leaveDeadTurn } from '../support/dead-turn.ts';
import { allOf, eventsOf, openStream, textOf } from '../support/events.ts';
import { opened, piece, says, start, stopped, streams } from '../support/model-events.ts';
import { fails } from '../support/scripted-model.ts';
import { workerInProcesses } from '../support/run-function.ts';
import { threadOf, unfinished } from '../support/turns.ts';

const api = await startApi({ run: workerInProcesses([]) });

const PIECES = Array.from({ length: 30 }, (_, index) => `piece ${index} ü😀 `);
const WHOLE = PIECES.join('');
const slowly = () =>
  streams(start(), opened, ...PIECES.flatMap((text) => [20, piece(text)]), ...stopped('end_turn'), 'end');

/** A conversation, and its streams. */
async function thread() {
  const made = await threadOf(api);
  const { owner, id } = made;
  return {
    ...made,
    streamed: (content: string, headers: Readonly<Record<string, string>> = {}, query = '') =>
      openStream(api, {
        method: 'POST',
        path: `/v1/conversations/${id}/messages/stream${query}`,
        headers: { ...owner.bearer, ...headers },
        body: { role: 'user', content },
      }),
    rejoin: (turnId: string, headers: Readonly<Record<string, string>> = {}, query = '') =>
      openStream(api, {
        path: `/v1/conversations/${id}/turns/${turnId}/stream${query}`,
        headers: { ...owner.bearer, ...headers },
      }),
  };
}

describe('a streamed answer', () => {
  test('tells question, turn, text, the stored answer and the end, in this order', async () => {
    const { streamed, contents, turn } = await thread();
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
    expect(new Set(names.slice(2, -2))).toEqual(new Set(['delta']));
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

describe('before the first event', () => {
  test('401s without a token or with a bad one, in the gateway’s words, also where the body is no JSON', async () => {
    const { id } = await thread();
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
    const { id, owner, contents } = await thread();
    const answer = await api.send({
      path: path ?? `/v1/conversations/${id}/messages/stream`,
      headers: owner.bearer,
      body,
    });
    expect([String(answer.status), typeof answer.body.error]).toEqual([status, 'string']);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await contents()).toEqual([]);
  });

  test('404s on the turn of somebody else, and 422s on an id of another turn', async () => {
    const { ask, rejoin, id } = await thread();
    const { body } = await ask('Q');
    const stranger = await thread();
    const path = `/v1/conversations/${id}/turns/${body.turn.id}/stream`;
    expect((await api.send({ method: 'GET', path, headers: stranger.owner.bearer })).status).toBe(404);
    for (const lastId of ['nonsense', `${randomUUID()}:0`, `${body.turn.id}:-1`, `${body.turn.id}:x`])
      expect((await rejoin(body.turn.id, { 'last-event-id': lastId })).response.status).toBe(422);
  });

  test('409s while another answer is made, unless that is to be interrupted', async () => {
    const { ask, streamed, contents } = await thread();
    const question = randomUUID();
    const { reaction, asked } = unfinished(start(), opened, piece('Half'));
    api.model.scripts.set(question, [reaction]);
    const asking = ask(question);
    await asked;
    const refused = await streamed('Next');
    expect(refused.response.status).toBe(409);
    const next = randomUUID();
    api.model.scripts.set(next, [says('Whole')]);
    const { events } = await streamed(next, {}, '?on_busy=interrupt');
    expect(textOf(await allOf(events))).toBe('Whole');
    await asking;
    expect((await contents()).at(-1)).toBe('Whole');
  });
});

describe('a client', () => {
  test('that leaves does not stop the answer, and finds it by rejoining, by its key and in the history', async () => {
    const { streamed, rejoin, contents } = await thread();
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const key = { 'idempotency-key': randomUUID() };
    const { events } = await streamed(question, key, '');
    let lastId = '';
    for await (const { event, id } of events) {
      lastId = id;
      if (event === 'delta') break; // which closes the connection
    }
    const turnId = lastId.split(':')[0] ?? '';
    const whole = await allOf((await rejoin(turnId)).events);
    expect([textOf(whole), whole.at(-1)?.event]).toEqual([WHOLE, 'done']);
    const again = await streamed(question, key);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect(textOf(await allOf(again.events))).toBe(WHOLE);
    expect(await contents()).toEqual([question, WHOLE]);
  });

  test('that sends the same request again while it runs attaches to it: the model is asked once', async () => {
    const { streamed } = await thread();
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const key = { 'idempotency-key': randomUUID() };
    const [one, two] = [await streamed(question, key), await streamed(question, key)];
    const [first, second] = await Promise.all([allOf(one.events), allOf(two.events)]);
    expect([textOf(first), textOf(second)]).toEqual([WHOLE, WHOLE]);
    expect(second.at(-1)).toEqual(first.at(-1));
    expect(api.model.asked.filter(({ messages }) => messages.at(-1)?.content === question)).toHaveLength(1);
  });

  test('that cancels gets the end on its stream, with what was stored', async () => {
    const { streamed, cancel, contents } = await thread();
    const question = randomUUID();
    api.model.scripts.set(question, [unfinished(start(), opened, piece('Half an answer')).reaction]);
    const { events } = await streamed(question);
    const seen = [];
    for await (const event of events) {
      seen.push(event);
      if (event.event !== 'delta') continue;
      await new Promise((resolve) => setTimeout(resolve, 400)); // the log has it by then
      expect((await cancel(event.id.split(':')[0] ?? '')).body.status).toBe('incomplete');
    }
    expect(seen.slice(-2).map(({ event, data }) => [event, data.status ?? data.content])).toEqual([
      ['assistant_message', 'Half an answer'],
      ['done', 'incomplete'],
    ]);
    expect(await contents()).toEqual([question, 'Half an answer']);
  });

  test('of a model that fails is told so, in our words, and its key asks again', async () => {
    const { streamed } = await thread();
    const question = randomUUID();
    api.model.scripts.set(question, [fails(400), says('Whole')]);
    const key = { 'idempotency-key': randomUUID() };
    const all = await allOf((await streamed(question, key)).events);
    expect(all.map(({ event }) => event)).toEqual(['message', 'turn', 'error', 'done']);
    expect(all[2]?.data).toEqual({
      code: 'internal_error',
      message: 'The assistant could not answer; the message is stored',
    });
    expect(all[3]?.data.status).toBe('failed');
    expect(textOf(await allOf((await streamed(question, key)).events))).toBe('Whole');
  });

  test('of a model that dies in the middle gets what was said, and that it is not all', async () => {
    const { streamed } = await thread();
    const question = randomUUID();
    api.model.scripts.set(question, [streams(start(), opened, piece('Half'), 'cut')]);
    const all = await allOf((await streamed(question)).events);
    expect(textOf(all)).toBe('Half');
    expect(all.at(-1)?.data).toMatchObject({ status: 'incomplete' });
    expect(all.at(-2)?.data.metadata).toEqual({ incomplete_reason: 'connection_lost' });
  });

  test('is never sent half a character, wherever the model breaks its text', async () => {
    const { streamed, rejoin } = await thread();
    const question = randomUUID();
    const units = 'a😀ü👩‍👩‍👧'.split(''); // surrogates one by one
    api.model.scripts.set(question, [
      streams(start(), opened, ...units.flatMap((unit) => [5, piece(unit)]), ...stopped('end_turn'), 'end'),
    ]);
    const all = await allOf((await streamed(question)).events);
    expect(textOf(all)).toBe(units.join(''));
    for (const { event, data } of all) if (event === 'delta') expect(data.text.isWellFormed()).toBe(true);
    const turnId = all.at(-1)?.data.id as string;
    expect(textOf(await allOf((await rejoin(turnId)).events))).toBe(units.join(''));
  });
});

describe('rejoining', () => {
  test('after the log has expired tells the stored answer and the end', async () => {
    const { ask, rejoin, threadPk } = await thread();
    const { body } = await ask('Q');
    await deletePartition(turnEntry(threadPk, body.turn.id, 0).pk, api.table);
    const all = await allOf((await rejoin(body.turn.id, {}, `?last_event_id=${body.turn.id}:0`)).events);
    expect(all.map(({ event }) => event)).toEqual(['assistant_message', 'done']);
    expect(all[0]?.data).toEqual(body.assistant_message);
  });

  test('ahead of the log waits for it', async () => {
    const { say, rejoin, threadPk } = await thread();
    const messageId = await say('Q');
    const said = [{ text: 'Half an answer' }];
    const turnId = await leaveDeadTurn(api.table, threadPk, {
      messageId,
      said,
      expiresAtMs: Date.now() + 3_000,
    });
    const all = await allOf((await rejoin(turnId, { 'last-event-id': `${turnId}:100` })).events);
    expect(all.map(({ event }) => event)).toEqual(['assistant_message', 'done']);
    expect(all[1]?.data.status).toBe('incomplete');
  });
});

test('500 cuts at any byte, each rejoined in another process, lose and double nothing', {
  timeout: 300_000,
}, async () => {
  const { streamed, rejoin, owner, id } = await thread();
  const question = randomUUID();
  api.model.scripts.set(question, [slowly()]);
  const { events } = await streamed(question);
  const first = await events.next();
  const turnId = String(first.value?.id).split(':')[0] ?? '';
  const rest = allOf(events);
  const cuts: number[] = [];
  const path = `/v1/conversations/${id}/turns/${turnId}/stream`;
  /** Reads a stream in snatches of random numbers of bytes, rejoining each time where the last whole event was. */
  const reader = async () => {
    let text = '';
    let lastId = '';
    for (;;) {
      const headers = { ...owner.bearer, ...(lastId && { 'last-event-id': lastId }) };
      cuts.push(randomInt(6_000));
      const { read, hasEnded } = await cutAt(cuts.at(-1) ?? 0, path, headers);
      text += textOf(read);
      lastId = read.at(-1)?.id ?? lastId;
      if (hasEnded) return text;
    }
  };
  const readers = async () => {
    const texts = await Promise.all([reader(), reader(), reader(), reader()]);
    expect(texts).toEqual([WHOLE, WHOLE, WHOLE, WHOLE]);
  };
  await readers(); // while it is made, and then
  while (cuts.length < 500) await readers();
  expect(textOf(await rest)).toBe(WHOLE);
  expect(textOf(await allOf((await rejoin(turnId)).events))).toBe(WHOLE);
});

/** Reads so many bytes of a stream and hangs up. @returns the whole events among them */
async function cutAt(bytes: number, path: string, headers: Record<string, string>) {
  const response = await fetch(api.url + path, { headers });
  const chunks: Uint8Array[] = [];
  let left = bytes;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk.slice(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  const whole = Buffer.concat(chunks).toString('utf8').split('\n\n').slice(0, -1).join('\n\n');
  const read = await allOf(eventsOf(new Response(`${whole}\n\n`)));
  return { read, hasEnded: read.at(-1)?.event === 'done' };
}
