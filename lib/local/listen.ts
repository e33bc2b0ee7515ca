import type { Server } from 'node:http';
import { Fault } from '../command/fault.ts';

/** Answers that are nearly there are still sent; a stream, or a request that is never sent whole, takes for ever. */
const CLOSE_WITHIN_MS = 3_000;

/** Where servers listen that only this machine is to reach. */
export const LOOPBACK = '127.0.0.1';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Answers what is under way, for three seconds at most, then ends. */
  readonly close: () => Promise<void>;
  /** Ends at once. */
  readonly cut: () => Promise<void>;
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
  const closeWithin = async (ms: number) => {
    const closed = new Promise((resolve) => server.close(resolve));
    const late = setTimeout(() => server.closeAllConnections(), ms);
    await closed;
    clearTimeout(late);
  };
  return { port: bound.port, close: () => closeWithin(CLOSE_WITHIN_MS), cut: () => closeWithin(0) };
}

function faultOf(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') return new Fault(`Port ${port} is taken: set PORT to another one`);
  if (error.code === 'EACCES')
    return new Fault(`Port ${port} is not ours to take: set PORT to one above 1023`);
  return error;
}
