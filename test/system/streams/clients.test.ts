import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { deletePartition } from '../../../functions/store/delete-partition.ts';
import { turnEntry } from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { askedFor } from '../../support/asked.ts';
import { leaveDeadTurn } from '../../support/dead-turn.ts';
import { allOf, textOf } from '../../support/events.ts';
import { opened, piece, says, start, stopped, streams } from '../../support/model-events.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { fails } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { logEntries, textIn, threadOf, unfinished } from '../../support/turns.ts';

const api = await startApi({ run: workerInProcesses([]) });

const PIECES = Array.from({ length: 30 }, (_, index) => `piece ${index} ü😀 `);
const WHOLE = PIECES.join('');
const slowly = () =>
  streams(start(), opened, ...PIECES.flatMap((text) => [20, piece(text)]), ...stopped('end_turn'), 'end');

describe.concurrent.each(KINDS)('a client of a stream in $name', (kind) => {
  test('that leaves does not stop the answer, and finds it by rejoining, by its key and in the history', async () => {
    const { streamed, rejoin, contents } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const key = { 'idempotency-key': randomUUID() };
    const { events } = await streamed(question, key);
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
    const { streamed } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const key = { 'idempotency-key': randomUUID() };
    const [one, two] = [await streamed(question, key), await streamed(question, key)];
    const [first, second] = await Promise.all([allOf(one.events), allOf(two.events)]);
    expect([textOf(first), textOf(second)]).toEqual([WHOLE, WHOLE]);
    expect(second.at(-1)).toEqual(first.at(-1));
    expect(askedFor(api, question)).toHaveLength(1);
  });

  test('that cancels gets the end on its stream, with what was stored', async () => {
    const { streamed, cancel, contents, thread } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [unfinished(start(), opened, piece('Half an answer')).reaction]);
    const { events } = await streamed(question);
    const seen = [];
    for await (const event of events) {
      seen.push(event);
      if (event.event !== 'delta') continue;
      const turnId = event.id.split(':')[0] ?? '';
      await expect.poll(async () => textIn(await logEntries(api, thread, turnId))).toBe('Half an answer');
      expect((await cancel(turnId)).body.status).toBe('incomplete');
    }
    expect(seen.slice(-2).map(({ event, data }) => [event, data.status ?? data.content])).toEqual([
      ['assistant_message', 'Half an answer'],
      ['done', 'incomplete'],
    ]);
    expect(await contents()).toEqual([question, 'Half an answer']);
  });

  test('of a model that fails is told so, in our words, and its key asks again', async () => {
    const { streamed } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [fails(400), says('Whole')]);
    const key = { 'idempotency-key': randomUUID() };
    const all = await allOf((await streamed(question, key)).events);
    expect(all.map(({ event }) => event)).toEqual(['message', 'turn', 'error', 'done']);
    expect(all[2]?.data).toEqual({
      code: 'internal_error',
      kind: 'model_refused_request',
      message: 'The assistant could not answer; the message is stored',
    });
    expect(all[3]?.data.status).toBe('failed');
    expect(textOf(await allOf((await streamed(question, key)).events))).toBe('Whole');
  });

  test('of a model that dies in the middle gets what was said, and that it is not all', async () => {
    const { streamed } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [streams(start(), opened, piece('Half'), 'cut')]);
    const all = await allOf((await streamed(question)).events);
    expect(textOf(all)).toBe('Half');
    expect(all.at(-1)?.data).toMatchObject({ status: 'incomplete' });
    expect(all.at(-2)?.data.metadata.incomplete_reason).toBe('connection_lost');
  });

  test('is never sent half a character, wherever the model breaks its text', async () => {
    const { streamed, rejoin } = await threadOf(api, kind);
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

describe.concurrent.each(KINDS)('rejoining a stream in $name', (kind) => {
  test('after the log has expired tells the stored answer and the end', async () => {
    const { ask, rejoin, thread } = await threadOf(api, kind);
    const { turn, answer } = await ask('Q');
    await deletePartition(turnEntry(thread, turn.id, 0).pk, api.table);
    const all = await allOf((await rejoin(turn.id, {}, { last_event_id: `${turn.id}:0` })).events);
    expect(all.map(({ event }) => event)).toEqual(['assistant_message', 'done']);
    expect(all[0]?.data).toEqual(answer);
  });

  test('ahead of the log waits for it', async () => {
    const { say, rejoin, thread } = await threadOf(api, kind);
    const messageId = await say('Q');
    const said = [{ text: 'Half an answer' }];
    const turnId = await leaveDeadTurn(api.table, thread, {
      messageId,
      said,
      expiresAtMs: Date.now() + 3_000,
    });
    const all = await allOf((await rejoin(turnId, { 'last-event-id': `${turnId}:100` })).events);
    expect(all.map(({ event }) => event)).toEqual(['assistant_message', 'done']);
    expect(all[1]?.data.status).toBe('incomplete');
  });
});
