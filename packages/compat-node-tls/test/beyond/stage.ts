import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import builtin from 'node:tls';
import { afterAll, afterEach } from 'vitest';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki } from '@sealwire/x509';
import ours, { type SealwireTLSSocket } from '../../src/index.ts';
import type { SealwireClientOptions, SealwireServerOptions } from '../../src/beyond/options.ts';

/** Ours on one side, on the other the builtin or a program of OpenSSL's: what is tried here neither has on both. */

export { builtin, ours };

export const hasOpenssl: boolean = spawnSync('openssl', ['version']).status === 0;

const pki = makeTestPki({ provider, nowMs: Date.now() });
const pem = (der: Uint8Array) => encodePem('CERTIFICATE', der);
const identity = ({ chain, key }: typeof pki.server) => ({
  cert: chain.map(pem).join(''),
  key: encodePem('PRIVATE KEY', key.exportPkcs8()),
});

/** All of one root, whose certificate this is. */
export const ca: string = pem(pki.root.certificate);
/** For `localhost`. */
export const server: { readonly cert: string; readonly key: string } = identity(pki.server);
export const client: { readonly cert: string; readonly key: string } = identity(pki.client);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

type Wishes<S> = builtin.TlsOptions & { readonly sealwire?: S };

async function portOf(it: builtin.Server): Promise<number> {
  ends.push(() => void it.close());
  it.on('secureConnection', (socket) => {
    ends.push(() => socket.destroy());
    socket.on('error', () => {});
  });
  it.on('tlsClientError', () => {});
  it.listen(0, '127.0.0.1');
  await once(it, 'listening');
  return (it.address() as AddressInfo).port;
}

/** A server of ours, which has `server` as its identity unless it is said. */
export async function serve(options: Wishes<SealwireServerOptions>) {
  const made = ours.createServer({ ...server, ...options } as never) as unknown as builtin.Server;
  return { server: made, port: await portOf(made) };
}

export async function serveBuiltin(options: builtin.TlsOptions) {
  const made = builtin.createServer({ ...server, ...options });
  return { server: made, port: await portOf(made) };
}

type Dialed = builtin.ConnectionOptions & { readonly sealwire?: SealwireClientOptions };

/** A client of ours, which trusts `ca` unless it is said. */
export function dial(port: number, options: Dialed = {}): SealwireTLSSocket {
  const made = ours.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options });
  made.on('error', () => {});
  ends.push(() => made.destroy());
  return made as never;
}

export function dialBuiltin(port: number, options: builtin.ConnectionOptions = {}): builtin.TLSSocket {
  const made = builtin.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options });
  made.on('error', () => {});
  ends.push(() => made.destroy());
  return made;
}

/** What the next connection becomes on the server. */
export async function accepted(it: builtin.Server): Promise<SealwireTLSSocket> {
  const [socket] = (await once(it, 'secureConnection')) as [never];
  return socket;
}

/** The error by which a socket ends, or a server's connection ends before it is one. */
export async function failure(it: builtin.TLSSocket | builtin.Server): Promise<Error & { code?: string }> {
  return new Promise((resolve) =>
    (it as builtin.Server).once(
      it instanceof builtin.Server || 'listen' in it ? 'tlsClientError' : 'error',
      resolve,
    ),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'sealwire-beyond-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = new Set<string>();

/** The name of a file, with these contents if there are any. */
export function file(name: string, contents?: string | Uint8Array): string {
  // Once: programs may be reading it.
  if (contents !== undefined && !written.has(name)) writeFileSync(join(folder, name), contents);
  if (contents !== undefined) written.add(name);
  return join(folder, name);
}

/** A program of OpenSSL's, what it has printed, and a way to wait for that. */
export class Openssl {
  readonly process: ChildProcess;
  text = '';
  readonly #waiting = new Set<() => void>();

  constructor(...args: string[]) {
    this.process = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    ends.push(() => void this.process.kill('SIGKILL'));
    this.process.stdin!.on('error', () => {});
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on('data', (data) => {
        this.text += String(data);
        for (const look of this.#waiting) look();
      });
    }
  }

  type(line: string): void {
    this.process.stdin!.write(`${line}\n`);
  }

  /** Resolves when it has printed this. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = once(this.process, 'close').then(() => {
      const found = pattern.exec(this.text);
      if (found === null) throw new Error(`openssl ended without ${pattern}; it printed:\n${this.text}`);
      return found;
    });
    const seen = new Promise<RegExpExecArray>((resolve) => {
      const look = (): void => {
        const found = pattern.exec(this.text);
        if (found === null) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
    return Promise.race([seen, ended]);
  }
}

export function sClient(port: number, ...args: string[]): Openssl {
  const to = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-CAfile', file('ca.pem', ca)];
  return new Openssl('s_client', ...to, ...args);
}

export async function sServer(...args: string[]): Promise<{ openssl: Openssl; port: number }> {
  const own = [
    '-cert',
    file('cert.pem', server.cert),
    '-cert_chain',
    file('cert.pem'),
    '-key',
    file('key.pem', server.key),
  ];
  const openssl = new Openssl('s_server', '-accept', '127.0.0.1:0', ...own, ...args);
  const [, port] = await openssl.prints(/ACCEPT 127\.0\.0\.1:(\d+)/);
  return { openssl, port: Number(port) };
}

/** Answers in a later turn of the loop. */
export async function later<T>(answer: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return answer;
}

/** Looks again and again: of what a program does there is no event. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await later(undefined);
}
