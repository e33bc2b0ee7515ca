import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { openTab } from '../../support/browser.ts';

const api = await startApi();

test('the document is served as it is checked in', async () => {
  const { status, body } = await api.send({ method: 'GET', path: '/openapi.json' });
  const checkedIn = readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8');
  expect([status, body]).toEqual([200, JSON.parse(checkedIn)]);
});

describe.each(['/docs', '/openapi.json'])('%s', (path) => {
  const get = (headers: Record<string, string>) =>
    // fetch would ask for any coding, and undo it
    new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
      (resolve, reject) => {
        request(api.url + path, { headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        })
          .on('error', reject)
          .end();
      },
    );

  test('is compressed for who takes gzip, and for nobody else', async () => {
    const plain = await get({});
    expect(plain.headers['content-encoding']).toBeUndefined();
    for (const refusing of ['br', 'gzip;q=0', 'gzip; q=0.0', '']) {
      const { headers, body } = await get({ 'accept-encoding': refusing });
      expect([headers['content-encoding'], body.length]).toEqual([undefined, plain.body.length]);
    }
    for (const taking of ['gzip', 'br, gzip', 'deflate, gzip;q=0.5']) {
      const { headers, body } = await get({ 'accept-encoding': taking });
      expect(headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(body).equals(plain.body)).toBe(true);
      expect(body.length).toBeLessThan(plain.body.length / 2);
    }
  });

  test('is told by its hash, and 304s for who has it', async () => {
    const { headers } = await get({});
    const etag = String(headers.etag);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, body, headers: again } = await get({ 'if-none-match': tag, 'accept-encoding': 'gzip' });
      expect([status, body.length, again.etag]).toEqual([304, 0, etag]);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('the page', () => {
  const hashesIn = (page: string, element: string) =>
    [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'gu'))].map(
      ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );

  test('may run the scripts and styles that stand in it, and ask its own origin', async () => {
    const { headers, text } = await api.send({ method: 'GET', path: '/docs' });
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split('; ').map((each) => {
        const [name = '', ...sources] = each.split(' ');
        return [name, sources];
      }),
    );
    expect(hashesIn(text, 'script')).toHaveLength(2);
    expect(policy).toEqual({
      'default-src': ["'none'"],
      'script-src': hashesIn(text, 'script'),
      'style-src': hashesIn(text, 'style'),
      'connect-src': ["'self'"],
      'img-src': ['data:'],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(text).toContain("url: 'openapi.json'");
    expect(text).not.toMatch(/(?:src|href)="(?!data:,")[^"]*"[^>]*>\n/u);
    expect(text).not.toContain('sourceMappingURL');
  });

  test('shows the operations in Chromium and tries one, and asks nobody else', async ({ skip }) => {
    const tab = await openTab();
    if (!tab) return skip('there is no chromium on the PATH');
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    await tab.goto(`${api.url}/docs`);
    const health = tab.locator('#operations-health-health-get-health');
    await health.locator('.opblock-summary-control').click();
    await health.getByRole('button', { name: 'Execute' }).click();
    await health.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    const elsewhere = asked.filter((url) => !url.startsWith(api.url) && !url.startsWith('data:'));
    expect(elsewhere).toEqual([]);
    return undefined;
  });

  test('fits Lambda’s answers of 6 MB', async () => {
    const { text } = await api.send({ method: 'GET', path: '/docs' });
    expect(JSON.stringify(text).length).toBeLessThan(3 * 1024 * 1024);
  });
});
