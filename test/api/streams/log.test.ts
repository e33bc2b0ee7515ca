import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { fails } from '../../support/scripted-model.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();

test('a stream whose answer fails says why in its line, and counts as an error', async () => {
  const { streamed } = await threadOf(api);
  api.model.script.push(fails(400));
  const { events } = await streamed('Q');
  for await (const { event } of events) if (event === 'done') break;
  const lastLine = () => JSON.parse(api.logged.at(-1) ?? '{}') as object;
  await expect.poll(lastLine).toMatchObject({
    operation: 'conversations/stream-message',
    level: 'ERROR',
    status: '500',
    code: 'internal_error',
    cause: { status: 400 },
    model_failures: 1,
  });
});

test('a stream leaves one line, at its end, with what its answer cost', async () => {
  const { owner, id } = await threadOf(api);
  const before = api.logged.length;
  const path = `/v1/conversations/${id}/messages/stream`;
  const body = { role: 'user', content: 'Q' };
  expect((await api.send({ path, headers: owner.bearer, body })).text).toContain('event: done');
  expect((await api.send({ path, headers: owner.bearer, body: {} })).status).toBe(422);
  expect((await api.send({ path, headers: {}, body })).status).toBe(401);
  const lines = api.logged.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    {
      operation: 'conversations/stream-message',
      status: '200',
      caller: owner.userId,
      tokens_out: expect.any(Number) as number,
    },
    { operation: 'conversations/stream-message', status: '422', code: 'validation_error' },
    { operation: 'conversations/stream-message', status: '401', code: 'unauthorized' },
  ]);
});
