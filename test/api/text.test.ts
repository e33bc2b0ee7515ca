import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import { startApi } from '../support/api.ts';
import { example, roleOf, takesRole } from '../support/examples.ts';
import { person } from '../support/people.ts';

const api = await startApi();
const KIB = 1024;

/** Every operation that takes a message's text. */
const spoken = endpoints
  .filter(({ messageText }) => messageText)
  .map((endpoint) => ({
    endpoint,
    name: `${endpoint.method} ${endpoint.path}`,
    member: endpoint.messageText ?? '',
  }));

describe.each(spoken)('$name', ({ endpoint, member }) => {
  const send = async (text: unknown, headers: Record<string, string> = {}) => {
    const request = await example(api, endpoint, await person(api));
    const body = { ...(request.body as object), ...roleOf(endpoint), [member]: text };
    return api.send({ ...request, headers: { ...request.headers, ...headers }, body });
  };

  test.each([
    ['NUL', 'a\u0000b'],
    ['right-to-left', '\u202eשלום\u202c'],
    ['white space around it', ' \t\n text \r\n '],
    ['nothing but white space', ' \n\t'],
    ['emoji', '👩‍👩‍👧‍👦🇪🇺'],
    ['control characters', '\u0001\u007f\u2028\u2029\ufeff'],
    ['two forms of one letter', 'é and e\u0301'],
    ['what looks like keys', 'ASK#%23#THREAD'],
    ['256 KiB', 'x'.repeat(256 * KIB)],
    ['256 KiB of NUL', '\u0000'.repeat(256 * KIB)],
  ])('keeps %s exactly', async (_what, text) => {
    const { status, body } = await send(text);
    // Where everything is answered, there must be something to answer.
    if (text.trim() === '' && endpoint.startsTurns && !takesRole(endpoint)) return expect(status).toBe(422);
    expect([200, 201]).toContain(status);
    return expect((body.messages?.[0] ?? body.message ?? body)[member]).toBe(text);
  });

  test('413s more than 256 KiB, counted in UTF-8, and names the limit', async () => {
    for (const text of ['x'.repeat(256 * KIB + 1), 'é'.repeat(128 * KIB + 1)]) {
      const { status, text: answer } = await send(text);
      expect(status).toBe(413);
      expect(answer).toContain(String(256 * KIB));
      expect(answer).toContain(member);
    }
  });

  test('413s before it looks at the rest of the body, and a huge body before its content type', async () => {
    const request = await example(api, endpoint, await person(api));
    const rest = await api.send({ ...request, body: { [member]: 'x'.repeat(256 * KIB + 1) } });
    expect(rest.status).toBe(413);
    const plain = { ...request.headers, 'content-type': 'text/plain' };
    const text = JSON.stringify({ [member]: 'x'.repeat(256 * KIB + 1) });
    expect((await api.send({ ...request, headers: plain, body: text })).status).toBe(413);
    const huge = { ...request.headers, 'content-type': 'text/plain' };
    expect((await api.send({ ...request, headers: huge, body: 'x'.repeat(3 * KIB * KIB) })).status).toBe(413);
    const noText = Buffer.alloc(3 * KIB * KIB, 0xff);
    expect((await api.send({ ...request, headers: huge, body: noText })).status).toBe(413);
  });

  test.each([['\ud800'], ['a\udc00b'], ['\ud83d\ud83d']])('422s the lone surrogate of %j', async (text) => {
    expect((await send(text)).status).toBe(422);
  });

  test('422s a body that is not UTF-8', async () => {
    const request = await example(api, endpoint, await person(api));
    const headers = { ...request.headers, 'content-type': 'application/json' };
    const bytes = Buffer.from(`{"${member}":"\u00ff"}`, 'latin1');
    expect((await api.send({ ...request, headers, body: bytes })).status).toBe(422);
  });
});
