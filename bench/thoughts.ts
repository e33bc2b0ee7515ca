import type { MessageCreateParamsBase, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { newId } from '../functions/domain/ids.ts';
import { type Message, type ToolCall, textMessage } from '../functions/domain/message.ts';
import { costOf, ratesOf, usdOf } from '../functions/domain/prices.ts';
import type { AnswerBlock } from '../functions/model/blocks.ts';
import { modelPrices } from '../functions/model/prices.ts';
import { requestOf } from '../functions/model/request.ts';
import type { Round } from '../functions/model/tool-rounds.ts';
import { promptCache } from '../lib/local/messages-api/prompt-cache.ts';
import { refusalOf } from '../lib/local/messages-api/rules.ts';
import { rememberCalls, thoughtFor } from '../lib/local/messages-api/thinking.ts';

/**
 * What a conversation of 50 questions costs at the model, without the thoughts of earlier answers and with them: as the
 * stand-in for the Messages API bills it, which checks each request, thoughts included, by the service's rules.
 */
const QUESTIONS = 50;
const MODEL = 'claude-sonnet-5-5';
const MINUTE_MS = 60_000;
/** Of what is said, in tokens of four letters. */
const QUESTION_TOKENS = 60;
const ANSWER_TOKENS = 250;
const SYSTEM_TOKENS = 400;

interface Conversation {
  /** How often each answer calls tools, and how many at once. */
  readonly rounds: number;
  readonly calls: number;
  readonly resultTokens: number;
  /** Before each call and before the text. */
  readonly thoughtTokens: number;
  /** From one question to the next. */
  readonly pauseMs: number;
}

const words = (tokens: number) => 'abc '.repeat(tokens);
const OPTIONS = {
  model: MODEL,
  maxTokens: 16_000,
  contextTokens: 1_000_000,
  effort: 'medium',
  display: 'omitted',
  system: [words(SYSTEM_TOKENS)],
  tools: [{ name: 'look', description: words(100), inputSchema: { type: 'object' }, strict: false }],
  mayCall: true,
} as const;

/** What has become of one conversation. */
interface Bill {
  readonly prompt: number;
  readonly cached: number;
  readonly nanos: number;
}

/** Asks all questions. @param sends whether the thoughts of earlier answers go back with them */
function bill({ rounds, calls, resultTokens, thoughtTokens, pauseMs }: Conversation, sends: boolean): Bill {
  const cache = promptCache();
  const total = { prompt: 0, cached: 0, nanos: 0 };
  const history: Message[] = [];
  let sent: MessageParam[] = [];
  let nowMs = 0;

  /** @returns what the model says */
  const ask = (request: MessageCreateParamsBase, said: readonly AnswerBlock[], saidTokens: number) => {
    const refused = refusalOf(request);
    if (refused !== null) throw new Error(refused);
    const { read, written, plain } = cache.bill(request, nowMs);
    const usage = {
      promptTokens: read + written + plain,
      completionTokens: thoughtTokens + saidTokens,
      cachedTokens: read,
      cacheWriteTokens: written,
      thinkingTokens: thoughtTokens,
    };
    total.prompt += usage.promptTokens;
    total.cached += read;
    total.nanos += costOf(usage, ratesOf(modelPrices({}), MODEL, usage.promptTokens)) ?? Number.NaN;
    const thought = thoughtFor(request, thoughtTokens);
    if (!thought) throw new Error(`${MODEL} thinks`);
    const ids = said.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    if (ids.length > 0) rememberCalls(request, thought, ids);
    return [{ type: 'thinking', ...thought } as const, ...said];
  };

  for (let count = 0; count < QUESTIONS; count += 1) {
    const question = { ...textMessage('user', words(QUESTION_TOKENS)), id: newId(nowMs) };
    history.push(question);
    sent.push({ role: 'user', content: question.text });
    const before = sent;
    const made: Round[] = [];
    const next = () => {
      const request = requestOf(history, { ...OPTIONS, rounds: made });
      if (!sends) return request;
      const { messages } = requestOf([question], { ...OPTIONS, rounds: made });
      sent = [...before, ...messages.slice(1)];
      return { ...request, messages: sent };
    };
    for (let round = 0; round < rounds; round += 1) {
      const called = Array.from({ length: calls }, (_, index) =>
        callOf(`c${count}_${round}_${index}`, round, resultTokens),
      );
      const uses = called.map(
        ({ id, name, arguments: input }) => ({ type: 'tool_use', id, name, input }) as const,
      );
      const blocks = ask(next(), uses, calls * CALL_TOKENS);
      made.push({ blocks, calls: called });
    }
    const text = words(ANSWER_TOKENS);
    const content = ask(next(), [{ type: 'text', text }], ANSWER_TOKENS);
    sent = [...sent, { role: 'assistant', content }];
    const toolCalls = made.flatMap((round) => round.calls);
    history.push({
      ...textMessage('assistant', text),
      id: newId(nowMs),
      toolCalls: toolCalls.length > 0 ? toolCalls : null,
    });
    nowMs += pauseMs;
  }
  return total;
}

const CALL_TOKENS = 40;
function callOf(id: string, round: number, resultTokens: number): ToolCall {
  const ended = { result: { found: words(resultTokens) }, error: null, startedAtMs: 0, endedAtMs: 1 };
  return {
    id,
    name: 'look',
    index: 0,
    arguments: { for: words(CALL_TOKENS) },
    round,
    textLength: 0,
    ...ended,
  };
}

const KINDS = [
  ['no tools', { rounds: 0, calls: 0, resultTokens: 0 }],
  ['2 rounds of a call, results of 600', { rounds: 2, calls: 1, resultTokens: 600 }],
  ['2 rounds of a call, results of 1,200', { rounds: 2, calls: 1, resultTokens: 1_200 }],
  ['4 rounds of 3 calls, results of 200', { rounds: 4, calls: 3, resultTokens: 200 }],
] as const;

const share = ({ cached, prompt }: Bill) => `${Math.round((100 * cached) / prompt)} %`;
const LAST_DIGIT = 3;
const usd = ({ nanos }: Bill) => Number(usdOf(nanos)).toFixed(LAST_DIGIT);

process.stdout.write(
  '| each answer | each thought | pauses | without: cached, USD | with: cached, USD | |\n| --- | --- | --- | --- | --- | --- |\n',
);
for (const minutes of [1, 10])
  for (const [kind, tools] of KINDS)
    for (const thoughtTokens of [150, 600]) {
      const conversation = { ...tools, thoughtTokens, pauseMs: minutes * MINUTE_MS };
      const [without, withThoughts] = [bill(conversation, false), bill(conversation, true)];
      const more = Math.round(100 * (withThoughts.nanos / without.nanos - 1));
      process.stdout.write(
        `| ${kind} | ${thoughtTokens} | ${minutes} min | ${share(without)}, ${usd(without)} | ${share(withThoughts)}, ${usd(withThoughts)} | ${more > 0 ? '+' : ''}${more} % |\n`,
      );
    }
