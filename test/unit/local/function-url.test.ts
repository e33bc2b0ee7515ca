import { createServer } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { streamInto } from '../../../lib/local/function-url.ts';
import { listen } from '../../../lib/local/listen.ts';
import { provideResponseStreams, runStreaming } from '../../../lib/local/response-stream.ts';

provideResponseStreams();

type Handle = (out: Writable) => unknown;
const PRELUDE = { statusCode: 404, headers: { 'x-said': 'yes' } };
const from = (out: Writable) => awslambda.HttpResponseStream.from(out, PRELUDE);

const fails = () => Promise.reject(new Error('It fails on purpose'));

/** What a client sees of a handler that streams. */
async function seen(handle: Handle): Promise<{ status: number; said: string | null; text: string }> {
  const handler = async (_event: unknown, out: Writable) => void (await handle(out));
  const server = createServer((_incoming, outgoing) => {
    const run = (sink: Parameters<typeof runStreaming>[1]['sink']) =>
      runStreaming(handler, { event: {}, context: {}, sink });
    void streamInto(outgoing, run).then(
      (answer) => answer && outgoing.writeHead(answer.statusCode ?? 0).end(answer.body),
      () => outgoing.destroy(),
    );
  });
  const { port, close } = await listen(server, 0);
  onTestFinished(close);
  const response = await fetch(`http://127.0.0.1:${port}`);
  return { status: response.status, said: response.headers.get('x-said'), text: await response.text() };
}

describe('the status of a stream is sent', () => {
  test.each<[string, string, Handle]>([
    ['a write and an end', 'Body', (out) => from(out).write('Body') && out.end()],
    ['an empty write and an end', '', (out) => from(out).write('') && out.end()],
    ['a write and an end with more', 'Body', (out) => from(out).write('Bo') && out.end('dy')],
    ['a pipeline', 'Body', (out) => pipeline(Readable.from(['Bo', 'dy']), from(out))],
  ])('with %s', async (_what, text, handle) => {
    expect(await seen(handle)).toEqual({ status: 404, said: 'yes', text });
  });

  test('with the first write, before there is anything more', async () => {
    const release = Promise.withResolvers<void>();
    const server = createServer((_incoming, outgoing) => {
      const handler = async (_event: unknown, out: Writable) => {
        from(out).write('');
        await release.promise;
        out.end();
      };
      void streamInto(outgoing, (sink) => runStreaming(handler, { event: {}, context: {}, sink }));
    });
    const { port, close } = await listen(server, 0);
    onTestFinished(close);
    const response = await fetch(`http://127.0.0.1:${port}`);
    expect(response.status).toBe(404);
    release.resolve();
    expect(await response.text()).toBe('');
  });
});

describe('a stream has no status, and its client sees a 502,', () => {
  test.each<[string, Handle]>([
    ['with an end alone', (out) => from(out).end('Body')],
    ['with an end of nothing', (out) => from(out).end()],
    ['with a pipeline of nothing', (out) => pipeline(Readable.from([]), from(out))],
    ['without a prelude', (out) => out.end('Body')],
    ['with a prelude after the first write', (out) => out.write('Bo') && from(out).end('dy')],
    ['where the handler fails before it writes', fails],
    ['where it fails between prelude and write', (out) => from(out) && fails()],
  ])('%s', async (_what, handle) => {
    expect(await seen(handle)).toEqual({ status: 502, said: null, text: 'Internal Server Error' });
  });
});

test('a stream whose handler fails after the first write is cut off', async () => {
  await expect(seen((out) => from(out).write('Bo') && fails())).rejects.toThrow('terminated');
});
