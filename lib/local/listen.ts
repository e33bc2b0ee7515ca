import type { Server } from 'node:http';
import { Fault } from '../command/fault.ts';

/** The longest that a request takes is the gateway's 30 s; one that was never sent whole would take for ever. */
const CLOSE_WITHIN_MS = 30_000;

/** Where servers listen that only this machine is to reach. */
export const LOOPBACK = '127.0.0.1';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Answers what is under way, then ends. */
  readonly close: () => Promise<void>;
}

/**
 * @param port 0 for a free one
 * @throws Fault when the port is taken or not ours to take
 */
export async function listen(server: Server, port: number, address = LOOPBACK): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(faultOf(error, port)));
    server.listen(port, address, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('A TCP server has an address');
  return {
    port: bound.port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearTimeout(late);
    },
  };
}

function faultOf(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Fault(`Port ${port} is taken: set PORT to another one`);
  if (error.code === 'EACCES')
    return new Fault(`Port ${port} is not ours to take: set PORT to one above 1023`);
  return error;
}
