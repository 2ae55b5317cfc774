import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BrowserPage } from './browser.ts';
import type { Check } from './keylog-check.ts';
import type { Identity } from './pki.ts';
import { isInstalled } from './processes.ts';

/** Core and crypto-noble in one bundle in headless Chromium, both ends of a connection in the page. */
export const browserCheck: Check = {
  name: 'bundle: core and crypto-noble run in Chromium',
  async run(world) {
    const script = await bundle();
    const size = `${kib(Buffer.byteLength(script))} minified, ${kib(gzipSync(script).length)} with gzip`;
    console.log(`bundle of core, crypto-noble and the page: ${size}`);
    if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };

    const opened = await BrowserPage.open(world);
    const { page } = opened;
    try {
      // Nothing is fetched: what the page asks for is answered here.
      await page.route('**/*', (route) =>
        route.request().url() === origin
          ? route.fulfill({ contentType: 'text/html', body: htmlFor(world.pki.servers.p256) })
          : route.fulfill({ contentType: 'text/javascript', body: script }),
      );
      await page.goto(origin);
      const outcome = await opened.outcome();
      if (outcome !== expected) throw new Error(`the page says\n${outcome}\nnot\n${expected}`);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${opened.describe()}`);
    } finally {
      await opened.stop();
    }
    return undefined;
  },
};

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'page/main.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

function htmlFor({ der, spki, files }: Identity): string {
  const key = readFileSync(files.key, 'latin1').replace(/-----[^-]+-----|\s/g, '');
  const identity = {
    certificate: Buffer.from(der).toString('hex'),
    spki: Buffer.from(spki).toString('hex'),
    key: Buffer.from(key, 'base64').toString('hex'),
  };
  return `<!doctype html><title>bundle</title><script>globalThis.identity = ${JSON.stringify(identity)};</script>
<script type="module" src="/bundle.js"></script>`;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

const origin = 'http://localhost/';
const expected = `browser: ${JSON.stringify({
  client: 'from the server, again',
  server: 'from the client, again',
  closed: 2,
  suite: 0x1301,
  group: 0x11ec,
  protocol: 'browser/1',
  keyUpdates: 1,
})}`;
