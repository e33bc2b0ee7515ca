/** The words of a list that is written as one text, with spaces or commas between them. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/u).filter((word) => word !== '');
}
