import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { fails, says } from '../../support/scripted-model.ts';

const api = await startApi();
const FIVE_MINUTES_MS = 5 * 60_000;
const { ask } = await conversationWith(api);
const usedKey = () => api.model.keys.at(-1);
const loggedFor = (headers: Headers) =>
  api.logged.filter((line) => line.includes(headers.get('x-request-id') ?? 'none'));

// Only the clock is ours; what is kept from one test is too old in the next.
let nowMs = Date.now();
const wait = (milliseconds: number) => {
  nowMs += milliseconds;
  vi.setSystemTime(nowMs);
};
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  wait(FIVE_MINUTES_MS);
});
afterEach(() => vi.useRealTimers());

describe('the model’s key', () => {
  test('comes from the secret, is kept for five minutes, and then read again', async () => {
    const before = api.secret.reads;
    api.secret.value = ' first\n';
    await ask('one');
    expect([usedKey(), api.secret.reads - before]).toEqual(['first', 1]);
    api.secret.value = 'second';
    wait(FIVE_MINUTES_MS - 1);
    await ask('two');
    expect([usedKey(), api.secret.reads - before]).toEqual(['first', 1]);
    wait(1);
    await ask('three');
    expect([usedKey(), api.secret.reads - before]).toEqual(['second', 2]);
  });

  test('is read again when the model refuses it, and the answer comes all the same', async () => {
    api.secret.value = 'revoked';
    await ask('one');
    api.secret.value = 'renewed';
    api.model.script.push(fails(401, 'authentication_error'), says('Here.'));
    const { status, body } = await ask('two');
    expect([status, body.assistant_message?.content]).toEqual([200, 'Here.']);
    expect(api.model.keys.slice(-2)).toEqual(['revoked', 'renewed']);
  });

  test('that is refused and still the one in the secret is not tried twice: 500', async () => {
    api.secret.value = 'wrong';
    const before = api.model.keys.length;
    api.model.script.push(fails(401, 'authentication_error'));
    const { status, text } = await ask('one');
    expect([status, api.model.keys.length - before]).toEqual([500, 1]);
    expect(text).not.toContain('wrong');
    expect((await ask('two')).status).toBe(200);
  });

  test('that is not set is a 500 and one log line with the command that sets it; once it is set all is well', async () => {
    api.secret.value = null;
    const { status, body, headers } = await ask('one');
    expect([status, body.error]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(body)).not.toContain('secretsmanager');
    expect(loggedFor(headers)).toHaveLength(1);
    const telling = api.logged.filter((line) => line.includes('put-secret-value'));
    expect(telling).toHaveLength(1);
    expect(telling[0]).toContain(
      'aws secretsmanager put-secret-value --secret-id model-key --secret-string <key>',
    );
    api.secret.value = 'set';
    expect([(await ask('two')).status, usedKey()]).toEqual([200, 'set']);
  });

  test('is logged nowhere', () => {
    expect(api.logged.join('')).not.toMatch(/revoked|renewed|wrong/u);
  });
});
