import type { ModelEvent } from './events.ts';

/** Half of a character, whose other half comes with the next piece, or never: alone it could not be encoded. */
const HALF = /[\uD800-\uDBFF]$/u;

/** The same events, with whole characters in every piece of text and of thinking. One that stays a half is replaced, or left out at the end. */
export async function* wholeCharacters(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  const halves = { text: '', thinking: '' };
  for await (const event of events) {
    if (!('text' in event)) {
      yield event;
      continue;
    }
    const text = halves[event.type] + event.text;
    const half = HALF.exec(text)?.[0] ?? '';
    halves[event.type] = half;
    if (text !== half) yield { ...event, text: text.slice(0, text.length - half.length).toWellFormed() };
  }
}
