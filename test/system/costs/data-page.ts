import { readFileSync, writeFileSync } from 'node:fs';
import { head } from '../../../functions/store/keys.ts';
import { asRead, ENTITIES, type Entity, THREADS } from '../../support/entities.ts';
import { type Access, nameOf } from './accesses.ts';

const FILE = new URL('../../../docs/data.md', import.meta.url);

/** What an operation does with the table. */
export interface Used extends Access {
  readonly operation: string;
}

/** Writes docs/data.md. */
export function writeData(used: readonly Used[]): void {
  writeFileSync(FILE, dataPage(used));
}

/** What docs/data.md says. */
export function writtenData(): string {
  return readFileSync(FILE, 'utf8');
}

/** The page, from what was seen to be read and written. */
export function dataPage(used: readonly Used[]): string {
  const rows = Map.groupBy(used, ({ entity, how, condition }) => JSON.stringify([entity, how, condition]));
  const patterns = [...rows.values()].map(accessRow).toSorted();
  return `# What is stored, and how it is reached

\`npm run costs\` writes this page: the keys are those that \`functions/store/keys.ts\` builds, and the access patterns are
the calls of the database that each operation was seen to make. A test fails when they differ.

Everything is in one table. Each key starts with its owner, so that another owner's id finds nothing. Parts of keys
are percent-encoded. Every item says in \`v\` by which version of the schema it was written ([operations](operations.md)
tells how that changes), and items with \`expires_at\` are deleted some time after it.

\`\`\`mermaid
erDiagram
${chart()}
\`\`\`

## Items

A list that a whole tenant writes has four partitions, since DynamoDB writes at most 1,000 units a second to one: a thread
is in the one that the last digit of its id names (\`{shard}\`), and a page merges them. Lists of one person have one.

| item | pk | sk | gsi1 | gsi2 | holds |
| --- | --- | --- | --- | --- | --- |
${ENTITIES.map(entityRow).join('\n')}

In a thread's partition nothing may stand between its messages and its head: one query reads the head and the newest
messages.

## Access patterns

Reads say the units of one call, with 20 messages or entries where they are many. Writes cost 1 for each KB
begun of the item, 2 in a transaction, and 1 for each KB begun of an index entry that changes.

| item | access | keys | by | units |
| --- | --- | --- | --- | --- |
${patterns.join('\n')}

Besides:

${ENTITIES.filter(({ also }) => also)
  .map(({ name, also = '' }) => `- **${name}**: ${also}.`)
  .join('\n')}
`;
}

/** Who owns what. */
function chart(): string {
  const owned = ENTITIES.map((entity) => {
    const owner = isOfThread(entity) ? 'thread' : (entity.owner ?? firstPart(entity));
    return `  ${owner} ||--o{ ${entity.name.replaceAll(' ', '-')} : has`;
  });
  const threads = ENTITIES.filter(({ keys: [key] }) => key?.sk === head(THREADS[0]).sk);
  const kinds = threads.map(({ name }) => `  ${name.replaceAll(' ', '-')} ||--|| thread : is`);
  return [...owned, ...kinds].join('\n');
}

/** Whether each kind of thread has such items. */
function isOfThread({ keys }: Entity): boolean {
  return keys.length > 1;
}

function firstPart({ keys: [key] }: Entity): string {
  return asRead(key?.pk ?? '').match(/\{(?<owner>\w+)\}/u)?.groups?.owner ?? '';
}

function entityRow(entity: Entity): string {
  const { name, keys, lists, holds } = entity;
  const [pk = '', sk = ''] = [keys[0]?.pk, keys[0]?.sk].map((part) => asRead(part ?? ''));
  const list = (index: 'gsi1' | 'gsi2') => {
    const found = lists?.[index];
    return found ? `${nameOf(found.partitions)} by ${found.by}` : '';
  };
  const inThread = pk.replace(/^.*#\{thread\}/u, '');
  const ofThread = inThread ? `the thread's and \`${inThread}\`` : "the thread's";
  const cells = [
    name,
    isOfThread(entity) ? ofThread : `\`${pk}\``,
    `\`${sk}\``,
    list('gsi1'),
    list('gsi2'),
    holds,
  ];
  return `| ${cells.join(' | ')} |`;
}

function accessRow(used: readonly Used[]): string {
  const [first] = used;
  const units = used.flatMap(({ readUnits }) => readUnits ?? []);
  const [least, most] = [Math.min(...units), Math.max(...units)];
  const range = least === most ? `${least}` : `${least} to ${most}`;
  const cells = [
    first?.entity,
    first?.how,
    first?.condition,
    operations(used),
    units.length > 0 ? range : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** `ask: create-reply, get-thread; conversations: …` */
function operations(used: readonly Used[]): string {
  const names = [...new Set(used.map(({ operation }) => operation))].toSorted();
  const byApi = Map.groupBy(names, (name) => name.split('/')[0]);
  return [...byApi]
    .map(([api, of]) => `${api}: ${of.map((name) => name.split('/')[1]).join(', ')}`)
    .join('; ');
}
