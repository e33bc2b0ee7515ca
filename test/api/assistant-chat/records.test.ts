import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../../functions/http/schema.ts';
import { startApi } from '../../support/api.ts';
import { askedWith } from '../../support/asked.ts';
import { operation } from '../../support/examples.ts';
import { calls, callsTools, says } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

/** The most that a schema takes, of letters that are long in every encoding and odd in most. */
function most(schema: JsonSchema): unknown {
  const { type, properties = {}, items, maxItems } = schema;
  if (type === 'object')
    return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, most(each)]));
  if (type === 'array') return Array.from({ length: Number(maxItems) }, () => most(items as JsonSchema));
  if (type === 'boolean') return true;
  return schema['x-web-url']
    ? 'https://example.com/'.padEnd(Number(schema.maxLength), '\u202e')
    : '"\\\u0000\u2028\u202e👩‍👩‍👧‍👦'.padEnd(Number(schema.maxLength), '\u0001');
}

test.each([
  ['customer', 'put-google-ads-customer', 'google-ads-customers/7', 'customer_id=7', 7],
  [
    'location',
    'put-google-business-location',
    'google-business-locations/%F0%9F%91%A9',
    'location_id=%F0%9F%91%A9',
    '👩',
  ],
])(
  'the largest and oddest %s that is taken is read by an assistant, whose thread goes on',
  async (what, put, path, scope, id) => {
    const { companyId, bearer: headers } = await person(api);
    const profile = most(operation(`assistant-chat/${put}`).body?.json ?? {}) as object;
    const at = `/api/v1/companies/${companyId}/${path}`;
    const stored = await api.send({ method: 'PUT', path: at, headers, body: profile });
    expect([stored.status, stored.body], stored.text).toMatchObject([200, profile]);
    const query = `company_id=${companyId}`;
    const threads = `/api/v1/chat/threads?${query}&${scope}`;
    const { body: thread } = await api.send({ path: threads, headers, body: { assistant_type: 'general' } });
    const ask = (content: string) =>
      api.send({
        path: `/api/v1/chat/threads/${thread.thread_id}/messages?${query}`,
        headers,
        body: { content },
      });
    const question = randomUUID();
    api.model.scripts.set(question, [callsTools(calls('toolu_1', `read_${what}`, {})), says('Read.')]);
    const first = await ask(question);
    expect(first.status, first.text).toBe(200);
    expect(first.text).toContain('Read.');
    const [, asked] = askedWith(api, question);
    const [outcome] = (asked?.messages.at(-1)?.content ?? []) as { content: string }[];
    expect(JSON.parse(outcome?.content ?? '')).toEqual({ id, ...profile });
    expect((await ask('And now?')).status).toBe(200);
    const listed = await api.send({ method: 'GET', path: `/api/v1/chat/threads?${query}`, headers });
    expect([listed.status, listed.body.length]).toEqual([200, 1]);
  },
);
