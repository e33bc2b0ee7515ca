import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import { startApi } from '../support/api.ts';
import { example } from '../support/examples.ts';
import { person } from '../support/people.ts';

const api = await startApi();

/** Every URL that an operation takes for clients to show or to link to. */
const fields = endpoints.flatMap((endpoint) =>
  Object.keys(endpoint.body?.json.properties ?? {})
    .filter((field) => /_ur[il]$/u.test(field))
    .map((field) => ({ endpoint, field, name: `${field} of ${endpoint.method} ${endpoint.path}` })),
);

test('there are URLs to test', () => {
  expect([...new Set(fields.map(({ field }) => field))].toSorted()).toEqual([
    'assigned_coach_avatar_url',
    'author_avatar_url',
    'avatar_url',
    'maps_uri',
    'member_avatar_url',
  ]);
});

describe.each(fields)('$name', ({ endpoint, field }) => {
  const sent = async (url: string) => {
    const request = await example(api, endpoint, await person(api));
    return api.send({ ...request, body: { ...(request.body as object), [field]: url } });
  };

  test.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,<b>',
    'vbscript:a',
    'file:///etc/passwd',
    '//example.com/a.png',
    'example.com/a.png',
    'https://',
    '',
  ])('422s %j', async (url) => {
    const { status, text } = await sent(url);
    expect(status, text).toBe(422);
    expect(text).toContain('must be an http or https URL');
    expect(text).toContain(field);
  });

  test.each(['http://example.com', 'HTTPS://example.com/a b?c=ü#d'])('keeps %j as it is', async (url) => {
    const { status, text } = await sent(url);
    expect(status, text).toBeLessThan(300);
    // An ask thread shows its coach's in another place, once there is a coach.
    if (!field.startsWith('assigned_coach')) expect(text).toContain(`"${field}":${JSON.stringify(url)}`);
  });
});
