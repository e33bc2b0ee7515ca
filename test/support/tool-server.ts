import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll } from 'vitest';
import { listen } from '../../lib/local/listen.ts';
import { readText } from '../../lib/local/read-text.ts';

/** What a tool's server was sent. */
interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it does with a request. */
export type Behaviour = (outgoing: ServerResponse, incoming: IncomingMessage) => unknown;

export interface ToolServer {
  readonly url: string;
  readonly port: number;
  /** In PEM. */
  readonly certificate: string;
  readonly received: Received[];
  /** How many connections it was asked for, also those that came to nothing. */
  readonly connections: () => number;
  /** By path: `/slow`. */
  readonly behaviours: Map<string, Behaviour>;
}

interface Identity {
  readonly names?: readonly string[];
  readonly notAfterDate?: Date;
}

const YEAR_MS = 365 * 24 * 60 * 60_000;

/** A certificate that vouches for itself. Its subject is its own: OpenSSL finds whom to trust by it. */
async function certificate({ names = ['localhost', 'tools.test'], notAfterDate }: Identity) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: randomUUID() }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - YEAR_MS),
    notAfterDate: notAfterDate ?? new Date(Date.now() + YEAR_MS),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [...names.map((value) => ({ type: 2, value }) as const), { type: 7, ip: '127.0.0.1' }],
      },
    ],
  });
  return { cert, key };
}

/**
 * A server over real TLS on loopback, which remembers what it was sent. Without a behaviour it answers `{"ok":true}`.
 *
 * @param isTrusted whether this process takes its certificate for a good one
 */
export async function startToolServer({
  isTrusted = true,
  ...identity
}: Identity & { isTrusted?: boolean } = {}): Promise<ToolServer> {
  const received: Received[] = [];
  const behaviours = new Map<string, Behaviour>();
  const { cert, key } = await certificate(identity);
  if (isTrusted) setDefaultCACertificates([...getCACertificates('default'), cert]);
  const serve: RequestListener = (incoming, outgoing) =>
    void (async () => {
      const { method, url, headers } = incoming;
      received.push({ method, url, headers, body: await readText(incoming) });
      const behave = behaviours.get(url ?? '') ?? answers('{"ok":true}');
      await behave(outgoing, incoming);
    })();
  const server = createServer({ cert, key }, serve);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  server.on('tlsClientError', () => {}); // who does not trust it hangs up
  const { port, close } = await listen(server, 0);
  afterAll(async () => {
    server.closeAllConnections();
    await close();
  });
  return {
    url: `https://localhost:${port}`,
    port,
    certificate: cert,
    received,
    connections: () => connections,
    behaviours,
  };
}

/** Answers with this body, as JSON unless the headers say something else. */
export function answers(
  body: string | Buffer,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Behaviour {
  return (outgoing) =>
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}
