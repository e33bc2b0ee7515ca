import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../lib/local/free-port.ts';
import { blockOf } from '../../support/readme.ts';
import { instancePort, start } from '../../support/started.ts';

const port = await instancePort(afterAll);
const started = await start(port, ['--in-memory', '--allow-local-tools']);
afterAll(async () => {
  started.child.kill('SIGTERM');
  await started.exited;
});

const ENDPOINTS = blockOf('sh', 'USER_ID=$(');
const STREAMS = blockOf('sh', 'LAST=$(');
const TOOLS = blockOf('sh', 'PARLEY_TOOL_SECRET');

/**
 * Pastes blocks of the README into a terminal, one after the other, on ports of the test's own. Its shell ends at the
 * first command that fails. @returns what each wrote
 */
async function paste(...blocks: string[]): Promise<string[]> {
  const toolPort = await freePort();
  const border = randomUUID();
  // A socket, as which Node hands a pipe on, cannot be opened as /dev/stderr.
  const script = ['set -euo pipefail; exec 2> >(cat >&2)', ...blocks]
    .join(`\necho; echo ${border}\n`)
    .replaceAll('localhost:8000', `localhost:${port}`)
    .replaceAll(/localhost:3000|listen\(3000/gu, (found) => found.replace('3000', String(toolPort)));
  const shell = spawn('bash', ['-c', script], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, with what it leaves in the background
  });
  onTestFinished(() => {
    try {
      process.kill(-(shell.pid ?? 0), 'SIGTERM');
    } catch {
      // Nothing is left of it, as it should be.
    }
  });
  let [output, errors] = ['', ''];
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => shell.once('close', resolve)); // also of what runs in the background
  expect(code, errors).toBe(0);
  return output.split(`\n${border}\n`).slice(1);
}

/** The call of a tool in the answer with which a block ends. */
function callIn(output = '') {
  const { content, tool_calls: calls } = JSON.parse(output) as {
    content: string;
    tool_calls: Record<string, unknown>[];
  };
  expect(calls).toHaveLength(1);
  return { content, call: calls[0] ?? {} };
}

/** Asks for the conversation's title until it is more than the first words, which takes an event through the queue. */
const TITLE = `for _ in $(seq 50); do
  T=$(curl -sS localhost:8000/v1/conversations/$ID -H "authorization: Bearer $TOKEN" | node -p 'JSON.parse(fs.readFileSync(0)).title')
  [[ $T == About* ]] && break
  sleep 0.2
done
echo "$T"`;

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u) as string;

test('the README’s commands work as printed, one after the other: endpoints, streams, and a tool', async () => {
  const [endpoints = '', streams = '', tools, title] = await paste(ENDPOINTS, STREAMS, TOOLS, TITLE);
  expect(endpoints.match(/local stand-in/gu)).toHaveLength(3);
  expect(streams).toContain('event: done');
  const { content, call } = callIn(tools);
  const result = { city: 'Rome', degrees: 21, thread: expect.stringMatching(/^[0-9a-f-]{36}$/u) as string };
  expect(call).toEqual({
    tool_name: 'weather',
    arguments: { city: 'Rome' },
    result,
    error: null,
    start_time: TIME,
    end_time: TIME,
  });
  expect(content).toContain(`weather answered: ${JSON.stringify(call.result)}`);
  expect(title?.trim()).toBe('About: Hello!');
});

test('its tool believes nothing that is signed for another organization', async () => {
  const wrong = TOOLS.replace('--organization $USER_ID', `--organization ${randomUUID()}`);
  const [, tools] = await paste(ENDPOINTS, wrong);
  const { content, call } = callIn(tools);
  expect(call).toMatchObject({ result: null, error: 'The tool answered with status 401' });
  expect(content).toContain('weather failed: The tool answered with status 401');
});
