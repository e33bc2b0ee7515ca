import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what Linux (32768), macOS and Windows (49152) give to sockets that ask for any port: whoever is to listen on it
 * takes seconds to start, and every connection of this machine's that is made meanwhile could take it.
 */
const PORTS = [10_000, 32_768] as const;
const ATTEMPTS = 100;

/** A port of 127.0.0.1 that nothing listens on at this moment, and that nobody gets by chance. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(...PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error('No port of this machine can be listened on');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) =>
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
  );
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
