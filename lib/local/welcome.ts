import { createApiKey } from '../../functions/authorizer/create-api-key.ts';
import { SCOPES, STAFF_ROLES } from '../../functions/domain/principal.ts';
import { openTable } from '../../functions/store/client.ts';
import { hasModel, LOCAL_TABLE, localDatabase } from './environment.ts';
import { givenDatabase } from './given-database.ts';
import { LOCAL_FOLDER } from './instance.ts';
import { localClaims } from './issuer.ts';
import type { Twin } from './twin.ts';

const MEMBER = '00000000-0000-7000-8000-000000000001';
const COACH = '00000000-0000-7000-8000-000000000002';
const ORGANIZATION = '00000000-0000-7000-8000-000000000003';
const BRAND = 'acme';
const COMPANY = 42;

interface Try {
  readonly path: string;
  readonly credential: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A net for a call that is not answered. */
const ANSWER_WITHIN_MS = 30_000;

/** What a developer needs for a first call, or, where such a call failed, that it did: what serves goes on serving. */
export async function welcome(twin: Welcoming, options: { inMemory: boolean }): Promise<string> {
  try {
    return await firstCalls(twin, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `Parley listens on ${twin.url}, but a first call failed, so there is none to show: ${reason}\n`;
  }
}

type Welcoming = Pick<Twin, 'url' | 'issuer' | 'databaseUrl' | 'accessKeyId'>;

/** Credentials, and a curl for each documented endpoint that works as printed. */
async function firstCalls(
  { url, issuer, databaseUrl, accessKeyId }: Welcoming,
  { inMemory }: { inMemory: boolean },
): Promise<string> {
  const shared = { brandId: BRAND, companyIds: [COMPANY] };
  const member = await issuer.sign(localClaims({ userId: MEMBER, roles: [], ...shared }));
  const coach = await issuer.sign(localClaims({ userId: COACH, roles: STAFF_ROLES, ...shared }));
  const holder = { organizationId: ORGANIZATION, userId: MEMBER, scopes: SCOPES, expiresAt: null };
  const { key } = await createApiKey(holder, openTable(LOCAL_TABLE, localDatabase(databaseUrl, accessKeyId)));
  const bearer = { authorization: `Bearer ${member}` };
  const apiKey = { 'x-api-key': key };
  const conversation = await make(url, {
    path: '/v1/conversations',
    credential: bearer,
    body: { title: 'First steps' },
  });
  const agent = await make(url, {
    path: '/api/v1/agents',
    credential: apiKey,
    body: { name: 'First agent', configuration: {}, template_id: ORGANIZATION },
  });
  const tries: readonly Try[] = [
    {
      path: '/v1/ask/threads',
      credential: bearer,
      body: { member_name: 'Ada', body: 'How much water should I drink?' },
    },
    {
      path: `/v1/conversations/${conversation}/messages`,
      credential: bearer,
      body: { role: 'user', content: 'Hello!', mode: 'chat-completion' },
    },
    {
      path: `/api/v1/chat/threads?company_id=${COMPANY}`,
      credential: bearer,
      body: { assistant_type: 'general', name: 'First thread' },
    },
    { path: `/api/v1/chat/${agent}/threads`, credential: apiKey, body: { title: 'First thread' } },
  ];
  return [
    `Parley listens on ${url}; its operations, to try: ${url}/docs`,
    `Data in ${givenDatabase() ?? (inMemory ? 'memory' : LOCAL_FOLDER)}; answers by ${hasModel() ? 'the model' : 'a local stand-in (set ANTHROPIC_API_KEY for a model)'}`,
    `\nMember token: ${member}`,
    `\nCoach token: ${coach}`,
    `\nAPI key: ${key}`,
    ...tries.map((each) => `\n${curl(url, each)}`),
    '',
  ].join('\n');
}

/** Makes what a printed call needs, once a day: the key makes a restart find it again. */
async function make(url: string, { path, credential, body }: Try): Promise<string> {
  const response = await fetch(url + path, {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    headers: { ...credential, 'content-type': 'application/json', 'idempotency-key': 'first-steps' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  return id;
}

function curl(url: string, { path, credential, body }: Try): string {
  const headers = Object.entries({ ...credential, 'content-type': 'application/json' });
  const flags = headers.map(([name, value]) => `-H '${name}: ${value}'`).join(' ');
  return `curl -sS -X POST '${url}${path}' ${flags} -d '${JSON.stringify(body)}'`;
}
