import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, afterEach, expect, test } from 'vitest';
import { isLoopbackAddress } from '../../../functions/tools/addresses.ts';
import { callTool } from '../../../functions/tools/call.ts';
import { LOCAL_TOOLS_VARIABLE, toolUrlFault } from '../../../functions/tools/url.ts';
import { listen } from '../../../lib/local/listen.ts';
import { callContext, startToolSecret } from '../../support/tool-secret.ts';

await startToolSecret();
let requests = 0;
const server = createServer((_incoming, outgoing) => {
  requests += 1;
  outgoing.end('"here"');
});
const { port, close } = await listen(server, 0);
afterAll(close);
afterEach(() => void delete process.env[LOCAL_TOOLS_VARIABLE]);

const call = (url: string) =>
  callTool(
    { name: 'local', description: '', inputSchema: { type: 'object' }, url },
    { id: 'toolu_1', arguments: {} },
    {
      organizationId: randomUUID(),
      toolContext: {},
      checkingTime: { leftMs: 10_000, now: () => 0 },
      signal: new AbortController().signal,
      context: callContext,
    },
  );
const HERE = [`http://127.0.0.1:${port}`, `http://localhost:${port}/path`];

test.each(HERE)('%s is called where local tools are allowed', async (url) => {
  process.env[LOCAL_TOOLS_VARIABLE] = 'true';
  expect(toolUrlFault(url)).toBeNull();
  expect(await call(url)).toEqual({ ok: true, result: 'here' });
});

test.each([undefined, '', 'false', '1'])('none of them is where the variable is %j', async (value) => {
  if (value !== undefined) process.env[LOCAL_TOOLS_VARIABLE] = value;
  const before = requests;
  for (const url of HERE) {
    expect(toolUrlFault(url)).toBe('must be an https URL');
    expect(await call(url)).toEqual({ ok: false, error: 'The tool’s URL must be an https URL' });
  }
  expect(requests).toBe(before);
});

test.each([
  'http://example.com',
  'http://localhost.example.com',
  'http://10.0.0.1:8080',
  'http://169.254.169.254/',
  `https://127.0.0.1:${port}`,
  'https://127.0.0.1',
  `ftp://localhost:${port}`,
  `http://user:secret@localhost:${port}`,
])('%s is refused also where local tools are allowed', async (url) => {
  process.env[LOCAL_TOOLS_VARIABLE] = 'true';
  const before = requests;
  expect(toolUrlFault(url)).not.toBeNull();
  expect(await call(url)).toMatchObject({ ok: false });
  expect(requests).toBe(before);
});

test('the machine itself is 127.0.0.0/8 and ::1, and no other address', () => {
  expect(['127.0.0.1', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'].every(isLoopbackAddress)).toBe(true);
  expect(['128.0.0.0', '0.0.0.0', '10.0.0.1', '::', '::2', 'localhost'].some(isLoopbackAddress)).toBe(false);
});
