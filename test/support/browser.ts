import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { listen } from '../../lib/local/listen.ts';

/** How distributions call it; none is downloaded. */
const NAMES = ['chromium', 'chromium-browser'];

/** What a page of our own does not need: a graphics card, HTTP over UDP, and requests to the browser's maker. */
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE_MS = 80_000;

/** A tab of this machine's Chromium, which ends with the test, or null where there is none: then it says so. */
export async function openTab(): Promise<Page | null> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stderr.write('Not tried in a browser: there is no chromium on the PATH\n');
    return null;
  }
  // Its sandbox does not start for root, as whom containers run; the pages are our own. Headless, with a new profile in
  // a folder of its own, is how Playwright starts it unless it is told otherwise.
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args });
  onTestFinished(() => browser.close());
  const tab = await browser.newPage();
  tab.setDefaultTimeout(PATIENCE_MS);
  return tab;
}

/** Where this machine has Chromium, if it has. */
function findChromium(): string | undefined {
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
