import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expectOnlyRecords, setStage, tunnelOver } from '@sealwire/browser-tunnel';
import { connect, createServer, secure } from '@sealwire/node-transport';
import { build } from 'esbuild';
import { findRuntime } from '../../scripts/runtimes.mjs';
import { BrowserPage } from './browser.ts';
import type { Check } from './keylog-check.ts';
import { withDeadEnd } from './own-network.ts';
import type { World } from './peers/peer.ts';
import { freePort, isInstalled, Tool } from './processes.ts';

/** `@sealwire/web-transport` in the runtimes that it is for: its contract there, and conversations with others. */
export const webChecks: readonly Check[] = [
  {
    name: 'web-transport in Deno: contract over the network, with OpenSSL and Node on either side, STARTTLS',
    run: (world) => withRuntime('deno', (path) => inDeno(world, path)),
  },
  {
    name: 'web-transport in workerd: contract, and cloudflare:sockets to OpenSSL and Node, STARTTLS',
    run: (world) => withRuntime('workerd', (path) => inWorkerd(world, path)),
  },
  {
    name: 'web-transport in Chromium: contract, a tunnel that sees only ciphertext, a WebRTC data channel',
    async run(world) {
      if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };
      await withDeadEnd((hasNetwork) => inChromium(world, hasNetwork));
      return undefined;
    },
  },
  {
    name: 'examples/browser-tunnel in Chromium: its page asks a server on node:https, the tunnel sees only ciphertext',
    async run(world) {
      if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };
      await examplePage(world);
      return undefined;
    },
  },
];

const programs = join(import.meta.dirname, '../../packages/web-transport/test/runtimes');

async function withRuntime(
  name: 'deno' | 'workerd',
  run: (path: string) => Promise<void>,
): Promise<undefined | { readonly skipped: string }> {
  const found = findRuntime(name);
  if ('reason' in found) return { skipped: found.reason };
  await run(found.path);
  return undefined;
}

async function inDeno(world: World, path: string): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    const script = await bundle('deno.ts', world);
    const task = file(world, 'deno.json', JSON.stringify(taskOf(world, servers, upgrading)));
    const flags = ['--no-prompt', '--v8-flags=--expose-gc', '--allow-net=127.0.0.1', `--allow-read=${task}`];
    const env = { ...process.env, DENO_DIR: join(world.directory, 'deno'), DENO_NO_UPDATE_CHECK: '1' };
    const tool = new Tool(path, ['run', ...flags, script, task], { env });
    try {
      await tool.until('"listening"', 0, patienceMs);
      const lines = tool.output.split('\n').filter((line) => line.startsWith('{'));
      const said: Outcome & { readonly listening?: number; readonly mail?: number } = Object.assign(
        {},
        ...lines.map((line) => JSON.parse(line)),
      );
      expectContract('Deno', said.contract);
      for (const name of Object.keys(servers)) expectGreeting(`Deno and ${name}`, said[name]);
      for (const word of upgradeWords) expectUpgrade(`Deno after ${word}`, word, said[word]);
      await visitDeno(world, said.listening ?? 0);
      await visitByOpenssl(world, said.mail ?? 0, ['-starttls', 'smtp']);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
    } finally {
      await tool.stop();
    }
  });
}

/** Our echo server in Deno, visited by Node and by OpenSSL. */
async function visitDeno(world: World, port: number): Promise<void> {
  const roots = readFileSync(world.pki.rootFile, 'utf8');
  const connection = await connect({ host: '127.0.0.1', port, serverName: 'localhost', roots });
  connection.end(greeting);
  let heard = '';
  for await (const chunk of connection) heard += String(chunk);
  expect('what Node heard of Deno', heard, greeting);
  await visitByOpenssl(world, port, []);
}

async function visitByOpenssl({ pki }: World, port: number, options: readonly string[]): Promise<void> {
  const trust = ['-CAfile', pki.rootFile, '-verify_return_error', '-servername', 'localhost'];
  const openssl = new Tool('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-quiet',
    ...trust,
    ...options,
  ]);
  try {
    await openssl.write(greeting);
    await openssl.until(greeting);
  } finally {
    await openssl.stop();
  }
}

async function inWorkerd(world: World, path: string): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    await bundle('worker.ts', world);
    file(world, 'task.json', JSON.stringify(taskOf(world, servers, upgrading)));
    const config = file(world, 'worker.capnp', workerdConfig);
    const tool = new Tool(path, ['serve', '--control-fd=1', config]);
    try {
      await tool.until(/"port":\d+/);
      const [, port] = /"port":(\d+)/.exec(tool.output) ?? [];
      const ask = (what: string) => jsonOf(`http://127.0.0.1:${port}/${what}`);
      for (const name of Object.keys(servers))
        expectGreeting(`workerd and ${name}`, (await ask(`greet/${name}`)) as Greeting);
      for (const word of upgradeWords)
        expectUpgrade(`workerd after ${word}`, word, (await ask(`upgrade/${word}`)) as Upgrade);
      expectContract('workerd', (await ask('contract')) as Contract);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
    } finally {
      await tool.stop();
    }
  });
}

/** `fetch` gives up after some minutes, which are not enough for the contract's full profile. */
async function jsonOf(url: string): Promise<unknown> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, resolve).on('error', reject),
  );
  let said = '';
  for await (const chunk of answer.setEncoding('utf8')) said += chunk;
  if (answer.statusCode !== 200) throw new Error(`peer: ${url}: ${answer.statusCode} ${said}`);
  return JSON.parse(said);
}

async function inChromium(world: World, hasNetwork: boolean): Promise<void> {
  await withServers(world, async (servers, upgrading) => {
    const script = readFileSync(await bundle('page.ts', world), 'utf8');
    const task = JSON.stringify({ ...taskOf(world, servers, upgrading), hasNetwork });
    const html = `<!doctype html><title>web-transport</title><script>globalThis.task = ${task};</script>
<script type="module" src="/bundle.js"></script>`;
    const tunnel = await openTunnel(servers, html, script);
    const opened = await BrowserPage.open(world);
    try {
      await opened.page.goto(`http://localhost:${tunnel.port}/`);
      const outcome = await opened.outcome(patienceMs);
      if (!outcome.startsWith('{')) throw new Error(`the page says ${outcome}`);
      const { greetings, dataChannel, messagePort, contract } = JSON.parse(outcome) as PageOutcome;
      expectContract('Chromium', contract);
      for (const name of Object.keys(servers)) expectGreeting(`Chromium and ${name}`, greetings[name]);
      for (const [name, each] of Object.entries({ dataChannel, messagePort })) {
        if (each === 'no network')
          console.log(`  ${name} not run: there is no network but the loopback device`);
        else expect(`what came through ${name}`, each.heard ?? each, 'l'.repeat(500_000));
      }
      for (const [name, { toServer, toPage }] of tunnel.seen) {
        expectOnlyRecords(`from the page to ${name}`, Buffer.concat(toServer), greeting.trim());
        expectOnlyRecords(`from ${name} to the page`, Buffer.concat(toPage), greeting.trim());
      }
      expect('tunnels', tunnel.seen.size, Object.keys(servers).length);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${opened.describe()}`);
    } finally {
      await opened.stop();
      tunnel.close();
    }
  });
}

async function examplePage(world: World): Promise<void> {
  const seen: Record<string, Uint8Array[]> = { 'to the server': [], 'to the page': [] };
  const stage = await setStage((_name, direction, bytes) => seen[direction]?.push(Uint8Array.from(bytes)));
  const opened = await BrowserPage.open(world);
  try {
    await opened.page.goto(stage.page);
    await opened.page.fill('input', greeting.trim());
    await opened.page.click('button');
    const outcome = await opened.outcome(patienceMs);
    if (!outcome.startsWith('{')) throw new Error(`the page says ${outcome}`);
    expect('the answer', (JSON.parse(outcome) as { text: string }).text, `You said: ${greeting.trim()}`);
    for (const [direction, pieces] of Object.entries(seen))
      expectOnlyRecords(direction, Buffer.concat(pieces), greeting.trim());
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${opened.describe()}`);
  } finally {
    await opened.stop();
    stage.close();
  }
}

interface Traffic {
  readonly toServer: Uint8Array[];
  readonly toPage: Uint8Array[];
}

/** The tunnel of the example, to each server by its name, and all that passes; and the page from the same server. */
async function openTunnel(servers: Readonly<Record<string, number>>, html: string, script: string) {
  const seen = new Map<string, Traffic>();
  const http = createHttpServer((request, response) => {
    const isPage = request.url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    response.end(isPage ? html : script);
  });
  const destinations = Object.fromEntries(
    Object.entries(servers).map(([name, port]) => [name, { host: '127.0.0.1', port }]),
  );
  const tunnel = tunnelOver(http, {
    destinations,
    onBytes(name, direction, bytes) {
      const traffic = seen.get(name) ?? { toServer: [], toPage: [] };
      seen.set(name, traffic);
      traffic[direction === 'to the server' ? 'toServer' : 'toPage'].push(Uint8Array.from(bytes));
    },
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const close = () => {
    tunnel.close();
    http.close();
    http.closeAllConnections();
  };
  return { seen, port: (http.address() as AddressInfo).port, close };
}

/**
 * Two that send back what they get: ours on Node, and OpenSSL's, which turns lines around. `upgrading`: the port of another one on Node, whose
 * TLS begins after a dialogue in clear.
 */
async function withServers(
  { pki }: World,
  run: (servers: Readonly<Record<string, number>>, upgrading: number) => Promise<void>,
): Promise<void> {
  const { chain, key } = pki.servers.p256.files;
  const node = await createServer(
    {
      host: '127.0.0.1',
      certificate: readFileSync(chain, 'utf8'),
      privateKey: readFileSync(key, 'utf8'),
    },
    async (connection) => {
      for await (const chunk of connection) await connection.send(chunk);
      connection.end();
    },
  );
  const upgrading = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    upgraded(socket, pki).catch(() => socket.destroy());
  });
  await once(upgrading.listen(0, '127.0.0.1'), 'listening');
  const port = await freePort();
  const identity = ['-cert', pki.servers.p256.files.certificate, '-key', key, '-cert_chain', chain];
  const openssl = new Tool('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-rev', ...identity]);
  try {
    await openssl.until('ACCEPT');
    await run({ node: node.port, openssl: port }, (upgrading.address() as AddressInfo).port);
  } finally {
    await openssl.stop();
    upgrading.close();
    await node.close({ timeoutMs: 100 });
  }
}

/** Lines in clear, then TLS on either side, as `test/runtimes/starttls.ts` asks for it, and an echo. */
async function upgraded(socket: Socket, pki: World['pki']): Promise<void> {
  socket.write('220 ready\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  const end = chunk.indexOf('\r\n') + 2;
  const { chain, key } = pki.servers.p256.files;
  const initial = chunk.subarray(end);
  // The answer and our own hello, where we are the client, are one segment.
  socket.cork();
  socket.write('220 go ahead\r\n');
  const securing =
    chunk.toString('latin1', 0, end) === 'STARTTLS\r\n'
      ? secure(socket, {
          role: 'server',
          certificate: readFileSync(chain, 'utf8'),
          privateKey: readFileSync(key, 'utf8'),
          initial,
        })
      : secure(socket, {
          role: 'client',
          serverName: 'localhost',
          roots: readFileSync(pki.rootFile, 'utf8'),
          initial,
        });
  socket.uncork();
  const connection = await securing;
  for await (const bytes of connection) await connection.send(bytes);
  connection.end();
}

function taskOf({ pki }: World, servers: Readonly<Record<string, number>>, upgrading: number) {
  const identity = ({ files }: World['pki']['servers']['p256']) => ({
    certificate: readFileSync(files.chain, 'utf8'),
    privateKey: readFileSync(files.key, 'utf8'),
  });
  const identities = {
    roots: readFileSync(pki.rootFile, 'utf8'),
    otherRoots: readFileSync(pki.strangerFile, 'utf8'),
    server: identity(pki.servers.p256),
    rsaServer: identity(pki.servers.rsa2048),
  };
  return {
    identities,
    profile: process.env.SEALWIRE_PROFILE === 'full' ? 'full' : 'default',
    servers,
    upgrading,
  };
}

/** A program of the package as one file, in which nothing of Node's may be. */
async function bundle(program: string, world: World): Promise<string> {
  const outfile = join(world.directory, program.replace('.ts', '.mjs'));
  const { metafile } = await build({
    entryPoints: [join(programs, program)],
    outfile,
    bundle: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['cloudflare:sockets'],
    logLevel: 'error',
  });
  const imports = Object.values(metafile.inputs).flatMap(({ imports: each }) => each.map(({ path }) => path));
  const ofNode = imports.filter((path) => path.startsWith('node:'));
  if (ofNode.length > 0) throw new Error(`the bundle of ${program} imports ${ofNode.join(', ')}`);
  return outfile;
}

function file({ directory }: World, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

interface Contract {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: Readonly<Record<string, number>>;
}

interface Greeting {
  readonly version: number;
  readonly heard: string;
  readonly closed: string;
}

interface Upgrade extends Greeting {
  readonly alreadyReadBytes: number;
}

type Outcome = { readonly contract?: Contract } & { readonly [server: string]: Greeting } & {
  readonly [word in UpgradeWord]?: Upgrade;
};

interface PageOutcome {
  readonly greetings: Readonly<Record<string, Greeting>>;
  readonly dataChannel: Greeting | 'no network';
  readonly messagePort: Greeting;
  readonly contract: Contract;
}

function expectContract(where: string, contract: Contract | undefined): void {
  if (contract === undefined) throw new Error(`no contract came from ${where}`);
  const { passed, failed, skipped } = contract;
  console.log(`contract of transports in ${where}: ${passed} passed, ${failed.length} failed`);
  for (const [reason, cases] of Object.entries(skipped)) console.log(`  ${cases} not run: ${reason}`);
  if (failed.length > 0) throw new Error(failed.join('\n'));
  if (passed < fewestCases) throw new Error(`only ${passed} cases in ${where}`);
}

function expectGreeting(what: string, got: Greeting | undefined): void {
  const turned = `${[...greeting.trim()].reverse().join('')}\n`;
  expect(`${what}: what came back`, got?.heard, got?.heard === turned ? turned : greeting);
  expect(`${what}: the end`, got?.closed, 'in order');
  expect(`${what}: the version`, got?.version, 0x0304);
}

/** As in STARTTLS; and with the peer as the client of TLS, whose hello came in the chunk of the last line. */
function expectUpgrade(what: string, word: UpgradeWord, got: Upgrade | undefined): void {
  expectGreeting(what, got);
  expect(`${what}: TLS that came with the last line`, (got?.alreadyReadBytes ?? 0) > 0, word === 'TLSSTART');
}

function expect(what: string, actual: unknown, wanted: unknown): void {
  if (actual !== wanted) throw new Error(`we: ${what} is ${String(actual)}, not ${String(wanted)}`);
}

/** As in the programs, which compare it with what they hear. */
const greeting = 'a word that goes through nobody else, and comes back\n';

const upgradeWords = ['STARTTLS', 'TLSSTART'] as const;
type UpgradeWord = (typeof upgradeWords)[number];

/** In memory there are about so many. */
const fewestCases = 55;
const patienceMs = process.env.SEALWIRE_PROFILE === 'full' ? 3_600_000 : 240_000;

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
  bindings = [(name = "TASK", json = embed "task.json")],
);
`;
