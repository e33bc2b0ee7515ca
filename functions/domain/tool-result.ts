import type { Json } from './json.ts';

/** What a tool answered, or why there is no answer: in our words, fit for a model to read. */
export type ToolResult =
  | { readonly ok: true; readonly result: Json }
  | { readonly ok: false; readonly error: string };
