import { randomUUID } from 'node:crypto';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Tool } from '../../../functions/domain/agent-configuration.ts';
import { parseExact } from '../../../functions/domain/exact-json.ts';
import type { FreeJson } from '../../../functions/domain/json.ts';
import { callOver, callTool, type ToolCalling } from '../../../functions/tools/call.ts';
import { INTERNET, type Network } from '../../../functions/tools/network.ts';
import { signingSecretOf } from '../../../functions/tools/signing-secret.ts';
import { listen } from '../../../lib/local/listen.ts';
import { callContext, startToolSecret } from '../../support/tool-secret.ts';
import { answers, type Behaviour, startToolServer } from '../../support/tool-server.ts';

await startToolSecret();
const server = await startToolServer();

/** Loopback is refused by the network that tools have, so the tests have one of their own. */
const HERE: Network = {
  isAllowed: (address) => address === '127.0.0.1',
  resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
};
const organizationId = randomUUID();
const weather = (url: string): Tool => ({
  name: 'get_weather',
  description: 'The weather of a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' }, n: {} }, required: ['city'] },
  url,
});
const calling = (changed: Partial<ToolCalling> = {}): ToolCalling => ({
  organizationId,
  toolContext: { customer_id: 7 },
  checkingTime: { leftMs: 10_000, now: () => 0 },
  signal: new AbortController().signal,
  context: callContext,
  ...changed,
});
const berlin = { id: 'toolu_1', arguments: { city: 'Berlin' } };
const call = (url: string, changed: Partial<ToolCalling> = {}, network = HERE) =>
  callOver(network, { tool: weather(url), call: berlin, calling: calling(changed) });

/** Calls a tool that behaves like this. */
function callOne(behaviour: Behaviour, changed: Partial<ToolCalling> = {}) {
  const path = `/${randomUUID()}`;
  server.behaviours.set(path, behaviour);
  return call(server.url + path, changed);
}

/** A TCP server that is no web server. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const tcp = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  const { port, close } = await listen(tcp as unknown as Parameters<typeof listen>[0], 0); // as far as it is used
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    return close();
  });
  return `https://localhost:${port}`;
}

const failure = (error: unknown) => ({ ok: false, error });

describe('a tool', () => {
  test('is posted its arguments and the server’s context, signed so that its organization can verify it', async () => {
    expect(await call(`${server.url}/weather?units=metric`)).toEqual({ ok: true, result: { ok: true } });
    const { method, url, headers, body } = server.received.at(-1) ?? { headers: {}, body: '' };
    expect([method, url]).toEqual(['POST', '/weather?units=metric']);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': 'toolu_1',
    });
    const sent = { tool: 'get_weather', arguments: { city: 'Berlin' }, context: { customer_id: 7 } };
    const named = headers as Record<string, string>;
    const verifierOf = async (id: string) => new Webhook(await signingSecretOf(id, callContext));
    expect((await verifierOf(organizationId)).verify(body, named)).toEqual(sent);
    const other = await verifierOf(randomUUID());
    expect(() => other.verify(body, named)).toThrow('No matching signature found');
    expect(() => other.verify(body.replace('Berlin', 'Bonn'), named)).toThrow('No matching signature found');
  });

  test('is sent numbers as the model wrote them, and its own come back as it wrote them', async () => {
    const json = '{"big":[9007199254740993,1e400],"null":null}';
    const path = `${server.url}/exact`;
    server.behaviours.set('/exact', answers(json));
    const given = { ...berlin, arguments: parseExact('{"city":"x","n":12345678901234567890}') as FreeJson };
    const result = await callOver(HERE, { tool: weather(path), call: given, calling: calling() });
    expect(JSON.stringify(result)).toBe(`{"ok":true,"result":${json}}`);
    expect(server.received.at(-1)?.body).toContain('"n":12345678901234567890');
  });

  test.each(['null', 'false', '0', '"text"', '[]', ' {"a":1}\n'])('may answer %j', async (json) => {
    expect(await callOne(answers(json))).toEqual({ ok: true, result: JSON.parse(json) });
  });

  test.each([200, 202, 204])('may answer %d and nothing', async (status) => {
    expect(await callOne(answers('', { status }))).toEqual({ ok: true, result: null });
  });

  test('may answer 200 levels', async () => {
    const json = `${'{"a":['.repeat(100)}${']}'.repeat(100)}`;
    expect(await callOne(answers(json))).toEqual({ ok: true, result: JSON.parse(json) });
  });

  test('may answer 201, and 256 KiB', async () => {
    const text = 'x'.repeat(256 * 1024 - 2);
    expect(await callOne(answers(`"${text}"`, { status: 201 }))).toEqual({ ok: true, result: text });
  });

  test('is not sent arguments that its schema refuses, or that cannot be checked', async () => {
    const before = server.connections();
    const wrong = { ...berlin, arguments: { city: 7 } };
    const options = { tool: weather(server.url), calling: calling() };
    expect(await callOver(HERE, { ...options, call: wrong })).toEqual(
      failure('The arguments were not sent: /city does not fit "type"'),
    );
    const hostile = { type: 'object', properties: { city: { pattern: '^(a+)+$' } } };
    const endless = { ...berlin, arguments: { city: `${'a'.repeat(60)}!` } };
    const tool = { ...options.tool, inputSchema: hostile };
    expect(await callOver(HERE, { ...options, tool, call: endless })).toMatchObject({ ok: false });
    expect(server.connections()).toBe(before);
  });
});

const drip =
  (piece: string, everyMs: number): Behaviour =>
  (outgoing) => {
    const timer = setInterval(() => outgoing.write(piece), everyMs);
    outgoing.on('close', () => clearInterval(timer));
  };

describe('what a tool does wrong is a result:', () => {
  test.each<[string, Behaviour, string]>([
    ['500', answers('{"secret":1}', { status: 500 }), 'The tool answered with status 500'],
    ['404', answers('{}', { status: 404 }), 'The tool answered with status 404'],
    [
      'a redirect',
      answers('{}', { status: 302, headers: { location: '/followed' } }),
      'The tool redirected (302), which is not followed',
    ],
    [
      'a failure whose words do not end',
      (outgoing) => drip('x', 100)(outgoing.writeHead(503), outgoing.req),
      'The tool answered with status 503',
    ],
    [
      'a redirect that keeps the method',
      answers('{}', { status: 307, headers: { location: '/followed' } }),
      'The tool redirected (307), which is not followed',
    ],
    ['a web page', answers('<html>'), 'The tool answered with something that is not JSON'],
    ['half of it', answers('{"a":'), 'The tool answered with something that is not JSON'],
    ['no UTF-8', answers(Buffer.from([34, 255, 34])), 'The tool answered with something that is not JSON'],
    [
      'nesting without end',
      answers('['.repeat(100_000) + ']'.repeat(100_000)),
      'The tool answered with JSON that nests deeper than 200 levels',
    ],
    [
      '201 levels',
      answers('['.repeat(201) + ']'.repeat(201)),
      'The tool answered with JSON that nests deeper than 200 levels',
    ],
    [
      '256 KiB and a byte',
      answers(`"${'x'.repeat(256 * 1024 - 1)}"`),
      'The tool answered with more than 262144 bytes',
    ],
    [
      'a body that never ends',
      drip('x'.repeat(64 * 1024), 1),
      'The tool answered with more than 262144 bytes',
    ],
    ['nothing at all', (outgoing) => outgoing.destroy(), 'The connection to the tool failed'],
    [
      'an end in the middle',
      (outgoing) => {
        outgoing.writeHead(200, { 'content-length': '100' }).write('{"a":');
        setTimeout(() => outgoing.destroy(), 20);
      },
      'The connection to the tool failed',
    ],
    [
      'no HTTP',
      (outgoing) => outgoing.socket?.end('SSH-2.0-OpenSSH_9.9\r\n'),
      'The connection to the tool failed',
    ],
    [
      'another protocol',
      (outgoing) =>
        outgoing.socket?.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'The connection to the tool failed',
    ],
    [
      'too many headers',
      answers('{}', { headers: { x: 'x'.repeat(100_000) } }),
      'The connection to the tool failed',
    ],
  ])('%s', async (_what, behaviour, error) => {
    expect(await callOne(behaviour)).toEqual(failure(error));
    expect(server.received.filter(({ url }) => url === '/followed')).toEqual([]);
  });

  test('a certificate that nobody vouches for, of another name, or of the past', async () => {
    const strangers = await Promise.all([
      startToolServer({ isTrusted: false }),
      startToolServer({ names: ['other.test'] }),
      startToolServer({ notAfterDate: new Date(Date.now() - 1_000) }),
    ]);
    for (const { url, received } of strangers) {
      expect(await call(url)).toEqual(failure('The tool’s server could not prove who it is'));
      expect(received).toEqual([]);
    }
  });

  test('a server that is not there, has no name, or speaks no TLS', async () => {
    const gone = await startTcp(() => {});
    const [closed] = [gone.replace(/\d+$/u, '1')];
    expect(await call(closed ?? '')).toEqual(failure('The connection to the tool failed'));
    const unknown: Network = { ...INTERNET, isAllowed: () => true };
    expect(await call('https://tools.invalid', {}, unknown)).toEqual(
      failure('The name of the tool’s server was not found'),
    );
    const plain = await startTcp((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{}'));
    expect(await call(plain)).toMatchObject({ ok: false });
  });

  test('taking more than ten seconds, wherever it takes them', async () => {
    const neverFound: Network = { ...HERE, resolve: () => new Promise(() => {}) };
    const limits = vi.spyOn(AbortSignal, 'timeout'); // which goes on to do what it does
    const startedAtMs = performance.now();
    const results = await Promise.all([
      callOne(() => {}),
      callOne(drip(' ', 100)),
      callOne((outgoing) =>
        drip('x', 100)(outgoing.writeHead(200, { 'content-length': '100000' }), outgoing.req),
      ),
      callOne((outgoing) => outgoing.socket?.write('HTTP/1.1 200 OK\r\nx-drip: ')),
      call(await startTcp(() => {})),
      call(server.url, {}, neverFound),
    ]);
    expect(results).toEqual(results.map(() => failure('The tool took longer than 10 seconds')));
    expect(performance.now() - startedAtMs).toBeGreaterThan(9_900);
    expect(limits.mock.calls).toEqual(results.map(() => [10_000]));
    limits.mockRestore();
  });
});

describe('a call that nobody wants any more', () => {
  test('ends at once, with the reason, and so does its connection', async () => {
    const lost = new AbortController();
    const closed = Promise.withResolvers<void>();
    const result = callOne(
      (outgoing) => {
        outgoing.on('close', closed.resolve);
        outgoing.writeHead(200).write('{');
        setTimeout(() => lost.abort(new Error('The lease is lost')), 50);
      },
      { signal: lost.signal },
    );
    await expect(result).rejects.toThrow('The lease is lost');
    await closed.promise;
  });

  test('is not even begun', async () => {
    const before = server.connections();
    const signal = AbortSignal.abort(new Error('Cancelled'));
    await expect(call(server.url, { signal })).rejects.toThrow('Cancelled');
    expect(server.connections()).toBe(before);
  });
});

describe('a tool within the deployment', () => {
  const inside = [
    `https://127.0.0.1:${server.port}`,
    server.url,
    `https://[::ffff:127.0.0.1]:${server.port}`,
  ];
  test.each(inside)('is not connected to over the internet: %s', async (url) => {
    const before = server.connections();
    expect(await call(url, {}, INTERNET)).toEqual(failure('The tool is not on the public internet'));
    expect(server.connections()).toBe(before);
  });

  test('is not called, whenever its URL was stored', async () => {
    const before = server.connections();
    for (const url of [
      ...inside,
      'https://169.254.169.254/',
      'http://example.com',
      'https://localhost',
      '',
    ]) {
      const result = await callTool(weather(url), berlin, calling());
      expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/^The tool/u) });
    }
    expect(server.connections()).toBe(before);
  });

  test('is refused by its name when only one of its addresses is inside', async () => {
    const before = server.connections();
    const addresses = [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const network = { ...INTERNET, resolve: () => Promise.resolve(addresses) };
    expect(await call(server.url, {}, network)).toEqual(failure('The tool is not on the public internet'));
    expect(server.connections()).toBe(before);
  });

  test('cannot be reached by a name that changes between check and connection: it is looked up once', async () => {
    const judged: string[] = [];
    let lookups = 0;
    const network: Network = {
      isAllowed: (address) => judged.push(address) > 0,
      resolve: () =>
        Promise.resolve([{ address: (lookups += 1) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]),
    };
    expect(await call(`https://tools.test:${server.port}`, {}, network)).toMatchObject({ ok: true });
    expect([lookups, judged]).toEqual([1, ['127.0.0.1']]);
  });
});

test('an error is short, well-formed, and names neither address nor secret', async () => {
  const path = '😀'.repeat(300);
  const inputSchema = { type: 'object', properties: { [path]: { type: 'null' } } };
  const tool = { ...weather(server.url), inputSchema };
  const named = { ...berlin, arguments: { [path]: 1 } };
  const result = await callOver(HERE, { tool, call: named, calling: calling() });
  const { error } = result as { error: string };
  expect([error.length <= 200, error.isWellFormed()]).toEqual([true, true]);
  const refused = await call(`https://127.0.0.1:1/${await signingSecretOf(organizationId, callContext)}`);
  expect(JSON.stringify(refused)).not.toMatch(/127\.0\.0\.1|whsec_|ECONN/u);
});
