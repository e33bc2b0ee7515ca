import type { Key } from '../../../functions/store/keys.ts';
import { readsOf } from '../../support/capacity.ts';
import type { MeteredCall } from '../../support/database-proxy.ts';
import { asRead, ENTITIES, type Entity, entityOf, matches } from '../../support/entities.ts';

/** One way in which items are read or written. */
export interface Access {
  readonly entity: string;
  /** `get`, `query`, `put`, `update` … */
  readonly how: string;
  /** What a query asks for. */
  readonly condition: string;
  /** What it uses of the table, for a read; writes cost by their size. */
  readonly readUnits: number | null;
}

type Wire = Readonly<Record<string, { readonly S?: string } | undefined>>;
interface WrittenItem {
  readonly Key?: Wire;
  readonly Item?: Wire;
}

/** What a call of the database reads and writes. */
export function accessesOf(call: MeteredCall): Access[] {
  const { operation, input } = call;
  const units = readsOf(call);
  switch (operation) {
    case 'GetItem':
      return [byKey(input.Key as Wire, 'get', units)];
    case 'BatchGetItem': {
      const keys = Object.values(input.RequestItems as Record<string, { Keys: Wire[] }>).flatMap(
        ({ Keys }) => Keys,
      );
      return keys.map((key) => byKey(key, 'batch get', units / keys.length));
    }
    case 'Query':
      return [{ ...byQuery(input), readUnits: units }];
    case 'TransactWriteItems':
      return (input.TransactItems as Record<string, WrittenItem>[])
        .flatMap(Object.entries<WrittenItem>)
        .map(([kind, write]) => written(write, `${kind.toLowerCase()} in a transaction`));
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [written(input, operation.replace('Item', '').toLowerCase())];
    default:
      throw new Error(`Nobody has said what ${operation} does`);
  }
}

function written({ Key, Item }: WrittenItem, how: string): Access {
  return byKey(Key ?? Item ?? {}, how);
}

function byKey(wire: Wire, how: string, readUnits: number | null = null): Access {
  const entity = entityOf({ pk: wire.pk?.S ?? '', sk: wire.sk?.S ?? '' });
  return { entity: entity.name, how, condition: '', readUnits };
}

function byQuery(input: MeteredCall['input']): Omit<Access, 'readUnits'> {
  const values = input.ExpressionAttributeValues as Wire;
  const [pk, from, to] = [':pk', ':from', ':to'].map((name) => values[name]?.S ?? '') as [
    string,
    string,
    string,
  ];
  const order = input.ScanIndexForward ? 'up' : 'down';
  const index = input.IndexName as 'gsi1' | 'gsi2' | undefined;
  if (index) {
    const [entity, list] = listWith(index, pk);
    return { entity: entity.name, how: `query ${index} ${order}`, condition: nameOf(list) };
  }
  const isWithin = ({ sk }: Key) => {
    const start = asRead(sk).split('{')[0] ?? '';
    return (start >= from && start <= to) || from.startsWith(start);
  };
  const found = ENTITIES.flatMap(({ name, keys }) =>
    keys.filter((key) => matches(key.pk, pk) && isWithin(key)).map(({ sk }) => ({ name, sk: asRead(sk) })),
  );
  return {
    entity: found.map(({ name }) => name).join(', '),
    how: `query ${order}`,
    condition: found.map(({ sk }) => `\`${sk}\``).join(' to '),
  };
}

function listWith(index: 'gsi1' | 'gsi2', pk: string): [Entity, readonly string[]] {
  for (const entity of ENTITIES) {
    const partitions = entity.lists?.[index]?.partitions ?? [];
    if (partitions.some((pattern) => matches(pattern, pk))) return [entity, partitions];
  }
  throw new Error(`Nobody has said what ${pk} lists`);
}

/** The partitions of a list in one text. */
export function nameOf(partitions: readonly string[]): string {
  const [first = ''] = partitions;
  return `\`${partitions.length === 1 ? asRead(first) : asRead(first).replace(/\d+$/u, '{shard}')}\``;
}
