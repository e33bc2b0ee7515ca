import type { MessageCreateParamsBase, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import type { Api } from './api.ts';

/** The requests that end with this question, oldest first: what tools answer to it comes after. */
export function askedFor(api: Api, question: string): MessageCreateParamsBase[] {
  return api.model.asked.filter(({ messages }) => messages.at(-1)?.content === question);
}

/** The requests that have this question anywhere, oldest first. */
export function askedWith(api: Api, question: string): MessageCreateParamsBase[] {
  return api.model.asked.filter(({ messages }) => messages.some(({ content }) => content === question));
}

/** The request that the model was asked last. */
export function lastAsked(api: Api): MessageCreateParamsBase {
  const last = api.model.asked.at(-1);
  if (!last) throw new Error('The model was asked nothing');
  return last;
}

/** A request without what is said in the thread. */
export function settingOf({ messages: _messages, ...setting }: MessageCreateParamsBase) {
  return setting;
}

/** What was said in a request's messages, without what the model had thought. */
export function spokenIn({ messages }: Pick<MessageCreateParamsBase, 'messages'>): MessageParam[] {
  return messages.map((message) =>
    Array.isArray(message.content)
      ? ({ ...message, content: message.content.filter(({ type }) => type !== 'thinking') } as MessageParam)
      : message,
  );
}
