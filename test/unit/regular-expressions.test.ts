import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { openApiDocument } from '../../lib/openapi.ts';

/**
 * Whatever a caller, a tool or a model writes, no pattern may take longer than linear time over it. recheck
 * (makenowjust-labs.github.io/recheck) says which do, from the pattern alone; a pattern that it cannot judge is none
 * that we want. It judges one match: a loop over matches must not read the same text again.
 */
process.env.RECHECK_BACKEND = 'pure'; // its JavaScript: no Java, nothing native
const { checkSync } = await import('recheck');

/** Time for what is judged in a second on an idle machine. */
const JUDGE_WITHIN_MS = 60_000;

const ROOT = join(import.meta.dirname, '../..');

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** A node of a syntax tree, as far as it is looked at (ESTree). */
interface Node {
  readonly type: string;
  readonly regex?: { readonly pattern: string; readonly flags: string };
  readonly value?: unknown;
  readonly callee?: { readonly name?: string };
  readonly arguments?: readonly Node[];
  readonly key?: { readonly name?: string; readonly value?: unknown };
}

/** Ajv compiles patterns of schemas with this flag. */
const OF_SCHEMAS = 'u';

/** The pattern that a node writes, or null. */
function patternOf(node: Node): Pattern | null {
  if (node.regex) return { source: node.regex.pattern, flags: node.regex.flags };
  const isMade = ['NewExpression', 'CallExpression'].includes(node.type) && node.callee?.name === 'RegExp';
  if (isMade) {
    const [source, flags] = (node.arguments ?? []).map(({ value }) => value);
    // What is put together at run time is not known here.
    if (typeof source !== 'string') throw new Error('A regular expression is made of what is no literal');
    return { source, flags: typeof flags === 'string' ? flags : '' };
  }
  const isPattern = node.type === 'Property' && [node.key?.name, node.key?.value].includes('pattern');
  const value = isPattern ? (node.value as Node).value : undefined;
  return typeof value === 'string' ? { source: value, flags: OF_SCHEMAS } : null;
}

function patternsIn(node: unknown): Pattern[] {
  if (typeof node !== 'object' || node === null) return [];
  const within = Object.values(node).flatMap(patternsIn);
  const own = 'type' in node ? patternOf(node as Node) : null;
  return own ? [own, ...within] : within;
}

function patternsOfSchemas(schema: unknown): Pattern[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const within = Object.values(schema).flatMap(patternsOfSchemas);
  const { pattern } = schema as { pattern?: unknown };
  return typeof pattern === 'string' ? [{ source: pattern, flags: OF_SCHEMAS }, ...within] : within;
}

const files = globSync('{bin,lib,functions,client}/**/*.ts', { cwd: ROOT });
const found = [
  ...files.map((place) => ({
    place,
    patterns: patternsIn(parseAst(readFileSync(join(ROOT, place), 'utf8'), { lang: 'ts' })),
  })),
  { place: 'openapi.json', patterns: patternsOfSchemas(openApiDocument()) },
];
const all = found.flatMap(({ place, patterns }) => patterns.map((pattern) => ({ place, pattern })));
const different = [...new Map(all.map((each) => [`/${each.pattern.source}/${each.pattern.flags}`, each]))];

const verdictOf = ({ source, flags }: Pattern) =>
  checkSync(source, flags, { timeout: JUDGE_WITHIN_MS }).status;

test('patterns are found, in code and in schemas, and slow ones among them', () => {
  const sourcesIn = (code: string) => patternsIn(parseAst(code, { lang: 'ts' })).map(({ source }) => source);
  expect(sourcesIn('const a: string = b.replace(/0+$/u, "")')).toEqual(['0+$']);
  expect(sourcesIn('f(RegExp("a"), new RegExp("b", "u"), { pattern: "c", "pattern": "d" })')).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
  expect(() => sourcesIn('new RegExp(text)')).toThrow('no literal');
  expect(new Set(all.map(({ place }) => place.split('/')[0]))).toEqual(
    new Set(['bin', 'lib', 'functions', 'client', 'openapi.json']),
  );
  for (const source of ['0+$', String.raw`\s+;`, '^(a+)+$', String.raw`^\s+|\s+$`])
    expect([source, verdictOf({ source, flags: 'u' })]).toEqual([source, 'vulnerable']);
});

test.each(different)('%s takes linear time', (_name, { place, pattern }) => {
  expect(verdictOf(pattern), place).toBe('safe');
});
