import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { listen } from '../../lib/local/listen.ts';
import { inputTokens } from '../../lib/local/messages-api/prompt-cache.ts';
import { refusalOf } from '../../lib/local/messages-api/rules.ts';
import { type MessagesRequest, outputTokens, sendError, sendEvents } from '../../lib/local/model-stand-in.ts';
import { readText } from '../../lib/local/read-text.ts';

/** What the scripted Messages API does with one request. */
export type Reaction = (request: MessagesRequest, outgoing: ServerResponse) => unknown;

/** Answers with this text. */
export function says(text: string): Reaction {
  return (request, outgoing) => sendEvents(outgoing, request, text);
}

/** Refuses, in the Messages API's shape. */
export function fails(status: number, type = 'api_error'): Reaction {
  return (_request, outgoing) => sendError(outgoing, { status, type, message: 'SECRET upstream words' });
}

/** What a request has come to, in tokens by the stand-in's rule, whether or not it was told so. */
export interface Metered {
  readonly input: number;
  readonly output: () => number;
}

/** Counts what is streamed of an answer: text and arguments. Thoughts are left out. */
function meter(request: MessagesRequest, outgoing: ServerResponse): Metered {
  const write = outgoing.write.bind(outgoing) as (chunk: unknown) => boolean;
  let characters = 0;
  outgoing.write = (chunk: unknown) => {
    for (const [, piece = ''] of String(chunk).matchAll(/"(?:text|partial_json)":("(?:[^"\\]|\\.)*")/gu))
      characters += (JSON.parse(piece) as string).length;
    return write(chunk);
  };
  return { input: inputTokens(request), output: () => outputTokens(characters) };
}

/** What looks at a request before it is answered. @returns why it is refused, or null */
type Guard = (incoming: IncomingMessage, body: string) => string | null;

/** A Messages API that keeps its rules, follows a script and remembers what it was asked, and with which keys. Without a script it says `Answer <n>`. */
export async function startScriptedModel() {
  const asked: MessageCreateParamsBase[] = [];
  const keys: string[] = [];
  /** The headers of each request, oldest first. */
  const headers: IncomingHttpHeaders[] = [];
  /** Who is let in: anybody, with any key, unless a test says otherwise. */
  const guarded: { by: Guard } = { by: () => null };
  /** What was wrong with requests that it has refused by the service's rules (lib/local/messages-api). */
  const refusals: string[] = [];
  /** What each request that was not refused has come to, oldest first. */
  const metered: Metered[] = [];
  const script: Reaction[] = [];
  /** Scripts of their own for certain questions, the last one counting, for tests that ask at the same time. */
  const scripts = new Map<unknown, Reaction[]>();
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing));
  const { port, close } = await listen(server, 0);

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readText(incoming);
    const request = JSON.parse(body) as MessagesRequest;
    const params = request as unknown as MessageCreateParamsBase; // the SDK wrote it
    asked.push(params);
    keys.push(incoming.headers.authorization?.replace('Bearer ', '') ?? '');
    headers.push(incoming.headers);
    const forbidden = guarded.by(incoming, body);
    if (forbidden !== null)
      return sendError(outgoing, { status: 403, type: 'permission_error', message: forbidden });
    const refused = refusalOf(params);
    if (refused !== null) {
      refusals.push(refused);
      return sendError(outgoing, { status: 400, type: 'invalid_request_error', message: refused });
    }
    const own = request.messages.map(({ content }) => scripts.get(content)).findLast(Boolean);
    const react = (own ?? script).shift() ?? says(`Answer ${asked.length}`);
    const cost = meter(request, outgoing);
    outgoing.on('close', () => void (outgoing.statusCode < 400 && metered.push(cost)));
    await react(request, outgoing);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    refusals,
    metered,
    keys,
    headers,
    guarded,
    script,
    scripts,
    close,
  };
}
