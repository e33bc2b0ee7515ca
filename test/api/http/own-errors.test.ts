import { expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import { AUTHORIZER_BUNDLE, TITLE_BUNDLE, WORKER_BUNDLE } from '../../../lib/bundle-names.ts';
import { startApi } from '../../support/api.ts';

const api = await startApi();

const thread = conversationRef({ brandId: 'b', userId: 'u' }, newId(Date.now()));
const id = newId(Date.now());

test.each([
  [AUTHORIZER_BUNDLE, async () => ({ headers: await api.apiKey({ organizationId: id, userId: id }) })],
  [WORKER_BUNDLE, async () => ({ thread, turnId: id, messageId: id })],
  [TITLE_BUNDLE, async () => ({ thread, messageId: id })],
])(
  '%s throws an error of ours alone, and logs where the database’s was made, but nothing that it said',
  async (name, eventOf) => {
    const event = await eventOf();
    const before = api.logged.length;
    const undo = api.database.intercept(() => ({
      status: 400,
      type: 'ValidationException',
      message: 'SECRET\n    at SECRET (SECRET.js:1:1)',
    }));
    const thrown: unknown = await api
      .handler(name)(event)
      .catch((error: unknown) => error);
    undo();
    expect(thrown).toMatchObject({ name: 'ParleyError', code: 'internal_error' });
    // What Lambda's runtime logs of an error: name, message, stack and what it has of its own.
    const { cause, stack } = thrown as Error;
    expect(cause).toBeUndefined();
    expect(`${stack} ${JSON.stringify(thrown)}`).not.toContain('SECRET');
    const lines = api.logged.slice(before);
    expect(lines.join('')).not.toContain('SECRET');
    expect(lines).toHaveLength(1);
    const { status, cause: logged } = JSON.parse(lines[0] ?? '') as {
      status: string;
      cause: Record<string, unknown>;
    };
    expect([status, logged.name]).toEqual(['500', 'ValidationException']);
    expect((logged.at as string[])[0]).toMatch(/^at .+:\d+:\d+/u);
  },
);
