import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyEndpoint } from '../../functions/http/endpoint.ts';
import type { JsonSchema } from '../../functions/http/schema.ts';
import { type Api, type ApiAnswer, startApi } from '../support/api.ts';
import { exampleOf, parametersOf, thingsFor } from '../support/examples.ts';
import { person } from '../support/people.ts';
import { refusedValues } from '../support/refused-values.ts';

/**
 * What is refused when a thing is made is refused when it is edited, at the same place and in the same words. The pairs
 * are made from the list of operations: `POST /x` with `PATCH` or `PUT /x/{id}`, and a `PUT` alone, which makes and replaces.
 */
const api = await startApi();

const pairs = endpoints
  .filter(({ method }) => method === 'PATCH' || method === 'PUT')
  .map((edit) => ({ edit, create: makerOf(edit), name: `${edit.method} ${edit.path}` }));

function makerOf({ path, ...edit }: AnyEndpoint): AnyEndpoint {
  const list = path.replace(/\/\{\w+\}$/u, '');
  const made = endpoints.find((each) => each.method === 'POST' && each.path === list);
  if (!made && edit.method !== 'PUT') throw new Error(`Nothing makes what ${edit.operation} edits`);
  return made ?? { path, ...edit };
}

/** Fields that only one of the two takes, because there is nothing to say of them when a thing is made, or later. */
const ONE_SIDED: Readonly<Record<string, readonly string[]>> = {
  'agent-chat/update-agent': ['status'], // an agent starts active
  'assistant-chat/update-thread': ['assistant_type', 'extra_data', 'is_completed'], // it starts incomplete, as what it is
};

const tool = {
  name: 'weather',
  description: 'The weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  url: 'https://tools.example.com/',
};
const toolWith = (changed: object) => ({ ...tool, ...changed });
const tools = (...changed: object[]) => ({ tools: changed.map(toolWith) });
const withProperty = (schema: object) =>
  tools({ input_schema: { type: 'object', properties: { a: schema } } });
const doubled = (index: number) => ({ allOf: [{ $ref: `#/$defs/${index}` }, { $ref: `#/$defs/${index}` }] });
const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [index, doubled(index + 1)]));

/** Values that no schema refuses, but a check does. */
const CHECKED: Readonly<Record<string, readonly unknown[]>> = {
  'conversations/update-conversation model': ['gpt', '', 'claude-sonnet-5-5 '],
  'agent-chat/update-agent configuration': [
    { model: 'gpt' },
    { max_tokens: 16_001 },
    tools(...Array.from({ length: 42 }, (_, index) => ({ name: `tool-${index}` }))),
    tools({}, {}),
    tools({ url: 'http://169.254.169.254/latest/meta-data' }),
    tools({ url: 'https://169.254.169.254/latest/meta-data' }),
    tools({ url: 'https://[::ffff:10.0.0.1]/' }),
    tools({ url: 'https://tools.example.com:8443/' }),
    tools({ input_schema: { type: 'nope' } }),
    tools({ input_schema: { type: 'object', anyOf: [{}] } }),
    tools({ input_schema: { type: 'object', properties: { $top: {} } } }),
    tools({ input_schema: { type: 'object', properties: { context: {} } } }),
    tools({ input_schema: { type: 'object', if: { $ref: '#/$defs/0' }, $defs: { ...doubling, 40: {} } } }),
    tools({ strict: true }),
    withProperty({ type: 'nope' }),
    withProperty({ items: { properties: { 'filter[id]': {} } } }),
    withProperty({ description: '\ud83d' }),
    withProperty({ $ref: '#/$defs/none' }),
  ],
};

test('there are things that are made and edited', () => {
  expect(pairs.map(({ create, edit }) => [create.operation, edit.operation])).toEqual(
    expect.arrayContaining([
      ['agent-chat/create-agent', 'agent-chat/update-agent'],
      ['conversations/create-conversation', 'conversations/update-conversation'],
      ['assistant-chat/create-thread', 'assistant-chat/update-thread'],
      ['assistant-chat/put-google-ads-customer', 'assistant-chat/put-google-ads-customer'],
      ['assistant-chat/put-google-business-location', 'assistant-chat/put-google-business-location'],
    ]),
  );
});

describe.each(pairs)('$name', ({ create, edit }) => {
  const [made, edited] = [fieldsOf(create), fieldsOf(edit)];
  const shared = Object.keys(edited).filter((field) => field in made);

  test('takes the fields that are taken when it is made', () => {
    const alone = Object.keys({ ...made, ...edited }).filter((field) => !shared.includes(field));
    expect(alone.toSorted()).toEqual((ONE_SIDED[edit.operation] ?? []).toSorted());
  });

  test.each(shared)('takes the same %s, and null where an edit clears it', (field) => {
    const [ours, theirs] = [edited[field], made[field]];
    expect({ ...ours, type: null }).toEqual({ ...theirs, type: null });
    expect([ours?.type].flat().filter((type) => type !== 'null' || isNullable(theirs))).toEqual(
      [theirs?.type].flat(),
    );
  });

  test.each(shared)('refuses every %s that is refused when it is made, in the same words', async (field) => {
    const owner = await person(api);
    const things = await thingsFor(api, edit, owner);
    const maker = exampleOf(create, owner, await thingsForMaker(api, create, { owner, things }));
    const editor = exampleOf(edit, owner, things);
    const { headers = {}, path } = editor;
    const read = () => api.send({ method: 'GET', path, headers });
    const before = await read();
    const clears = isNullable(edited[field]) && !isNullable(made[field]);
    const values = [...refusedValues(made[field] ?? {}), ...(CHECKED[`${edit.operation} ${field}`] ?? [])];
    for (const value of values.filter((each) => each !== null || !clears)) {
      const refused = await api.send({ ...maker, body: { ...(maker.body as object), [field]: value } });
      expect(refused.status, JSON.stringify(value)).toBe(422);
      const answer = await api.send({ ...editor, body: { [field]: value } });
      expect([answer.status, wordsOf(answer, clears)], JSON.stringify(value)).toEqual([422, refused.body]);
    }
    expect((await read()).body).toEqual(before.body);
  });
});

function fieldsOf({ body }: AnyEndpoint): Readonly<Record<string, JsonSchema>> {
  return body?.json.properties ?? {};
}

function isNullable(schema: JsonSchema | undefined): boolean {
  return [schema?.type].flat().includes('null');
}

/** What an answer says. Of a field that an edit clears its words name one type more. */
function wordsOf({ text }: ApiAnswer, clears: boolean): unknown {
  return JSON.parse(clears ? text.replace('must be string,null', 'must be string') : text);
}

/** What the path of a thing that is yet to be made names: where it is a PUT, one that is not there. */
async function thingsForMaker(
  api: Api,
  create: AnyEndpoint,
  {
    owner,
    things,
  }: { owner: Awaited<ReturnType<typeof person>>; things: Awaited<ReturnType<typeof thingsFor>> },
) {
  if (create.method === 'POST') return thingsFor(api, create, owner);
  return { ...things, [parametersOf(create).at(-1) ?? '']: 99 };
}
