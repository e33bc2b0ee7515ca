import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { askedWith } from '../../support/asked.ts';
import { calls, callsTools, says } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

/** A company's thread with an assistant of a type, about its customer 7. */
async function threadOfType(assistant_type: string, extra: object = {}) {
  const who = await person(api);
  const { companyId, bearer } = who;
  const customer = { descriptive_name: `Bakery ${randomUUID()}`, currency_code: 'EUR' };
  await api.send({
    method: 'PUT',
    path: `/api/v1/companies/${companyId}/google-ads-customers/7`,
    headers: bearer,
    body: customer,
  });
  const body = { assistant_type, extra_data: { secret: `s-${randomUUID()}` }, ...extra };
  const query = `?company_id=${companyId}`;
  const made = await api.send({ path: `/api/v1/chat/threads${query}&customer_id=7`, headers: bearer, body });
  const path = `/api/v1/chat/threads/${made.body.thread_id as string}`;
  return {
    who,
    customer,
    path,
    extraData: body.extra_data,
    ask: (content: string) =>
      api.send({ path: `${path}/messages${query}`, headers: bearer, body: { content } }),
    get: (rest = '', more = '') =>
      api.send({ method: 'GET', path: `${path}${rest}${query}${more}`, headers: bearer }),
  };
}

describe('a message in a company’s thread', () => {
  test.each([
    ['onboarding', /onboarding assistant/u, ['read_customer', 'complete_thread']],
    ['general', /marketing service/u, ['read_customer']],
    ['market_analysis', /market analyst/u, ['read_customer']],
    ['campaign_creation', /campaign assistant/u, ['read_customer', 'complete_thread']],
  ])(
    'of type %s is answered by its assistant, which knows what the thread is about',
    async (type, task, tools) => {
      const { ask, get, extraData } = await threadOfType(type);
      const question = randomUUID();
      api.model.scripts.set(question, [says('Certainly.')]);
      const { status, body } = await ask(question);
      expect([status, body.message.content, body.assistant_message.content]).toEqual([
        200,
        question,
        'Certainly.',
      ]);
      const [asked] = askedWith(api, question) as unknown as {
        system: { text: string }[];
        tools: { name: string }[];
      }[];
      expect(asked?.system[0]?.text).toMatch(task);
      expect(asked?.system[0]?.text).toContain('Google Ads customer 7');
      expect(asked?.tools.map(({ name }) => name)).toEqual(tools);
      expect(JSON.stringify(asked)).not.toContain(extraData.secret);
      const list = (await get('/messages', '&order=asc')).body;
      expect([list.total, list.messages]).toEqual([2, [body.message, body.assistant_message]]);
    },
  );

  test('of another company is 403, and of one’s own company without such a thread 404', async () => {
    const { path } = await threadOfType('general');
    const stranger = await person(api);
    const send = (companyId: number) =>
      api.send({
        path: `${path}/messages?company_id=${companyId}`,
        headers: stranger.bearer,
        body: { content: 'Q' },
      });
    expect((await send(1)).status).toBe(403);
    expect((await send(stranger.companyId)).status).toBe(404);
  });

  test('that is blank is 422', async () => {
    const { ask } = await threadOfType('general');
    for (const blank of [' \n', '\u0085', '\u001c']) expect((await ask(blank)).status).toBe(422);
  });
});

describe('an assistant’s functions', () => {
  test('read the thread’s own customer, whatever the model names', async () => {
    const { ask, customer } = await threadOfType('general');
    const question = randomUUID();
    api.model.scripts.set(question, [
      callsTools(calls('toolu_1', 'read_customer', { company_id: 1, customer_id: 8 })),
      says('A bakery.'),
    ]);
    const { body } = await ask(question);
    expect(body.assistant_message.tool_calls).toMatchObject([
      { tool_name: 'read_customer', result: { id: 7, ...customer }, error: null },
    ]);
  });

  test('complete the thread, where that is the assistant’s to do', async () => {
    for (const [type, isCompleted] of [
      ['onboarding', true],
      ['general', false],
    ] as const) {
      const { ask, get } = await threadOfType(type);
      const question = randomUUID();
      api.model.scripts.set(question, [callsTools(calls('toolu_1', 'complete_thread', {})), says('Done.')]);
      const { body } = await ask(question);
      expect(body.assistant_message.content).toBe('Done.');
      expect((await get()).body.is_completed).toBe(isCompleted);
    }
  });
});
