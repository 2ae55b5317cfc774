import { createServer, type IncomingMessage } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Check } from './keylog-check.ts';
import { startBrowser } from './peers/chromium.ts';
import { isInstalled } from './processes.ts';

/** Core and crypto-noble in one bundle in headless Chromium, both ends of a connection in the page. */
export const browserCheck: Check = {
  name: 'bundle: core and crypto-noble run in Chromium',
  async run({ pki, directory }) {
    const bundled = await build({
      entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'page/main.js')],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
    });
    const script = bundled.outputFiles[0]?.text ?? '';
    const size = `${kib(Buffer.byteLength(script))} minified, ${kib(gzipSync(script).length)} with gzip`;
    console.log(`bundle of core, crypto-noble and the page: ${size}`);
    if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };

    const { der, spki, files } = pki.servers.p256;
    const key = readFileSync(files.key, 'latin1').replace(/-----[^-]+-----|\s/g, '');
    const identity = {
      certificate: Buffer.from(der).toString('hex'),
      spki: Buffer.from(spki).toString('hex'),
      key: Buffer.from(key, 'base64').toString('hex'),
    };
    const page = `<!doctype html><title>bundle</title><script>globalThis.identity = ${JSON.stringify(identity)};</script>
<script type="module" src="/bundle.js"></script>`;
    let post: (text: string) => void = () => {};
    const posted = new Promise<string>((resolve) => (post = resolve));
    const server = createServer(async (request, response) => {
      if (request.url === '/result') post(await bodyOf(request));
      const isScript = request.url === '/bundle.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const browser = startBrowser(directory, [`http://127.0.0.1:${port}/`]);
    try {
      const late = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error(`the page posted nothing\n${browser.describe()}`)), 30_000).unref();
      });
      const text = await Promise.race([posted, late]);
      if (text !== expected) throw new Error(`the page says\n${text}\nnot\n${expected}`);
    } finally {
      server.close();
      server.closeAllConnections();
      await browser.stop();
    }
    return undefined;
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

const expected = `browser: ${JSON.stringify({
  client: 'from the server, again',
  server: 'from the client, again',
  closed: 2,
  suite: 0x1301,
  group: 0x11ec,
  protocol: 'browser/1',
  keyUpdates: 1,
})}`;
