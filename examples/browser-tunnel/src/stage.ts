import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type TunnelOptions, tunnelOver } from './tunnel.ts';

export interface Stage {
  readonly page: string;
  readonly tunnel: string;
  readonly serverName: string;
  readonly roots: string;
  close(): void;
}

/**
 * All three, on the loopback address: an HTTPS server on Node's own TLS, the tunnel to it, and somebody else who serves the page. It has to
 * be somebody else: who serves a page can make it say anything to anybody.
 */
export async function setStage(onBytes: TunnelOptions['onBytes'] & {}): Promise<Stage> {
  const { root, server: own } = makeTestPki({ provider, nowMs: Date.now(), dnsNames: [serverName] });
  const cert = own.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const roots = encodePem('CERTIFICATE', root.certificate);
  const key = encodePem('PRIVATE KEY', own.key.exportPkcs8());

  const https = createHttpsServer({ cert, key, minVersion: 'TLSv1.3' }, async (request, response) => {
    const said = await request.toArray();
    response.end(`You said: ${Buffer.concat(said)}`);
  });
  const pages = createHttpServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    const body = isScript
      ? bundle()
      : html({ serverName, roots, tunnel: `${addressOf('ws', tunnelAt)}/shop` });
    void Promise.resolve(body).then((text) => response.end(text));
  });
  const tunnelAt = createHttpServer((_request, response) => response.writeHead(426).end());
  for (const each of [https, pages, tunnelAt]) {
    each.listen(0, '127.0.0.1');
    await once(each, 'listening');
  }
  const destinations = { shop: { host: '127.0.0.1', port: portOf(https) } };
  const tunnel = tunnelOver(tunnelAt, { destinations, origins: [addressOf('http', pages)], onBytes });
  return {
    page: `${addressOf('http', pages)}/`,
    tunnel: `${addressOf('ws', tunnelAt)}/shop`,
    serverName,
    roots,
    close() {
      tunnel.close();
      for (const each of tunnel.clients) each.terminate();
      for (const each of [https, pages, tunnelAt]) {
        each.close();
        each.closeAllConnections();
      }
    },
  };
}

/** The page's program as one script; nothing of Node's is in it, or this fails. */
export async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/page-main.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

function html(settings: Readonly<Record<string, string>>): string {
  // A script ends at its first "</", whatever stands before it.
  const text = JSON.stringify(settings).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<title>TLS in a page</title>
<form><input value="what nobody between us may read"> <button>Send</button></form>
<pre></pre>
<script>globalThis.settings = ${text};</script>
<script type="module" src="/page.js"></script>
`;
}

function addressOf(scheme: string, server: Server): string {
  return `${scheme}://localhost:${portOf(server)}`;
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

const serverName = 'shop.example';
