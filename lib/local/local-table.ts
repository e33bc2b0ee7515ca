import { openTable, type Table } from '../../functions/store/client.ts';
import { Fault } from '../command/fault.ts';
import { LOCAL_TABLE, localDatabase } from './environment.ts';
import { hasSpace, NO_SPACE } from './free-space.ts';
import { instanceFolder, readInstance } from './instance.ts';

/** The table of the instance that runs on this port. @throws Fault when none does, or its disk is full */
export function localTable(port: number): Table {
  const instance = readInstance(instanceFolder(port));
  if (!instance) throw new Fault(`Nothing runs on port ${port}: npm start first, or set PORT`);
  if (instance.dataFolder !== null && !hasSpace(instance.dataFolder)) throw new Fault(NO_SPACE);
  return openTable(LOCAL_TABLE, localDatabase(instance.databaseUrl, instance.accessKeyId));
}

/** Does something with a local table. @throws Fault when its database is gone, or says no */
export async function onLocalTable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('The local database does not answer: npm start first', { cause });
  }
}
