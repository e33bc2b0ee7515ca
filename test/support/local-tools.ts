import { createServer } from 'node:http';
import { afterAll } from 'vitest';
import type { FreeJson } from '../../functions/domain/json.ts';
import { LOCAL_TOOLS_VARIABLE } from '../../functions/tools/url.ts';
import { listen } from '../../lib/local/listen.ts';
import { readText } from '../../lib/local/read-text.ts';

/** A call as a tool's server reads it. */
interface ReceivedCall {
  readonly tool: string;
  readonly arguments: FreeJson;
  readonly context: FreeJson;
}

/** What a tool answers. */
interface ToolAnswer {
  readonly status?: number;
  readonly json: string;
}

/**
 * A server of tools on this machine, which this process may call from now on. It remembers what came to which path, and
 * answers by the path: `{"ok":true}`, unless a test says something else.
 */
export async function startLocalTools() {
  process.env[LOCAL_TOOLS_VARIABLE] = 'true';
  const received: { path: string; call: ReceivedCall }[] = [];
  const ids: { path: string; id: unknown }[] = [];
  const answers = new Map<string, ToolAnswer | (() => Promise<ToolAnswer>)>();
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { url: path = '' } = incoming;
      ids.push({ path, id: incoming.headers['webhook-id'] });
      received.push({ path, call: JSON.parse(await readText(incoming)) as ReceivedCall }); // Parley wrote it
      const answer = answers.get(path) ?? { json: '{"ok":true}' };
      const { status = 200, json } = typeof answer === 'function' ? await answer() : answer;
      outgoing.writeHead(status).end(json);
    })();
  });
  const { port, close } = await listen(server, 0);
  afterAll(close);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    answers,
    /** All that came to paths that begin so, in its order. */
    receivedAt: (path: string) => received.filter((each) => each.path.startsWith(path)),
    /** The `webhook-id` of each of them. */
    idsAt: (path: string) => ids.filter((each) => each.path.startsWith(path)).map(({ id }) => id),
    /** A tool of a city, at `<path>/<name>`. */
    toolNamed: (name: string, path = '') => ({
      name,
      description: `The tool ${name}`,
      input_schema: { type: 'object', properties: { city: { type: 'string' } } },
      url: `${url}${path}/${name}`,
    }),
  };
}
