import * as http from 'node:http';
import * as https from 'node:https';
import { lookupIn, type Network, refuseAddressIn } from './network.ts';

/** The longest answer of a tool that is read. */
export const ANSWER_BYTES = 256 * 1024;

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly network: Network;
  readonly signal: AbortSignal;
}

/** What a server answered. */
export interface Posted {
  readonly status: number;
  /** Null where it is larger than ANSWER_BYTES; of a failure or a redirect nobody reads it. */
  readonly body: Buffer | null;
}

/**
 * Posts JSON, once, on a connection of its own, and follows no redirect.
 *
 * @throws what Node says when there is no connection, or it breaks; ADDRESS_REFUSED; the signal's AbortError
 */
export async function post(url: URL, options: Post): Promise<Posted> {
  refuseAddressIn(url, options.network);
  const response = await send(url, options);
  const { statusCode: status = 0 } = response;
  if (status >= 200 && status < 300) return { status, body: await bodyOf(response) };
  response.destroy();
  return { status, body: null };
}

function send(url: URL, { headers, body, network, signal }: Post): Promise<http.IncomingMessage> {
  const { Agent, request } = url.protocol === 'http:' ? http : https; // http for tools on this machine alone
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      // With autoSelectFamily a lookup is asked for all addresses of a name.
      agent: new Agent({ keepAlive: false, lookup: lookupIn(network), autoSelectFamily: true }),
      signal,
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject); // also after the response, when nobody waits for it any more
    outgoing.on('close', () => reject(new Error('The connection was closed'))); // by a change of protocol, say
    outgoing.end(body);
  });
}

async function bodyOf(response: http.IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_BYTES) return null; // leaving the loop closes the connection
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
