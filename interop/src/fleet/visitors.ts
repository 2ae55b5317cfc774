import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import builtin from 'node:tls';
import { connect as connectTls, type ConnectOptions } from '@sealwire/node-transport';
import { ClientSessions } from '@sealwire/session-cache';
import type { World } from '../peers/peer.ts';
import { Tool } from '../processes.ts';

/** What a server has said: which one it is, and whether it resumed a session. */
export interface Greeting {
  readonly server: string;
  readonly resumed: boolean;
}

/** A client that keeps its sessions from one visit to the next. */
export interface Visitor {
  readonly name: string;
  visit(port: number): Promise<Greeting>;
}

/** Clients that know nothing of each other's sessions. */
export function visitors(world: World): readonly Visitor[] {
  return [ownClient(world), nodeClient(world), opensslClient(world)];
}

export function ownClient({ pki }: World, options: Partial<ConnectOptions> = {}): Visitor {
  const cache = new ClientSessions({ perHost: 64 });
  const roots = readFileSync(pki.rootFile, 'utf8');
  return {
    name: 'ours',
    async visit(port) {
      const connection = await connectTls(
        cache.for<ConnectOptions>({ host: '127.0.0.1', serverName, port, roots, ...options }),
      );
      const said = await firstLine(connection);
      await sleep(ticketsMs);
      connection.end();
      await connection.close();
      return said;
    },
  };
}

function nodeClient({ pki }: World): Visitor {
  let kept: Buffer | undefined;
  const ca = readFileSync(pki.rootFile, 'utf8');
  return {
    name: 'node:tls',
    async visit(port) {
      const socket = builtin.connect({
        host: '127.0.0.1',
        servername: serverName,
        port,
        ca,
        ...(kept !== undefined && { session: kept }),
      });
      socket.on('session', (session) => (kept = session));
      const said = await firstLine(socket);
      if (socket.isSessionReused() !== said.resumed) throw new Error('node:tls and the server disagree');
      await sleep(ticketsMs);
      socket.end();
      return said;
    },
  };
}

function opensslClient({ pki, directory }: World): Visitor {
  const file = join(directory, `fleet-${Math.random()}.session`);
  let isKept = false;
  return {
    name: 'openssl s_client',
    async visit(port) {
      const session = isKept ? ['-sess_in', file] : ['-sess_out', file];
      const tool = new Tool('openssl', [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', serverName],
        ...['-CAfile', pki.rootFile, '-verify_return_error', ...session],
      ]);
      await tool.until(greeting);
      await sleep(ticketsMs);
      await tool.write('Q\n');
      await tool.exited;
      isKept = true;
      const said = parsed(tool.output);
      if (/^Reused, TLS/m.test(tool.output) !== said.resumed)
        throw new Error(`openssl and the server disagree\n${tool.describe()}`);
      return said;
    },
  };
}

/** `openssl s_client -reconnect`: how many of its five further connections resumed the session of the first. */
export async function reconnected({ pki }: World, port: number): Promise<number> {
  const tool = new Tool('openssl', [
    ...['s_client', '-reconnect', '-connect', `127.0.0.1:${port}`, '-servername', serverName],
    ...['-CAfile', pki.rootFile, '-verify_return_error'],
  ]);
  await tool.until(/(Reused|New), TLS[\s\S]*?((Reused|New), TLS[\s\S]*?){5}server/);
  await tool.write('Q\n');
  await tool.exited;
  return tool.output.match(/^Reused, TLS/gm)?.length ?? 0;
}

async function firstLine(stream: AsyncIterable<Uint8Array> & NodeJS.ReadableStream): Promise<Greeting> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    stream.on('error', reject).on('close', () => reject(new Error(`closed after: ${text}`)));
    stream.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\n')) resolve();
    });
  });
  return parsed(text);
}

function parsed(text: string): Greeting {
  const [, server, resumed] = greeting.exec(text) ?? [];
  if (server === undefined) throw new Error(`expected a greeting, got ${text}`);
  return { server, resumed: resumed === 'true' };
}

/** OpenSSL prints of its own in the same line. */
const greeting = /server (\w) resumed (true|false)/;
const serverName = 'localhost';
/** Tickets leave when Redis has them. */
const ticketsMs = 60;
