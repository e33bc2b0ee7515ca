import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { listen } from '../../lib/local/listen.ts';

/** How distributions call it; none is downloaded. */
const NAMES = ['chromium', 'chromium-browser'];

/** Where this machine has Chromium, if it has. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Serves a page with a script, which is of another origin than any API. */
export async function servePage(script: string) {
  const page = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    outgoing.end(`<!doctype html><title>A page</title><script>${script}</script>`);
  });
  const { port, close } = await listen(page, 0);
  return { origin: `http://127.0.0.1:${port}`, close };
}
