import { createHash, type Hash } from 'node:crypto';
import type {
  ContentBlockParam,
  MessageCreateParamsBase,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';
import { factsOf } from './models.ts';

type Request = MessageCreateParamsBase;

/** What a block of thinking says, and the proof that it is the model's. */
export interface Thought {
  readonly thinking: string;
  readonly signature: string;
}

/** The words of a stand-in's thinking, where they are shown. */
const WORDS = 'Let me think about that. I am only a stand-in.';

/** How much a stand-in thinks, where nobody says otherwise. */
const THOUGHT_TOKENS = 25;
const CHARACTERS_PER_TOKEN = 4;

/** What a thought is billed for. */
export function thoughtTokens({ signature }: Thought): number {
  return Math.ceil(signature.length / CHARACTERS_PER_TOKEN);
}

/**
 * What a model thinks before it says anything, or null where it does not think. As in the Messages API
 * (platform.claude.com, "Thinking" and "Preserved thinking") a block is bound by its signature to its model and to
 * everything before it, and goes back unchanged within a loop of tool calls. What this cannot imitate: how long a model
 * thinks, what it thinks, several thoughts in one answer, and models that read the blocks of others.
 */
export function thoughtFor(request: Request, tokens = THOUGHT_TOKENS): Thought | null {
  if (!thinks(request)) return null;
  const thinking = isShown(request) ? WORDS : '';
  const { messages, before } = placeOf(request.messages);
  const conversation = conversationDigest(request);
  for (const message of messages) add(conversation, message);
  const length = tokens * CHARACTERS_PER_TOKEN;
  return { thinking, signature: signatureOf(conversation, before, { thinking, length }) };
}

function thinks({ model, thinking, messages }: Request): boolean {
  const { thinksByDefault } = factsOf(model);
  if (!thinking) return thinksByDefault;
  if (thinking.type === 'between_tools') return Array.isArray(messages.at(-1)?.content);
  return thinking.type !== 'disabled';
}

function isShown({ thinking }: Request): boolean {
  if (thinking?.type === 'between_tools') return true; // what it says of its progress
  return (thinking?.type === 'adaptive' || thinking?.type === 'enabled') && thinking.display === 'summarized';
}

/** Where the next block goes: behind all messages, or behind what the model paused in. */
function placeOf(messages: readonly MessageParam[]) {
  const last = messages.at(-1);
  const isPaused = last?.role === 'assistant';
  return {
    messages: isPaused ? messages.slice(0, -1) : [...messages],
    before: isPaused ? blocksOf(last) : [],
  };
}

/** Digests a conversation up to its messages, and then these one by one. */
function conversationDigest({ model, system, tools }: Request): Hash {
  const digest = createHash('sha256');
  add(digest, [model, system, tools]);
  return digest;
}

/** `undefined`, where there is no such thing, is digested like null. */
function add(digest: Hash, value: unknown): void {
  digest.update(JSON.stringify([value]));
}

/** Proves thinking: it changes with everything that the block comes after, and is as long as what was thought. */
function signatureOf(
  conversation: Hash,
  before: readonly ContentBlockParam[],
  { thinking, length }: { thinking: string; length: number },
): string {
  const bound = conversation.copy();
  add(bound, [before.map(essence), thinking, length]);
  const signature = bound.digest('base64');
  return signature.repeat(Math.ceil(length / signature.length)).slice(0, length);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}

/** What of a block counts: the service adds members to a block that nobody has to send back. */
function essence(block: ContentBlockParam): unknown {
  if (block.type === 'text') return [block.type, block.text];
  if (block.type === 'tool_use') return [block.type, block.id, block.name, block.input];
  return block;
}

/** Which block of thinking a request has no right to, or lacks, or null. */
export function brokenThinking(request: Request): string | null {
  const { messages } = request;
  const loopStart = messages.findLastIndex((message) => message.role === 'user' && !hasOutcomes(message)) + 1;
  const conversation = conversationDigest(request);
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message);
    for (const [place, block] of blocks.entries()) {
      if (block.type !== 'thinking') continue;
      const said = { thinking: block.thinking, length: block.signature.length };
      if (block.signature !== signatureOf(conversation, blocks.slice(0, place), said))
        return `messages.${index}.content.${place}: Invalid signature in thinking block. The block is bound to a different conversation`;
    }
    add(conversation, message);
    const isInLoop = index >= loopStart && message.role === 'assistant';
    const lacks = isInLoop && thoughtsBefore.get(keyOf(messages.slice(0, index), blocks));
    if (lacks && !blocks.some((block) => block.type === 'thinking' && block.signature === lacks))
      return `messages.${index}: thinking blocks must be passed back unchanged with the calls that came after them`;
  }
  return null;
}

/** The signature of what was thought before calls of tools. */
const thoughtsBefore = new Map<string, string>();

/** Remembers that a model has called tools after it had thought: the request that goes on has to have the thought. */
export function rememberCalls(request: Request, { signature }: Thought, callIds: readonly string[]): void {
  const { messages, before } = placeOf(request.messages);
  const calls = callIds.map((id) => ({ type: 'tool_use', id, name: '', input: {} }) as const);
  thoughtsBefore.set(keyOf(messages, [...before, ...calls]), signature);
}

function keyOf(messages: readonly MessageParam[], blocks: readonly ContentBlockParam[]): string {
  const ids = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  return digestOf([messages, ids]);
}

function hasOutcomes(message: MessageParam): boolean {
  return blocksOf(message).some(({ type }) => type === 'tool_result');
}

function blocksOf({ content }: MessageParam): readonly ContentBlockParam[] {
  return typeof content === 'string' ? [] : content;
}
