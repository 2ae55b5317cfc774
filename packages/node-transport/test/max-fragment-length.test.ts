import type { TraceEvent } from '@sealwire/core';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer, type TlsStream } from '../src/index.ts';
import { connectTo, freePort, loopback } from './ends.ts';
import { serverIdentity } from '@sealwire/transport-tests';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('max-fragment-length.test.ts: openssl is missing, its opinion is not asked');

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** RFC 6066 §4, with an implementation that has had it for long; in TLS 1.3 its answer stands in EncryptedExtensions. */
describe.skipIf(!hasOpenssl)('max_fragment_length and OpenSSL', () => {
  it('our server cuts its records as the client wants, and takes the client’s', async () => {
    const sizes = recordSizes();
    const options = { ...serverIdentity, port: 0, host: loopback, onTrace: sizes.onTrace };
    let served: TlsStream | undefined;
    const server = await createServer(options, (connection) => {
      served = connection;
      connection.once('data', () => connection.end(Buffer.alloc(5_000, 'b')));
      connection.resume();
    });
    const client = openssl(
      's_client',
      '-connect',
      `${loopback}:${server.port}`,
      '-maxfraglen',
      '1024',
      '-quiet',
    );
    client.stdin!.write(Buffer.alloc(3_000, 'a'));
    expect(await bytesOf(client, 5_000)).toBe(5_000);
    client.stdin!.end();
    await server.close();
    expect(served?.facts.maxFragmentLength).toBe(1_024);
    expect([Math.max(...sizes.sent), Math.max(...sizes.received)]).toEqual([1_024, 1_024]);
  });

  it('our client is sent records as it wants them, and cuts its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwire-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const [chain, key] = [join(folder, 'chain.pem'), join(folder, 'key.pem')];
    writeFileSync(chain, serverIdentity.certificate);
    writeFileSync(key, serverIdentity.privateKey);
    const port = await freePort();
    const identity = ['-cert', chain, '-cert_chain', chain, '-key', key];
    const server = openssl('s_server', '-accept', `${loopback}:${port}`, ...identity, '-tls1_3');
    // Without -quiet it says when it is ready.
    await said(server, 'ACCEPT');
    const sizes = recordSizes();
    const client = await connectTo(port, { maxFragmentLength: 512, onTrace: sizes.onTrace });
    expect(client.facts.maxFragmentLength).toBe(512);
    client.write(`${'a'.repeat(3_000)}end`);
    await said(server, 'aend');
    server.stdin!.write(`${'b'.repeat(3_000)}\n`);
    let received = 0;
    for await (const chunk of client) {
      received += chunk.length;
      if (received === 3_001) break;
    }
    expect([Math.max(...sizes.sent), Math.max(...sizes.received)]).toEqual([512, 512]);
  });
});

function openssl(...args: string[]): ChildProcess {
  const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin!.on('error', () => {});
  cleanups.push(() => child.kill());
  return child;
}

/** Bytes of content in the protected records that passed. */
function recordSizes() {
  const [sent, received]: [number[], number[]] = [[], []];
  const onTrace = (event: TraceEvent) => {
    if (event.what !== 'record' || !event.isProtected) return;
    (event.direction === 'sent' ? sent : received).push(event.contentBytes);
  };
  return { sent, received, onTrace };
}

/** How many bytes a process has said, once there are so many, or when it has ended. */
async function bytesOf(child: ChildProcess, wanted: number): Promise<number> {
  let bytes = 0;
  for await (const chunk of child.stdout!) {
    bytes += (chunk as Buffer).length;
    if (bytes >= wanted) break;
  }
  return bytes;
}

function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      heard += chunk;
      if (heard.includes(text)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`openssl ended with ${code} before it said ${text}`)));
  });
}
