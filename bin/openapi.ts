import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { handlerChecks, operationTypes } from '../lib/client-types.ts';
import { openApiDocument } from '../lib/openapi.ts';

const document = openApiDocument();
/** All that is made from the endpoints, by where it is checked in. */
const FILES = {
  'openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'client/operations.ts': operationTypes(document),
  'test/client/handlers.ts': handlerChecks(),
};

/** Writes these files, or with --check fails when one is not what the endpoints say. */
const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
for (const [name, text] of Object.entries(FILES)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!check) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} is not up to date: npm run openapi\n`);
    process.exitCode = 1;
  }
}
