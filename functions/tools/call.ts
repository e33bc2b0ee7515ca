import { Webhook } from 'standardwebhooks';
import type { Tool } from '../domain/agent-configuration.ts';
import type { Context } from '../domain/context.ts';
import { parseExact } from '../domain/exact-json.ts';
import type { FreeJson, Json } from '../domain/json.ts';
import { FREE_JSON_DEPTH } from '../domain/limits.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import { ADDRESS_REFUSED, INTERNET, type Network, THIS_MACHINE } from './network.ts';
import { ANSWER_BYTES, type Posted, post } from './post.ts';
import { argumentsFault, type SharedTime } from './schema.ts';
import { signingSecretOf } from './signing-secret.ts';
import { isLocalTool, toolUrlFault } from './url.ts';

/** A call of a tool. */
export interface ToolCall {
  /** No other call has it. A call that is repeated has it again, so that a tool can tell. */
  readonly id: string;
  readonly arguments: Json;
}

/** How a tool is called. */
export interface ToolCalling {
  /** Whose tool it is: calls are signed with this organization's secret. */
  readonly organizationId: string;
  /** What the server says to the tool beside the model's arguments, and past the model. */
  readonly toolContext: FreeJson;
  /** For checking arguments. All calls of a turn share it: strangers wrote what they are checked by. */
  readonly checkingTime: SharedTime;
  /** Ends the call: whoever does not want its result any more. */
  readonly signal: AbortSignal;
  readonly context: Context;
}

/** For all of a call: finding the server, connecting, and the last byte of its answer. */
const ANSWER_WITHIN_MS = 10_000;
const ERROR_CHARACTERS = 200;

/**
 * Calls a tool: posts `{tool, arguments, context}`, signed as Standard Webhooks are (standardwebhooks.com), to its URL.
 * Arguments that do not fit the tool's schema are not sent. Whatever the tool does is a result.
 *
 * @throws the signal's reason
 * @throws ParleyError internal_error where the deployment's secret for signing is not set, and what Secrets Manager says
 */
export async function callTool(tool: Tool, call: ToolCall, calling: ToolCalling): Promise<ToolResult> {
  const wrong = toolUrlFault(tool.url); // the tool may be older than the rule
  if (wrong !== null) return failed(`The tool’s URL ${wrong}`);
  const network = isLocalTool(new URL(tool.url)) ? THIS_MACHINE : INTERNET;
  return callOver(network, { tool, call, calling });
}

/** The same over any network. Nothing but `callTool` and tests chooses one. */
export async function callOver(
  network: Network,
  { tool, call, calling }: { tool: Tool; call: ToolCall; calling: ToolCalling },
): Promise<ToolResult> {
  const { organizationId, toolContext, checkingTime, context } = calling;
  const wrong = argumentsFault(tool.inputSchema, call.arguments, checkingTime);
  if (wrong) return failed(`The arguments were not sent: ${['', ...wrong.path].join('/')} ${wrong.message}`);
  const body = JSON.stringify({ tool: tool.name, arguments: call.arguments, context: toolContext });
  const headers = signed(body, {
    id: call.id,
    now: new Date(context.now()),
    secret: await signingSecretOf(organizationId, context),
  });
  const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const signal = AbortSignal.any([calling.signal, timeout]);
  try {
    return resultOf(await post(new URL(tool.url), { headers, body, network, signal }));
  } catch (error) {
    calling.signal.throwIfAborted();
    if (timeout.aborted) return failed(`The tool took longer than ${ANSWER_WITHIN_MS / 1_000} seconds`);
    return failed(reasonOf(error));
  }
}

function signed(
  body: string,
  { id, now, secret }: { id: string; now: Date; secret: string },
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
}

function resultOf({ status, body }: Posted): ToolResult {
  if (status >= 300 && status < 400) return failed(`The tool redirected (${status}), which is not followed`);
  if (status < 200 || status >= 300) return failed(`The tool answered with status ${status}`);
  if (body === null) return failed(`The tool answered with more than ${ANSWER_BYTES} bytes`);
  if (body.length === 0) return { ok: true, result: null }; // 204, or 200 with nothing to say
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return { ok: true, result: parseExact(json, FREE_JSON_DEPTH) };
  } catch (error) {
    return failed(
      error instanceof RangeError
        ? `The tool answered with JSON that nests deeper than ${FREE_JSON_DEPTH} levels`
        : 'The tool answered with something that is not JSON',
    );
  }
}

/** Never what Node says: it names addresses. */
function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === ADDRESS_REFUSED) return 'The tool is not on the public internet';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the tool’s server was not found';
  if (/CERT|TLS|SSL|SIGNATURE/u.test(code)) return 'The tool’s server could not prove who it is';
  return 'The connection to the tool failed';
}

function failed(error: string): ToolResult {
  return { ok: false, error: error.slice(0, ERROR_CHARACTERS).toWellFormed() };
}
