import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import { toCursor } from '../../functions/store/cursor.ts';
import { startApi } from '../support/api.ts';
import { exampleOf, operation, thingsFor } from '../support/examples.ts';
import { type Person, person } from '../support/people.ts';

/**
 * A cursor holds no secret: who has read the source can make one with any position. So each list is asked with
 * positions that it never gave, under a checksum that is right.
 */
const api = await startApi();

const brand = ({ brandId }: Person) => ({ kind: 'BRAND', id: brandId }) as const;
const company = ({ companyId }: Person) => ({ kind: 'COMPANY', id: String(companyId) }) as const;
const organization = ({ organizationId }: Person) => ({ kind: 'ORGANIZATION', id: organizationId }) as const;

type Things = Readonly<Record<string, string | number>>;
const thread = () => `${randomUUID()}/${randomUUID()}`;
const number = () => '42';

/** What each list binds its cursors to, and a position that it could give. */
const LISTS: Readonly<
  Record<
    string,
    {
      readonly tenant: (who: Person) => ReturnType<typeof brand | typeof company | typeof organization>;
      readonly list: (who: Person, things: Things) => readonly (string | number | null)[];
      readonly position: () => string;
    }
  >
> = {
  'ask/list-threads': { tenant: brand, list: ({ userId }) => ['ask threads', userId], position: thread },
  'ask/list-overdue-threads': { tenant: brand, list: () => ['overdue ask threads', 24], position: thread },
  'conversations/list-conversations': { tenant: brand, list: () => ['conversations'], position: thread },
  'conversations/list-messages': {
    tenant: brand,
    list: (_, { id = '' }) => ['messages', id, 'desc'],
    position: randomUUID,
  },
  'assistant-chat/list-threads': {
    tenant: company,
    list: () => ['assistant threads', null],
    position: thread,
  },
  'assistant-chat/list-messages': {
    tenant: company,
    list: (_, { thread_id = '' }) => ['messages', thread_id, 'desc'],
    position: randomUUID,
  },
  'assistant-chat/list-google-ads-customers': {
    tenant: company,
    list: () => ['google ads customers'],
    position: number,
  },
  'assistant-chat/list-google-business-locations': {
    tenant: company,
    list: () => ['google business locations'],
    position: number,
  },
  'agent-chat/list-agents': { tenant: organization, list: () => ['agents', null], position: randomUUID },
  'agent-chat/list-history': { tenant: organization, list: () => ['chat history', null], position: thread },
  'agent-chat/list-threads': {
    tenant: organization,
    list: (_, { agent_id = '' }) => ['agent threads', agent_id],
    position: thread,
  },
};

const HOSTILE = [
  '/',
  '//',
  'a',
  '#',
  '\u0000',
  '￿',
  '-1',
  '1.5',
  '1e3',
  '9007199254740992',
  `${randomUUID()}/`,
  `/${randomUUID()}`,
  `${randomUUID()}/${randomUUID()}/${randomUUID()}`,
  'f'.repeat(129),
  'é'.repeat(65),
  `${randomUUID()}#`,
  'MESSAGE#',
];

test('every list that has cursors is here', () => {
  const lists = endpoints.filter(({ query }) => query?.json.properties?.cursor);
  expect(lists.map((each) => each.operation).toSorted()).toEqual(Object.keys(LISTS).toSorted());
});

describe.each(Object.entries(LISTS))('%s', (name, { tenant, list, position }) => {
  test('422s a cursor with a position that it could not give, and takes one that it could', async () => {
    const who = await person(api);
    const endpoint = operation(name);
    const things = await thingsFor(api, endpoint, who);
    const bound = {
      scope: { tenant: tenant(who), caller: who.userId },
      list: list(who, things),
      isPosition: () => true,
    };
    const ask = (at: string) => {
      const request = exampleOf(endpoint, who, things);
      const separator = request.path.includes('?') ? '&' : '?';
      return api.send({ ...request, path: `${request.path}${separator}cursor=${toCursor(bound, at)}` });
    };
    expect((await ask(position())).status).toBe(200);
    const answers = await Promise.all(HOSTILE.map(async (at) => [at, (await ask(at)).status] as const));
    const fits = (at: string) => name.endsWith('locations') && Buffer.byteLength(at) <= 128;
    expect(answers.filter(([at, status]) => status !== (fits(at) ? 200 : 422))).toEqual([]);
  });
});
