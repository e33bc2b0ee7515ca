import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { JSON_DEPTH } from '../../functions/domain/limits.ts';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyOperation } from '../../functions/http/endpoint.ts';
import { streamEndpoints } from '../../functions/stream-endpoints.ts';
import { agentThreadWith } from '../support/agent-threads.ts';
import { type ApiAnswer, startApi } from '../support/api.ts';
import { askedWith } from '../support/asked.ts';
import { exampleOf, parametersOf, roleOf, thingsFor } from '../support/examples.ts';
import { startLocalTools } from '../support/local-tools.ts';
import { calls, callsTools, says } from '../support/model-events.ts';
import { type Person, person } from '../support/people.ts';
import { allItems } from '../support/table.ts';

/**
 * Free JSON was taken up to JSON_DEPTH levels once. What was stored then still loads, wherever it is shown: each piece is
 * stored as a marker, by the API, and then made deep in the table, where no operation would take it any more.
 */
const tools = await startLocalTools();
const api = await startApi();

const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const DEPTHS = [900, JSON_DEPTH];

/** Puts other JSON into what was stored, in the place of this. @returns how many items had it */
async function replaceStored(json: string, by: string): Promise<number> {
  const items = (await allItems(api.table)).filter((item) =>
    Object.values(item).some((value) => typeof value === 'string' && value.includes(json)),
  );
  for (const item of items) {
    const deep = Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(json, by) : value,
    ]);
    const Item = Object.fromEntries(deep) as Record<string, unknown>;
    await api.table.client.send(new PutCommand({ TableName: api.table.name, Item }));
  }
  return items.length;
}

type Things = Awaited<ReturnType<typeof thingsFor>>;

/** What every read of these things answers, as far as it is not refused. */
async function readAll(
  folder: string,
  owner: Person,
  things: Things,
): Promise<{ name: string; text: string }[]> {
  const isRead = (each: AnyOperation) =>
    each.method === 'GET' &&
    each.operation.startsWith(`${folder}/`) &&
    !each.operation.endsWith('stream-thread');
  const reads = [...endpoints, ...streamEndpoints]
    .filter(isRead)
    .filter((each) => parametersOf(each).every((name) => name in things));
  return Promise.all(
    reads.map(async (each) => {
      const { status, text } = await api.send(exampleOf(each, owner, things));
      expect([200, 404], `${each.operation} ${text.slice(0, 200)}`).toContain(status); // of a message there is no turn
      return { name: each.operation, text };
    }),
  );
}

/** The thing that an operation made is named by a parameter of the reads. */
const MADE: Readonly<Record<string, (body: ApiAnswer['body']) => Things>> = {
  'agent-chat/create-agent': ({ id }) => ({ agent_id: id }),
  'agent-chat/create-thread': ({ id }) => ({ thread_id: id }),
  'assistant-chat/create-thread': ({ thread_id }) => ({ thread_id }),
};

const fields = endpoints.flatMap((endpoint) =>
  Object.entries(endpoint.body?.json.properties ?? {})
    .filter(([, property]) => property['x-max-json-depth'] !== undefined)
    .flatMap(([field]) =>
      DEPTHS.map((levels) => ({ endpoint, field, levels, name: `${field} of ${endpoint.operation}` })),
    ),
);

describe.each(fields)('$name, $levels levels deep', ({ endpoint, field, levels }) => {
  test('is shown by every read that shows it', async () => {
    const owner = await person(api);
    const [folder = ''] = endpoint.operation.split('/');
    const known = await thingsFor(api, endpoint, owner);
    const marker = `{"marker":"${randomUUID()}"}`;
    const request = exampleOf(endpoint, owner, known);
    const body = { ...(request.body as object), ...roleOf(endpoint), [field]: JSON.parse(marker) as object };
    const made = await api.send({ ...request, body });
    expect(made.status).toBe(200);
    const things = { ...known, ...MADE[endpoint.operation]?.(made.body) };
    const showing = (await readAll(folder, owner, things)).filter(({ text }) => text.includes(marker));
    expect(showing.length).toBeGreaterThan(0);
    expect(await replaceStored(marker, nested(levels))).toBe(1);
    const deep = (await readAll(folder, owner, things)).filter(({ text }) => text.includes(nested(levels)));
    expect(deep.map(({ name }) => name)).toEqual(showing.map(({ name }) => name));
  });
});

describe('a tool’s result', () => {
  /** A thread in which a tool has answered this. */
  const answered = async (json: string) => {
    const path = `/${randomUUID()}`;
    tools.answers.set(`${path}/weather`, { json });
    const configuration = { tools: [tools.toolNamed('weather', path)] };
    const talk = await agentThreadWith(api, { configuration });
    const question = randomUUID();
    api.model.scripts.set(question, [
      callsTools(calls(`toolu_${randomUUID()}`, 'weather', {})),
      says('Done.'),
    ]);
    const { body } = await talk.ask(question);
    const things = { agent_id: talk.agentId, thread_id: talk.id, turn_id: body.turn?.id };
    return { ...talk, question, body, things };
  };

  test('of 200 levels comes back, and is told to the model', async () => {
    const { body, question } = await answered(nested(200));
    expect(JSON.stringify(body.tool_calls[0].result)).toBe(nested(200));
    expect(JSON.stringify(askedWith(api, question)[1])).toContain(JSON.stringify(nested(200)).slice(1, -1));
  });

  test('of 201 levels is a failed call, in words that the model is told', async () => {
    const { body, question } = await answered(nested(201));
    const error = 'The tool answered with JSON that nests deeper than 200 levels';
    expect(body.tool_calls[0]).toMatchObject({ result: null, error });
    expect(JSON.stringify(askedWith(api, question)[1])).toContain(error);
  });

  const results = DEPTHS.flatMap((levels) => [
    { levels, what: 'an object', around: (json: string) => json, deep: nested(levels) },
    // It is stored as the member of an object, and so a level deeper.
    { levels, what: 'a list', around: (json: string) => `[${json}]`, deep: nested(levels - 1) },
  ]);

  test.each(results)(
    'that is $what and was stored with $levels levels is shown by every read, and the thread goes on',
    async ({ around, deep }) => {
      const marker = `{"marker":"${randomUUID()}"}`;
      const { owner, things, ask } = await answered(around(marker));
      const showing = (await readAll('agent-chat', owner, things)).filter(({ text }) =>
        text.includes(marker),
      );
      expect(showing.length).toBeGreaterThan(1);
      expect(await replaceStored(marker, deep)).toBeGreaterThan(1); // the message, and the turn's log
      const shown = (await readAll('agent-chat', owner, things)).filter(({ text }) => text.includes(deep));
      expect(shown.map(({ name }) => name)).toEqual(showing.map(({ name }) => name));
      const question = randomUUID();
      api.model.scripts.set(question, [says('On we go.')]);
      expect((await ask(question)).body.content).toBe('On we go.');
    },
  );
});
