import type { ClientOptions, Facts, Session } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { connect, createServer, type TlsServer, type TlsStream } from '@sealwire/node-transport';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import {
  type AddressInfo,
  createServer as createTcpServer,
  connect as connectTcp,
  type Server,
} from 'node:net';
import type { Readable } from 'node:stream';
import { BrowserPage } from './browser.ts';
import type { Check } from './keylog-check.ts';
import type { World } from './peers/peer.ts';
import { isInstalled, Tool } from './processes.ts';
import { bulkBytes, haproxy, nginx, type TlsProxy, stunnel, withProxy } from './proxies.ts';

/** node-transport with servers and proxies that everybody has: they serve our clients, and are clients of our server. */
export const proxyChecks: readonly Check[] = [
  ...[nginx, haproxy].flatMap((proxy) => [
    check(proxy, 'serves our client over HTTP/1.1, and resumes', (world) => servesHttp1(proxy, world)),
    check(proxy, 'serves our client over HTTP/2 by ALPN', (world) => servesHttp2(proxy, world)),
    check(proxy, 'is a client of our server, and resumes', (world) => visits(proxy, world)),
  ]),
  check(stunnel, 'serves our client', servesEcho),
  check(stunnel, 'is a client of our server', visitsEcho),
  ...(['http/1.1', 'h2'] as const).flatMap((protocol) => [
    program('curl', protocol, (world, site) => curled(world, site, protocol)),
    program('chromium', protocol, browsed),
  ]),
];

function check(proxy: TlsProxy, what: string, run: (world: World) => Promise<void>): Check {
  return {
    name: `node-transport with ${proxy.name}: it ${what}`,
    async run(world) {
      if (proxy.path() === undefined) return { skipped: `${proxy.name} is not installed` };
      await run(world);
      return undefined;
    },
  };
}

function program(
  name: string,
  protocol: 'http/1.1' | 'h2',
  run: (world: World, site: Site) => Promise<void>,
): Check {
  return {
    name: `node-transport with ${name}: it is a client of our server, ${protocol} by ALPN`,
    async run(world) {
      if (!isInstalled(name)) return { skipped: `${name} is not installed` };
      await withSite(world, protocol === 'h2' ? ['h2', 'http/1.1'] : ['http/1.1'], async (site) => {
        await run(world, site);
        expect('protocols', [...new Set(site.facts.map(({ alpnProtocol }) => alpnProtocol))], [protocol]);
      });
      return undefined;
    },
  };
}

async function servesHttp1(proxy: TlsProxy, world: World): Promise<void> {
  await withAll(proxy, world, async ({ tls }) => {
    for (const versions of [[tls13], [tls12]]) {
      const sessions: Session[] = [];
      for (const resumed of [false, true]) {
        const client = await connectTo(world, tls, {
          versions,
          alpnProtocols: ['http/1.1'],
          sessions: sessions.splice(0, 1),
          onSession: (session) => sessions.push(session),
        });
        for (let i = 0; i < 2; i++) expect('page', (await get(client, '/bulk')).equals(bulkOf(world)), true);
        expect('resumed', client.facts.resumed, resumed);
        expect('protocol', client.facts.alpnProtocol, 'http/1.1');
        await client.close();
      }
    }
  });
}

async function servesHttp2(proxy: TlsProxy, world: World): Promise<void> {
  await withAll(proxy, world, async ({ tls }) => {
    const client = await connectTo(world, tls, { alpnProtocols: ['h2', 'http/1.1'] });
    expect('protocol', client.facts.alpnProtocol, 'h2');
    const session = connectHttp2('https://localhost', { createConnection: () => client });
    const pages = Array.from({ length: 5 }, async () => {
      const stream = session.request({ ':path': '/bulk' });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    });
    for (const page of await Promise.all(pages)) expect('page', page.equals(bulkOf(world)), true);
    session.close();
    await once(session, 'close');
  });
}

/** Through the proxy to our server: what is asked of it in clear it asks of us over TLS. */
async function visits(proxy: TlsProxy, world: World): Promise<void> {
  await withAll(proxy, world, async ({ clear }, site) => {
    for (let i = 0; i < 4; i++) {
      const page = await fetch(`http://127.0.0.1:${clear}/bulk`, { headers: { connection: 'close' } });
      expect('page', Buffer.from(await page.arrayBuffer()).equals(bulkOf(world)), true);
      const body = bulkOf(world).subarray(0, 500_000);
      const answer = await fetch(`http://127.0.0.1:${clear}/echo`, {
        method: 'POST',
        body: new Uint8Array(body),
      });
      expect('echo', Buffer.from(await answer.arrayBuffer()).equals(body), true);
    }
    expect(
      'name',
      site.facts.every(({ serverName }) => serverName === 'localhost'),
      true,
    );
    expect('versions', [...new Set(site.facts.map(({ version }) => version))], [0x0304]);
    // A proxy that keeps its connection open has nothing to resume.
    expect('resumed', site.facts.length === 1 || site.facts.some(({ resumed }) => resumed === true), true);
    expect('failures', site.failures.map(String), []);
  });
}

async function servesEcho(world: World): Promise<void> {
  const plain = await listening(createTcpServer((socket) => socket.on('error', () => {}).pipe(socket)));
  try {
    await withProxy(stunnel, world, { plain: portOf(plain), ours: 1 }, async ({ tls }) => {
      const client = await connectTo(world, tls, {});
      const reading = readBytes(client, bulkBytes);
      await client.send(bulkOf(world));
      expect('echo', (await reading).equals(bulkOf(world)), true);
      client.end();
      // It answers close_notify by its own.
      for await (const chunk of client) throw new Error(`we: ${chunk.length} bytes too many`);
      await client.close();
    });
  } finally {
    plain.close();
  }
}

async function visitsEcho(world: World): Promise<void> {
  const facts: Facts[] = [];
  const ours = await createServer({ host: '127.0.0.1', ...identityOf(world) }, async (connection) => {
    facts.push(connection.facts);
    for await (const chunk of connection) await connection.send(chunk);
    connection.end();
  });
  try {
    await withProxy(stunnel, world, { plain: 1, ours: ours.port }, async ({ clear }) => {
      const socket = connectTcp({ port: clear, host: '127.0.0.1', allowHalfOpen: true });
      socket.end(bulkOf(world));
      expect('echo', (await readBytes(socket, Number.POSITIVE_INFINITY)).equals(bulkOf(world)), true);
      const [first] = facts;
      expect('name and version', [first?.serverName, first?.version], ['localhost', 0x0304]);
    });
  } finally {
    await ours.close({ timeoutMs: 100 });
  }
}

async function curled(world: World, site: Site, protocol: 'http/1.1' | 'h2'): Promise<void> {
  const flags = ['--silent', '--show-error', '--cacert', world.pki.rootFile];
  const version = protocol === 'h2' ? '--http2' : '--http1.1';
  const url = `https://localhost:${site.server.port}/bulk`;
  for (const tlsVersion of ['1.3', '1.2']) {
    const versions = [`--tlsv${tlsVersion}`, '--tls-max', tlsVersion];
    // Not `runTool`: our server must go on meanwhile.
    const tool = new Tool('curl', [...flags, version, ...versions, url]);
    await tool.exited;
    if (tool.exitCode !== 0) throw new Error(tool.describe());
    expect('page', Buffer.from(tool.stdoutFrom(0)).equals(bulkOf(world)), true);
  }
  expect(
    'versions',
    site.facts.map((each) => each.version),
    [0x0304, 0x0303],
  );
}

async function browsed(world: World, { server }: Site): Promise<void> {
  const opened = await BrowserPage.open(world);
  try {
    await opened.page.goto(`https://localhost:${server.port}/`);
    expect('answer', await opened.outcome(), postedWord);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${opened.describe()}`);
  } finally {
    await opened.stop();
  }
}

interface Site {
  readonly server: TlsServer;
  readonly facts: Facts[];
  readonly failures: Error[];
}

/** Our server, with a site behind it; and the same site without TLS. */
async function withAll(
  proxy: TlsProxy,
  world: World,
  run: (ports: { readonly tls: number; readonly clear: number }, site: Site) => Promise<void>,
): Promise<void> {
  const plain = await listening(createHttpServer(answering(world)));
  try {
    await withSite(world, ['h2', 'http/1.1'], (site) =>
      withProxy(proxy, world, { plain: portOf(plain), ours: site.server.port }, (ports) => run(ports, site)),
    );
  } finally {
    plain.closeAllConnections();
    plain.close();
  }
}

/** HTTP/1.1 and HTTP/2 of Node, over connections of ours. */
async function withSite(
  world: World,
  alpnProtocols: readonly string[],
  run: (site: Site) => Promise<void>,
): Promise<void> {
  const facts: Facts[] = [];
  const failures: Error[] = [];
  const http1 = createHttpServer(answering(world));
  const http2 = createHttp2Server(answering(world) as never);
  const options = { host: '127.0.0.1', alpnProtocols, ...identityOf(world) };
  const server = await createServer(options, (connection) => {
    facts.push(connection.facts);
    (connection.facts.alpnProtocol === 'h2' ? http2 : http1).emit('connection', connection);
  });
  server.on('connectionError', (error) => failures.push(error));
  try {
    await run({ server, facts, failures });
  } finally {
    await server.close({ timeoutMs: 100 });
  }
}

function answering(world: World) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBytes(request, Number.POSITIVE_INFINITY);
    const answer =
      request.method === 'POST' ? body : request.url === '/bulk' ? bulkOf(world) : Buffer.from(page);
    response.setHeader('content-length', answer.length);
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'application/octet-stream');
    response.end(answer);
  };
}

async function connectTo(
  { pki }: World,
  port: number,
  options: Partial<ClientOptions> & { readonly onSession?: (session: Session) => void },
): Promise<TlsStream> {
  const { provider: _, ...rest } = options;
  const roots = readFileSync(pki.rootFile, 'utf8');
  return connect({ host: '127.0.0.1', port, serverName: 'localhost', roots, ...(rest as object) });
}

function identityOf({ pki }: World) {
  const { chain, key } = pki.servers.p256.files;
  return { certificate: readFileSync(chain, 'utf8'), privateKey: readFileSync(key, 'utf8') };
}

/** One request of HTTP/1.1 on a connection that stays open. */
async function get(connection: TlsStream, path: string): Promise<Buffer> {
  await connection.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  let head = Buffer.alloc(0);
  let end = -1;
  while (end === -1) {
    head = Buffer.concat([head, await readBytes(connection, 1)]);
    end = head.indexOf('\r\n\r\n');
  }
  const length = Number(/^content-length: *(\d+)/im.exec(head.toString('latin1', 0, end))?.[1]);
  const body = head.subarray(end + 4);
  return body.length >= length
    ? body
    : Buffer.concat([body, await readBytes(connection, length - body.length)]);
}

/** So many bytes, or all up to the end; more than that were sent to nobody. */
async function readBytes(stream: Readable, wanted: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= wanted) break;
  }
  return Buffer.concat(chunks);
}

async function listening<S extends Server>(server: S): Promise<S> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function bulkOf({ bulk }: World): Buffer {
  return Buffer.from(bulk.buffer, bulk.byteOffset, bulkBytes);
}

function expect(what: string, actual: unknown, wanted: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
}

const postedWord = 'word of the page';
const page = `<!doctype html><title>node-transport</title><script>
fetch('/echo', { method: 'POST', body: '${postedWord}' }).then((answer) => answer.text())
  .then((text) => (globalThis.outcome = text), (error) => (globalThis.outcome = String(error)));
</script>`;
