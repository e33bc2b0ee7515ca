import type Anthropic from '@anthropic-ai/sdk';
import type { ClientOptions } from '@anthropic-ai/sdk';
import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { Context } from '../domain/context.ts';
import { modelConfiguration } from './configuration.ts';
import { forgetModelKey, modelKey } from './key.ts';
import type { MeteredRequest } from './meter.ts';

/** How a stream is opened. */
interface Opening {
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline. */
  readonly remainingMs: () => number;
  readonly context: Context;
  readonly metered: MeteredRequest;
  readonly fetch: typeof fetch;
}

/**
 * Opens a stream of the Messages API, once: at Anthropic's with the deployment's key, or at Claude Platform on AWS, where
 * the function's role is what it is known by.
 *
 * @throws what the SDK throws where it is refused, or nobody is reached
 */
export async function openStream(request: MessageCreateParamsBase, opening: Opening) {
  const { workspace } = modelConfiguration();
  return workspace === null ? openWithKey(request, opening) : openAsRole(workspace, request, opening);
}

/** Opens the stream with the key at hand, and once more with the one in the secret where that is another. */
async function openWithKey(request: MessageCreateParamsBase, opening: Opening) {
  const key = await modelKey(opening.context);
  try {
    return await openWith(await keyClient(key, opening), request, opening);
  } catch (error) {
    if (!isKeyRefused(error)) throw error;
    forgetModelKey();
    const stored = await modelKey(opening.context);
    if (stored === key) throw error;
    return await openWith(await keyClient(stored, opening), request, opening);
  }
}

/** Loading an SDK costs a third of a cold start, so only what asks the model loads one, the one that it needs, and only then. */
async function keyClient(apiKey: string, { fetch }: Opening): Promise<Anthropic> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  return new Client({ ...optionsWith(fetch), apiKey });
}

/** A null key keeps the SDK from taking one of the environment: the role signs, with what Lambda gives it. */
async function openAsRole(workspaceId: string, request: MessageCreateParamsBase, opening: Opening) {
  const { default: Client } = await import('@anthropic-ai/aws-sdk');
  const client = new Client({ ...optionsWith(opening.fetch), apiKey: null, workspaceId });
  return openWith(client, request, opening);
}

function optionsWith(fetch: Opening['fetch']): ClientOptions {
  return { logLevel: 'off', openTelemetry: false, fetch };
}

async function openWith(
  client: Anthropic,
  request: MessageCreateParamsBase,
  { signal, remainingMs, metered }: Opening,
) {
  const timeout = Math.max(1, Math.floor(remainingMs()));
  metered.sent();
  return client.messages.create({ ...request, stream: true }, { signal, timeout, maxRetries: 0 });
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 401;
}
