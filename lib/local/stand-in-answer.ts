import { type ArgumentSchema, argumentsFor } from './stand-in-arguments.ts';

/** What of a request of the Messages API an answer depends on. */
export interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly name: string; readonly input_schema: ArgumentSchema }[];
  readonly tool_choice?: { readonly type: string };
}

/** A call of a tool. */
export interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const WHAT_IT_IS =
  "I am Parley's local stand-in for the Messages API, not a model. Set ANTHROPIC_API_KEY for real answers.";
const QUOTED_CHARACTERS = 200;
const WORDS_OF_A_TITLE = 5;

/**
 * What the stand-in says. It calls the first tool whose name the question has as a word ("What is the weather?" calls
 * `weather`), and then says what the tool answered. Asked for a title, it says what the question begins with; otherwise it
 * says what it was asked.
 */
export function answerTo({ messages, tools = [], tool_choice: choice }: Asked): string | ToolUse {
  const content = messages.at(-1)?.content;
  if (typeof content !== 'string') return [WHAT_IT_IS, ...outcomesIn(content, messages)].join(' ');
  const titled = questionToTitle(content);
  if (titled !== null) return `About: ${titled.split(/\s+/u).slice(0, WORDS_OF_A_TITLE).join(' ')}`;
  const words = content.toLowerCase().split(/[^\w-]+/u);
  const tool = tools.find(({ name }) => words.includes(name.toLowerCase()));
  if (tool && choice?.type !== 'none')
    return { name: tool.name, input: argumentsFor(tool.input_schema, content) };
  return `${WHAT_IT_IS} You said: ${quoted(content)}`;
}

/** The question of a conversation that is to have a title, as functions/titles asks for one; null for another request. */
function questionToTitle(content: string): string | null {
  try {
    const { question, answer } = JSON.parse(content) as { question?: unknown; answer?: unknown };
    return typeof question === 'string' && typeof answer === 'string' ? question.trim() : null;
  } catch {
    return null;
  }
}

/** The blocks of a message that are looked at. */
interface Block {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly tool_use_id?: string;
  readonly content?: string;
  readonly is_error?: boolean;
}

function outcomesIn(content: unknown, messages: Asked['messages']): string[] {
  const calls = messages.flatMap((each) => blocksOf(each.content));
  return blocksOf(content)
    .filter(({ type }) => type === 'tool_result')
    .map((outcome) => {
      const name = calls.find(({ id }) => id === outcome.tool_use_id)?.name;
      return `${name} ${outcome.is_error ? 'failed' : 'answered'}: ${quoted(outcome.content ?? '')}`;
    });
}

function blocksOf(content: unknown): readonly Block[] {
  return Array.isArray(content) ? (content as Block[]) : []; // the SDK wrote it
}

function quoted(text: string): string {
  return text.slice(0, QUOTED_CHARACTERS).toWellFormed();
}
