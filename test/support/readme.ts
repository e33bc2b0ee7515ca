import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { buildSync } from 'esbuild';
import type { ReadEvent } from './events.ts';

const README = join(import.meta.dirname, '../../README.md');

/** The one fenced block of the README in this language that says this. */
export function blockOf(language: string, says: string): string {
  const blocks = readFileSync(README, 'utf8')
    .matchAll(/^```(?<info>\w+)\n(?<code>[^]*?)^```$/gmu)
    .filter(({ groups }) => groups?.info === language)
    .map(({ groups }) => groups?.code ?? '')
    .filter((code) => code.includes(says))
    .toArray();
  const [block, another] = blocks;
  if (block === undefined || another !== undefined)
    throw new Error(`The README has ${blocks.length} such blocks`);
  return block;
}

/** What the README has a page do, bundled as the page's author would: a script that declares `ask`. */
export const BROWSER_CODE = bundled(blockOf('js', 'async function readStream'));

function bundled(code: string): string {
  const stdin = { contents: `${code}; export { ask };`, resolveDir: import.meta.dirname };
  const { outputFiles } = buildSync({
    stdin,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'readme',
  });
  return `${outputFiles[0]?.text}; const { ask } = readme;`;
}

/** Its function that asks, told where and what. */
export function browserAsk(): (given: object, hear: (event: ReadEvent) => void) => Promise<void> {
  const made = runInThisContext(`(() => { ${BROWSER_CODE}; return ask; })()`) as unknown;
  return made as ReturnType<typeof browserAsk>; // as the README writes it
}
