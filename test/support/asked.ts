import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { Api } from './api.ts';

/** The requests by which the model was asked this question, oldest first. */
export function askedFor(api: Api, question: string): MessageCreateParamsBase[] {
  const asked = api.model.asked as unknown as MessageCreateParamsBase[]; // the SDK wrote them
  return asked.filter(({ messages }) => messages.some(({ content }) => content === question));
}

/** The request that the model was asked last. */
export function lastAsked(api: Api): MessageCreateParamsBase {
  return api.model.asked.at(-1) as unknown as MessageCreateParamsBase; // the SDK wrote it
}

/** A request without what is said in the thread. */
export function settingOf({ messages: _messages, ...setting }: MessageCreateParamsBase) {
  return setting;
}
