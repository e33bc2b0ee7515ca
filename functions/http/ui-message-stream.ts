import type { Frame } from './server-sent-events.ts';
import type { StreamEvent } from './stream-endpoint.ts';

/** The header by which a client asks for the protocol, and the answer says that it is. */
const HEADER = 'x-vercel-ai-ui-message-stream';
/** The same as a parameter of `Accept`, which web pages of other origins may send without asking first. */
const ACCEPT = /;\s*protocol="?ui-message-stream"?/u;
export const UI_MESSAGE_STREAM = { [HEADER]: 'v1' } as const;

/** Whether a client asks for the UI message stream protocol of Vercel's AI SDK. */
export function isUiMessageStream(headers: Readonly<Record<string, string | undefined>>): boolean {
  return headers[HEADER] === 'v1' || ACCEPT.test(headers.accept ?? '');
}

/** What the events of a turn say, as far as the protocol has words for it. */
interface EventData {
  readonly turn: { readonly id: string };
  readonly delta: { readonly text: string };
  readonly tool_call: {
    readonly id: string;
    readonly tool_name: string;
    readonly arguments: unknown;
    readonly result: unknown;
    readonly error: string | null;
    readonly end_time: string | null;
  };
  readonly assistant_message: { readonly id: string };
  readonly error: { readonly message: string };
}

/**
 * The events of a turn as the chunks of Vercel's AI SDK (ai-sdk.dev, "Stream protocols", UI message stream). The message
 * goes by the turn's id, because its own is known only at its end, in the metadata.
 */
export async function* uiMessageFrames(events: AsyncIterable<StreamEvent>): AsyncGenerator<Frame> {
  let part = 0;
  let isOpen = false;
  const called = new Set<string>();
  const close = () => {
    const end = isOpen ? [{ data: { type: 'text-end', id: String(part) } }] : [];
    isOpen = false;
    return end;
  };
  for await (const { event, data } of events) {
    const of = data as EventData[keyof EventData]; // as each name above says
    if (event === 'turn') yield { data: { type: 'start', messageId: (of as EventData['turn']).id } };
    if (event === 'delta') {
      if (!isOpen) {
        part += 1;
        yield { data: { type: 'text-start', id: String(part) } };
      }
      isOpen = true;
      yield { data: { type: 'text-delta', id: String(part), delta: (of as EventData['delta']).text } };
    }
    if (event === 'tool_call') {
      yield* close();
      yield* toolFrames(of as EventData['tool_call'], called);
    }
    if (event === 'assistant_message') {
      yield* close();
      const { id } = of as EventData['assistant_message'];
      yield { data: { type: 'message-metadata', messageMetadata: { message_id: id } } };
    }
    if (event === 'error') yield { data: { type: 'error', errorText: (of as EventData['error']).message } };
    if (event === 'done') {
      yield* close();
      yield { data: { type: 'finish' } };
    }
  }
  yield { data: '[DONE]' };
}

function* toolFrames(call: EventData['tool_call'], called: Set<string>): Generator<Frame> {
  const { id: toolCallId, tool_name: toolName, arguments: input, result, error, end_time } = call;
  const tool = { toolCallId, dynamic: true };
  if (!called.has(toolCallId)) yield { data: { type: 'tool-input-available', ...tool, toolName, input } };
  called.add(toolCallId);
  if (error !== null) yield { data: { type: 'tool-output-error', ...tool, errorText: error } };
  else if (end_time !== null) yield { data: { type: 'tool-output-available', ...tool, output: result } };
}
