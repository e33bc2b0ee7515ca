import type {
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';

/**
 * The model's cache looks for what an earlier request has written among the last 20 blocks (platform.claude.com, "Prompt
 * caching"); an answer with nine calls has more, and the whole history would be paid for anew. Some fewer are near: a
 * breakpoint costs nothing.
 */
const NEAR_BLOCKS = 15;

type Breakable = TextBlockParam | ToolResultBlockParam;

/**
 * Messages with a breakpoint for the model's cache where the request for an earlier answer ended, if that is too far from
 * their end to be found. It stays where it is in all requests of the next answer.
 *
 * @param history what comes before the answer that is being made
 * @param answered where in it the last question is that has an answer, or -1
 */
export function withBreakpoint(history: readonly MessageParam[], answered: number): readonly MessageParam[] {
  const question = history[answered];
  if (question?.role !== 'user' || blocksIn(history.slice(answered + 1)) <= NEAR_BLOCKS) return history;
  return history.with(answered, { ...question, content: broken(question.content) });
}

function blocksIn(messages: readonly MessageParam[]): number {
  return messages.reduce((sum, { content }) => sum + (typeof content === 'string' ? 1 : content.length), 0);
}

/** What a user has said: text, or outcomes of calls. */
function broken(content: MessageParam['content']): MessageParam['content'] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content } as const] : content;
  const last = blocks.at(-1) as Breakable; // a user's message has no others
  return [...blocks.slice(0, -1), { ...last, cache_control: { type: 'ephemeral' } }];
}
