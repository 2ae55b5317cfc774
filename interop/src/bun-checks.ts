import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '@sealwire/core';
import { connect, createServer, type TlsStream } from '@sealwire/node-transport';
import { findRuntime } from '../../scripts/runtimes.mjs';
import type { Check } from './keylog-check.ts';
import type { World } from './peers/peer.ts';
import { freePort, isInstalled, runTool, Tool } from './processes.ts';

/**
 * bun-transport in a real Bun: the contract of transports, then OpenSSL, curl and node-transport, each a process of its own, in both roles.
 */
export const bunChecks: readonly Check[] = [
  inBun('the contract of transports', contract),
  inBun('Unix sockets, STARTTLS, TLS in TLS', ofOtherSockets),
  inBun('openssl s_client visits our server by STARTTLS', byOpensslAfterLines, 'openssl'),
  inBun('our client visits openssl s_server', ofOpenssl, 'openssl'),
  inBun('openssl s_client visits our server', byOpenssl, 'openssl'),
  inBun('curl visits our server', byCurl, 'curl'),
  inBun('our client visits node-transport: bulk, resumption, 0-RTT data', ofNode),
  inBun('node-transport visits our server: bulk, half-close, resumption, 0-RTT data', byNode),
];

type Bun = (file: string, ...args: (string | number)[]) => Tool;

function inBun(name: string, run: (bun: Bun, world: World) => Promise<void>, tool?: string): Check {
  return {
    name: `Bun: ${name}`,
    async run(world) {
      const found = findRuntime('bun');
      if ('reason' in found) return { skipped: found.reason };
      if (tool !== undefined && !isInstalled(tool)) return { skipped: `${tool} is not installed` };
      const tools: Tool[] = [];
      const start: Bun = (file, ...args) => {
        const started = new Tool(found.path, [join(programs, file), ...args.map(String)]);
        tools.push(started);
        return started;
      };
      try {
        await run(start, world);
      } catch (error) {
        const outputs = tools.map((each) => each.describe()).join('\n');
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${outputs}`, {
          cause: error,
        });
      } finally {
        for (const each of tools) await each.stop();
      }
      return undefined;
    },
  };
}

async function contract(bun: Bun): Promise<void> {
  const run = bun('contract.ts');
  await run.exited;
  if (run.exitCode !== 0) throw new Error('the contract is broken');
  const [count = ''] = /\d+ passed, .*/.exec(run.output) ?? [];
  console.log(`${run.output.split('\n')[0]}: ${count}`);
}

async function ofOtherSockets(bun: Bun, { directory }: World): Promise<void> {
  const run = bun('sockets.ts', directory);
  await run.exited;
  if (run.exitCode !== 0 || !run.output.includes('all done')) throw new Error('not all of them hold');
}

async function byOpensslAfterLines(bun: Bun, { pki }: World): Promise<void> {
  const { chain, key } = pki.servers.p256.files;
  const server = bun('sockets.ts', 'smtp', chain, key);
  await server.until(/port \d+/);
  const port = /port (\d+)/.exec(server.output)?.[1];
  await echoed(pki, port, ['-starttls', 'smtp'], 'New, TLSv1.3');
}

async function ofOpenssl(bun: Bun, { pki }: World): Promise<void> {
  const port = await freePort();
  const { certificate, key } = pki.servers.p256.files;
  const args = ['-accept', `127.0.0.1:${port}`, '-www', '-cert', certificate, '-key', key];
  const server = new Tool('openssl', ['s_server', ...args, '-cert_chain', pki.intermediateFile]);
  try {
    await server.until('ACCEPT');
    await visits(bun('peer.ts', 'http', port, pki.rootFile, 2), [
      { what: 'whole', version: tls13, resumed: false },
      { what: 'whole', version: tls13, resumed: true },
    ]);
  } finally {
    await server.stop();
  }
}

async function byOpenssl(bun: Bun, { pki, directory }: World): Promise<void> {
  const { port } = await serving(bun, pki);
  for (const [options, expected] of [
    [['-tls1_3', '-sess_out', 'bun-session'], 'New, TLSv1.3'],
    [['-tls1_3', '-sess_in', 'bun-session'], 'Reused, TLSv1.3'],
    [['-tls1_2'], 'New, TLSv1.2'],
  ] as const) {
    await echoed(pki, port, options, expected, directory);
  }
}

/** Says a line to a server of ours by OpenSSL's client, which must hear it again. */
async function echoed(
  pki: World['pki'],
  port: string | number | undefined,
  options: readonly string[],
  expected: string,
  cwd?: string,
): Promise<void> {
  const trust = ['-CAfile', pki.rootFile, '-verify_return_error', '-verify_hostname', 'localhost'];
  const address = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
  const args = ['s_client', ...address, ...trust, ...options];
  const client = new Tool('openssl', args, cwd === undefined ? {} : { cwd });
  try {
    await client.until(expected);
    await client.write('to Bun and back\n');
    await client.until(/to Bun and back\n/, client.output.indexOf(expected));
    await client.write('Q\n');
    await client.exited;
    if (client.exitCode !== 0) throw new Error('s_client failed');
  } catch (error) {
    throw new Error(`${String(error)}\n${client.describe()}`, { cause: error });
  } finally {
    await client.stop();
  }
}

async function byCurl(bun: Bun, { pki }: World): Promise<void> {
  const { port, tool } = await serving(bun, pki);
  for (const version of [[], ['--tlsv1.2', '--tls-max', '1.2']]) {
    const trust = ['--silent', '--show-error', '--cacert', pki.rootFile, ...version];
    const page = runTool('curl', [
      ...trust,
      `https://localhost:${port}/`,
      '--resolve',
      `localhost:${port}:127.0.0.1`,
    ]);
    if (page !== 'hello of Bun\n') throw new Error(`curl got ${JSON.stringify(page)}`);
  }
  await visits(tool, [
    { what: 'closed', version: tls13 },
    { what: 'closed', version: tls12 },
  ]);
}

async function ofNode(bun: Bun, { pki, bulk }: World): Promise<void> {
  const { chain, key } = pki.servers.p256.files;
  const server = await createServer(
    {
      host: '127.0.0.1',
      certificate: readFileSync(chain, 'utf8'),
      privateKey: readFileSync(key, 'utf8'),
      earlyData: { maxBytes: 16_384 },
    },
    async (connection) => {
      for await (const chunk of connection) await connection.send(chunk);
      connection.end();
    },
  );
  try {
    const client = bun('peer.ts', 'echo', server.port, pki.rootFile, 2, bulk.length);
    await visits(client, [
      { what: 'whole', version: tls13, resumed: false },
      { what: 'whole', version: tls13, resumed: true, earlyData: 'accepted' },
    ]);
  } finally {
    await server.close();
  }
}

async function byNode(bun: Bun, { pki, bulk }: World): Promise<void> {
  const { port, tool } = await serving(bun, pki);
  const roots = readFileSync(pki.rootFile, 'utf8');
  let session: Session | undefined;
  for (const time of [1, 2]) {
    const greeting = Buffer.from('hello of Node');
    const used = session;
    const connection = await connect({
      host: '127.0.0.1',
      port,
      serverName: 'localhost',
      roots,
      onSession: (offered) => (session = offered),
      ...(used === undefined ? {} : { sessions: [used], sendEarlyData: greeting }),
    });
    const reading = readAll(connection);
    await connection.send(greeting.subarray(connection.earlyDataTaken));
    await connection.send(bulk);
    // Reading goes on: most of the echo is still to come.
    connection.end();
    const answer = await reading;
    if (!Buffer.concat([greeting, bulk]).equals(answer))
      throw new Error(`visit ${time}: ${answer.length} bytes`);
  }
  await visits(tool, [
    { what: 'closed', version: tls13, resumed: false },
    { what: 'closed', version: tls13, resumed: true, earlyData: 'accepted', earlyDataReceived: 13 },
  ]);
}

async function readAll(connection: TlsStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of connection) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Our server in Bun. */
async function serving(bun: Bun, { servers }: World['pki']): Promise<{ tool: Tool; port: number }> {
  const { chain, key } = servers.p256.files;
  const tool = bun('peer.ts', 'serve', chain, key);
  await tool.until(/port \d+/);
  return { tool, port: Number(/port (\d+)/.exec(tool.output)?.[1]) };
}

/** Waits until the program in Bun has reported so many connections, which must be like these. */
async function visits(tool: Tool, expected: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  await tool.until(new RegExp(`(\\{"what".*\\s+){${expected.length}}`), 0, 60_000);
  const reports = tool.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expected.forEach((fields, i) => {
    for (const [name, value] of Object.entries({ error: undefined, ...fields }))
      if (reports[i]?.[name] !== value)
        throw new Error(`connection ${i + 1}: expected ${name} ${value}, got ${JSON.stringify(reports[i])}`);
  });
}

const tls12 = 0x0303;
const tls13 = 0x0304;
const programs = join(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  'packages/bun-transport/test/in-bun',
);
