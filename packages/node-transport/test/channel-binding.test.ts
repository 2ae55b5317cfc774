import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate } from '@sealwire/x509';
import { execFile, spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsStream } from '../src/index.ts';
import { connectTo, listening, loopback, portOf, tlsPair } from './ends.ts';
import { roots, serverIdentity } from '@sealwire/transport-tests';

const hasGnutls = spawnSync('gnutls-cli', ['--version']).status === 0;
if (!hasGnutls) console.log('channel-binding.test.ts: gnutls-cli is missing, its opinion is not asked');

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('a channel binding', () => {
  it('is the same at both ends, and another for another connection', async () => {
    const [client, server] = await tlsPair();
    const [other] = await tlsPair();
    const exporter = client.channelBinding('tls-exporter');
    expect(exporter).toHaveLength(32);
    expect(server.channelBinding('tls-exporter')).toEqual(exporter);
    expect(other.channelBinding('tls-exporter')).not.toEqual(exporter);
    const endPoint = client.channelBinding('tls-server-end-point');
    expect(server.channelBinding('tls-server-end-point')).toEqual(endPoint);
    expect(other.channelBinding('tls-server-end-point')).toEqual(endPoint);
    const { raw } = new X509Certificate(serverIdentity.certificate);
    expect(hex(endPoint)).toBe(createHash('sha256').update(raw).digest('hex'));
  });

  it('tls-exporter is what node:tls exports by the label of RFC 9266', async () => {
    const { certificate: cert, privateKey: key } = serverIdentity;
    const server = await listening(tls.createServer({ cert, key }));
    const accepted = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>;
    const client = await connectTo(portOf(server));
    const [socket] = await accepted;
    const theirs = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    expect(hex(client.channelBinding('tls-exporter'))).toBe(theirs.toString('hex'));
    client.destroy();
  });

  it.skipIf(!hasGnutls)('of either type is what GnuTLS says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealwire-'));
    await writeFile(join(folder, 'roots.pem'), roots);
    let served: TlsStream | undefined;
    const server = await createServer({ ...serverIdentity, port: 0, host: loopback }, (connection) => {
      served = connection;
      connection.resume().end();
    });
    const trust = [`--x509cafile=${join(folder, 'roots.pem')}`, '--verify-hostname=localhost'];
    const running = promisify(execFile)('gnutls-cli', ['-V', ...trust, '-p', String(server.port), loopback]);
    running.child.stdin!.end();
    const { stdout } = await running;
    await server.close();
    await rm(folder, { recursive: true });
    for (const type of ['tls-exporter', 'tls-server-end-point'] as const) {
      const theirs = new RegExp(`'${type}': ([0-9a-f]{64,})`).exec(stdout)?.[1];
      expect([type, hex(served!.channelBinding(type))]).toEqual([type, theirs]);
    }
  });

  it('tls-server-end-point is not defined for a certificate signed by EdDSA', async () => {
    const key = nodeProvider.generateKeyPair({ type: 'ed25519' });
    const certificate = makeCertificate({
      provider: nodeProvider,
      subject: { CN: 'localhost' },
      key,
      notBeforeMs: Date.now() - 1_000,
      notAfterMs: Date.now() + 86_400_000,
    });
    const identity = {
      certificate: encodePem('CERTIFICATE', certificate),
      privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()),
    };
    const acceptAnybody = { verify: false as const, roots: undefined } as never;
    const [client, server] = await tlsPair({ client: acceptAnybody, server: identity });
    for (const end of [client, server]) {
      expect(() => end.channelBinding('tls-server-end-point')).toThrow('names no hash function');
      expect(end.channelBinding('tls-exporter')).toHaveLength(32);
    }
  });

  it('of another type is refused', async () => {
    const [client] = await tlsPair();
    expect(() => client.channelBinding('tls-other' as never)).toThrow(
      `channelBinding expects 'tls-exporter' or 'tls-unique', got "tls-other"`,
    );
  });
});
