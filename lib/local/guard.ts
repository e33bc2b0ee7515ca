import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/**
 * Puts a server behind a path that nobody can guess, made anew at every start: `http://127.0.0.1:1234/<word>`. AWS's
 * and Anthropic's clients go on from the path of the endpoint they are given. Another `Host` than the server's own is
 * refused too: a page whose own name leads to this machine (DNS rebinding) sends that.
 *
 * @param names what those who may come call this machine
 * @returns the server to listen with, and the path under which it is found
 */
export function guard(server: Server, names: readonly string[]): { guarded: Server; path: string } {
  const path = `/${randomBytes(16).toString('hex')}`;
  const isMeant = ({ url = '', headers: { host }, socket }: IncomingMessage) =>
    (url === path || url.startsWith(`${path}/`)) &&
    names.some((name) => host === `${name}:${socket.localPort}`);
  const guarded = createServer((incoming, outgoing) => {
    if (isMeant(incoming)) {
      incoming.url = incoming.url?.slice(path.length) || '/';
      server.emit('request', incoming, outgoing);
      return;
    }
    outgoing.writeHead(403, { 'content-type': 'application/json' });
    outgoing.end('{"message":"Forbidden: this server is for the functions of the instance that started it"}');
  });
  return { guarded, path };
}
