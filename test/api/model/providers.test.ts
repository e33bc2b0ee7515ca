import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import { TITLE_BUNDLE } from '../../../lib/bundle-names.ts';
import { LOCAL_REGION } from '../../../lib/local/database-key.ts';
import { localCredentials } from '../../../lib/local/environment.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { askedWith } from '../../support/asked.ts';
import { conversationWith } from '../../support/conversations.ts';
import { allOf, textOf } from '../../support/events.ts';
import { startLocalTools } from '../../support/local-tools.ts';
import { calls, callsTools, opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { says } from '../../support/scripted-model.ts';
import { signatureFault } from '../../support/sigv4.ts';
import { threadOf } from '../../support/turns.ts';

/**
 * Both ways to Claude, over the bundles and a real connection. Of Claude Platform on AWS the stand-in has the signature,
 * looked at as AWS does, and the workspace's header ("Claude Platform on AWS", platform.claude.com). It has no IAM and no
 * STS, knows no workspaces and their regions, is reached under another name, and refuses in the Messages API's words: how
 * AWS's gateway words a refusal, and how long it lets a connection be silent, no page says.
 */
const WORKSPACE = 'wrkspc_01AbCdEf23GhIj';
const SESSION = 'session-of-a-role';
const SILENCE_MS = 4_000;

const tools = await startLocalTools();
const api = await startApi();
const { scripts, headers, guarded } = api.model;

const credentials = localCredentials('local');
const role = {
  accessKeyId: credentials.AWS_ACCESS_KEY_ID,
  secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY,
  sessionToken: SESSION,
  region: LOCAL_REGION,
  service: 'aws-external-anthropic',
};
/** Claude Platform on AWS, as far as it is known: a signature of the role's, and the workspace. */
const platform = (incoming: IncomingMessage, body: string) =>
  incoming.headers['anthropic-workspace-id'] === WORKSPACE
    ? signatureFault(incoming, body, role)
    : 'There is no such workspace';
const anthropic = ({ headers: sent }: IncomingMessage) =>
  sent.authorization === 'Bearer model-key' || sent['x-api-key'] === 'model-key'
    ? null
    : 'There is no such key';

const PROVIDERS = [
  { provider: 'anthropic', environment: {}, guard: anthropic, readsKey: true },
  {
    provider: 'claude-on-aws',
    environment: {
      MODEL_WORKSPACE: WORKSPACE,
      AWS_SESSION_TOKEN: SESSION,
      // The SDK's own variable. The key it must not take: a deployment by IAM has none.
      ANTHROPIC_AWS_BASE_URL: api.model.url,
      ANTHROPIC_AWS_API_KEY: 'not-to-be-used',
      ANTHROPIC_API_KEY: 'not-to-be-used',
    },
    guard: platform,
    readsKey: false,
  },
];

describe.each(PROVIDERS)('Claude by $provider', ({ environment, guard, readsKey }) => {
  let firstRequest = 0;
  let readBefore = 0;
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    guarded.by = guard;
    firstRequest = headers.length;
    readBefore = api.secret.reads;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    guarded.by = () => null;
  });

  test('makes an answer', async () => {
    const { ask } = await conversationWith(api);
    const question = randomUUID();
    scripts.set(question, [says('Two litres — “a day”. 🥤')]);
    const { status, body } = await ask(question);
    expect([status, body.assistant_message?.content]).toEqual([200, 'Two litres — “a day”. 🥤']);
  });

  test('streams one', async () => {
    const { streamed } = await threadOf(api);
    const question = `${randomUUID()} — ü 🥤`;
    scripts.set(question, [
      streams(start(), opened, piece('Two '), 50, piece('litres.'), ...stopped('end_turn'), 'end'),
    ]);
    const events = await allOf((await streamed(question)).events);
    expect(textOf(events)).toBe('Two litres.');
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { status: 'completed' } });
  });

  test('calls tools, and goes on with what they answer', async () => {
    const at = `/${randomUUID()}`;
    const talk = await agentThreadWith(api, { configuration: { tools: [tools.toolNamed('weather', at)] } });
    tools.answers.set(`${at}/weather`, { json: '{"sky":"blue"}' });
    const question = randomUUID();
    scripts.set(question, [callsTools(calls('toolu_1', 'weather', { city: 'Rome' })), says('Blue.')]);
    const { status, body } = await talk.ask(question);
    expect([status, body.content]).toEqual([200, 'Blue.']);
    expect(JSON.stringify(askedWith(api, question)[1]?.messages.at(-1))).toContain('blue');
  });

  test('has a refusal as an answer', async () => {
    const { ask } = await threadOf(api);
    const question = randomUUID();
    const delta = {
      stop_reason: 'refusal',
      stop_sequence: null,
      stop_details: { type: 'refusal', category: 'cyber' },
    };
    const refusal = { type: 'message_delta', delta, usage: { output_tokens: 3 } };
    scripts.set(question, [streams(start(), refusal, { type: 'message_stop' }, 'end')]);
    const { status, answer } = await ask(question);
    expect([status, answer.metadata.refusal_category]).toEqual([200, 'cyber']);
  });

  test('writes titles', async () => {
    const { owner, id, ask } = await conversationWith(api);
    expect((await ask(randomUUID())).status).toBe(200);
    const thread = JSON.stringify(conversationRef(owner, id).id);
    const event = api.lambda.events.find(({ payload }) => JSON.stringify(payload).includes(thread));
    api.model.script.push(says('Water'));
    await api.handler(TITLE_BUNDLE)(event?.payload);
    const { body } = await api.send({
      method: 'GET',
      path: `/v1/conversations/${id}`,
      headers: owner.bearer,
    });
    expect(body.title).toBe('Water');
  });

  test('is heard by its bytes: pings keep an answer alive, and silence ends it', async () => {
    vi.stubEnv('MODEL_SILENCE_MS', String(SILENCE_MS));
    const [thinking, silent] = [await conversationWith(api), await conversationWith(api)];
    const [pinged, dropped] = [randomUUID(), randomUUID()];
    const pings = Array.from({ length: 6 }, () => [SILENCE_MS / 4, { type: 'ping' }]).flat();
    scripts.set(pinged, [streams(start(), ...pings, opened, piece('Here.'), ...stopped('end_turn'), 'end')]);
    scripts.set(dropped, [streams(start(), opened, piece('Half'))]);
    const [alive, ended] = await Promise.all([thinking.ask(pinged), silent.ask(dropped)]);
    expect([alive.status, alive.body.assistant_message?.content]).toEqual([200, 'Here.']);
    expect(ended.body.assistant_message).toMatchObject({
      content: 'Half',
      metadata: { incomplete_reason: 'connection_lost' },
    });
  });

  test('has used its own credential alone, and the secret with the key only where there is one', () => {
    const sent = headers.slice(firstRequest);
    expect(sent.length).toBeGreaterThan(6);
    expect(JSON.stringify(sent)).not.toContain('not-to-be-used');
    expect(api.secret.reads > readBefore).toBe(readsKey);
    const signed = sent.filter((each) => each.authorization?.startsWith('AWS4-HMAC-SHA256'));
    expect(signed).toHaveLength(readsKey ? 0 : sent.length);
    for (const { authorization } of signed)
      expect(authorization).toMatch(/SignedHeaders=[^,]*anthropic-workspace-id/u);
    expect(api.model.refusals).toEqual([]);
  });
});

describe('Claude Platform on AWS', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(PROVIDERS[1]?.environment ?? {})) vi.stubEnv(name, value);
    guarded.by = platform;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    guarded.by = () => null;
  });

  test.each([
    ['another workspace', { MODEL_WORKSPACE: 'wrkspc_Other' }],
    ['another role', { AWS_ACCESS_KEY_ID: 'other' }],
    ['a secret that is not the role’s', { AWS_SECRET_ACCESS_KEY: 'other' }],
    ['the session of another', { AWS_SESSION_TOKEN: 'other' }],
    ['another region than the workspace’s', { AWS_REGION: 'eu-west-1' }],
  ])(
    'that refuses %s is asked once: 500, and the turn says that the deployment is at fault',
    async (_what, wrong) => {
      for (const [name, value] of Object.entries(wrong)) vi.stubEnv(name, value);
      try {
        const { ask, turn } = await threadOf(api);
        const before = headers.length;
        const { status, text, body } = await ask(randomUUID());
        expect([status, headers.length - before]).toEqual([500, 1]);
        expect(text).not.toMatch(/signature|workspace|session/iu);
        expect((await turn(body.turn.id)).body.error).toMatchObject({ kind: 'configuration' });
      } finally {
        for (const [name, value] of Object.entries({ ...credentials, ...PROVIDERS[1]?.environment }))
          vi.stubEnv(name, value);
      }
    },
  );

  test('sees the credentials that the function has by then: a role’s are renewed', async () => {
    const { ask } = await threadOf(api);
    vi.stubEnv('AWS_SESSION_TOKEN', 'renewed');
    guarded.by = (incoming, body) => signatureFault(incoming, body, { ...role, sessionToken: 'renewed' });
    expect((await ask(randomUUID())).status).toBe(200);
  });

  test('nothing of the credentials is logged', () => {
    expect(api.logged.join('')).not.toMatch(/AWS4-HMAC|renewed|not-to-be-used/u);
    expect(api.logged.join('')).not.toContain(SESSION);
  });
});
