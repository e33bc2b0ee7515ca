import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../lib/openapi.ts';

const FILE = new URL('../openapi.json', import.meta.url);

/** Writes openapi.json, or with --check fails when it is not what the endpoints say. */
const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
const document = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
if (!check) {
  writeFileSync(FILE, document);
} else if (readFileSync(FILE, 'utf8') !== document) {
  process.stderr.write('openapi.json is not up to date: npm run openapi\n');
  process.exitCode = 1;
}
