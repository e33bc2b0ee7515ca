import { titleFrom } from '../domain/first-words.ts';
import type { Message } from '../domain/message.ts';
import type { HeadChanges } from '../store/advance-head.ts';

/** The first words of the first question are a thread's title until there is a better one. */
export function titleFromFirstMessage({ role, text }: Message): HeadChanges {
  const words = role === 'user' ? titleFrom(text) : '';
  return words === ''
    ? { sets: [] }
    : { sets: ['firstWords = if_not_exists(firstWords, :words)'], values: { ':words': words } };
}
