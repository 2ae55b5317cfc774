import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsStream } from '../src/index.ts';
import { connectTo, freePort, errorOf, loopback, readAll, tlsPair } from './ends.ts';
import { clientIdentity, roots, serverIdentity } from '@sealwire/transport-tests';

const offering = { ...clientIdentity, postHandshakeAuth: true };

/** Authentication of the client after the handshake (RFC 9846 §4.7.2). */
describe('requestClientAuth', () => {
  it('asks while data goes both ways, several times at once', async () => {
    const [client, server] = await tlsPair({ client: offering, server: { roots } });
    client.resume();
    server.resume();
    expect(server.facts.peerEvidence).toBeUndefined();
    const answers = [server.requestClientAuth(), server.requestClientAuth({ require: true })];
    client.write('meanwhile');
    server.write('meanwhile');
    expect(await Promise.all(answers)).toEqual([true, true]);
    expect(server.facts.peerEvidence?.type).toBe('x509');
    expect(client.facts.certificateRequested).toBe(true);
  });

  it('waits for a client that takes its time, and takes no for an answer', async () => {
    const decide = {
      async selectCertificate() {
        await sleep(20);
        return { ok: true, credential: undefined } as const;
      },
    };
    const [client, server] = await tlsPair({
      client: { postHandshakeAuth: true, decide },
      server: { roots },
    });
    client.resume();
    server.resume();
    expect(await server.requestClientAuth()).toBe(false);
    const failed = errorOf(once(client, 'close').then(() => Promise.reject(client.errored)));
    const refused = await errorOf(server.requestClientAuth({ require: true }));
    expect(refused).toMatchObject({ code: 'incompatible.certificateRequired' });
    expect(await failed).toMatchObject({ code: 'received.alert', receivedAlert: 116 });
  });

  it('says at once where it cannot be', async () => {
    const [, server] = await tlsPair({ client: clientIdentity, server: { roots } });
    expect(await errorOf(server.requestClientAuth())).toMatchObject({
      code: 'transport.clientAuthUnavailable',
    });
    const [client, untrusting] = await tlsPair({ client: offering });
    expect(() => untrusting.requestClientAuth()).toThrow('nothing says which clients to trust');
    expect(await errorOf(client.requestClientAuth())).toMatchObject({
      code: 'transport.clientAuthUnavailable',
    });
  });

  it('is over when the client is', async () => {
    const decide = { selectCertificate: () => new Promise<never>(() => {}) };
    const [client, server] = await tlsPair({ client: { ...offering, decide }, server: { roots } });
    server.resume();
    const answer = server.requestClientAuth();
    client.end();
    expect(await errorOf(answer)).toMatchObject({ code: 'transport.clientAuthUnavailable' });
  });
});

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const lacksOpenssl = !/^OpenSSL (?:[3-9]|1\.1\.1)/.test(version);
if (lacksOpenssl)
  console.log(`client-auth.test.ts: no OpenSSL with -enable_pha (${version.trim()}), its tests are skipped`);

describe.skipIf(lacksOpenssl)('OpenSSL', () => {
  it('s_client -enable_pha answers our server', async () => {
    await inFolder(async (file) => {
      const server = await createServer({ host: loopback, ...serverIdentity, roots });
      const child = spawn('openssl', [
        ...['s_client', '-connect', `${loopback}:${server.port}`, '-enable_pha', '-tls1_3', '-quiet'],
        ...own(file, clientIdentity),
      ]);
      try {
        const printed = readAll(child.stdout);
        const [connection] = (await once(server, 'connection')) as [TlsStream];
        expect(connection.facts.peerEvidence).toBeUndefined();
        expect(await connection.requestClientAuth({ require: true })).toBe(true);
        expect(connection.facts.peerEvidence?.type).toBe('x509');
        connection.updateKeys({ requestPeer: true });
        child.stdin.write('after new keys\n');
        expect(String((await once(connection, 'data'))[0])).toBe('after new keys\n');
        // Its Finished is made with the keys of now.
        expect(await connection.requestClientAuth({ require: true })).toBe(true);
        connection.end('known\n');
        expect(String(await printed)).toBe('known\n');
      } finally {
        child.kill();
        await server.close();
      }
    });
  });

  it('s_client without a certificate declines', async () => {
    const server = await createServer({ host: loopback, ...serverIdentity, roots });
    const args = ['s_client', '-connect', `${loopback}:${server.port}`, '-enable_pha', '-tls1_3', '-quiet'];
    const child = spawn('openssl', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      const [connection] = (await once(server, 'connection')) as [TlsStream];
      connection.resume();
      expect(await connection.requestClientAuth()).toBe(false);
    } finally {
      child.kill();
      await server.close();
    }
  });

  it('s_server asks our client when it is told to', async () => {
    await inFolder(async (file) => {
      const port = await freePort();
      const child = spawn('openssl', [
        ...['s_server', '-accept', `${loopback}:${port}`, '-tls1_3', '-CAfile', file('root.pem', roots)],
        ...own(file, serverIdentity),
      ]);
      try {
        let printed = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
        const prints = async (pattern: RegExp) => {
          while (!pattern.test(printed))
            await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
        };
        await prints(/ACCEPT/);
        const client = await connectTo(port, offering);
        client.resume();
        expect(client.facts.certificateRequested).toBeUndefined();
        await prints(/CIPHER is/);
        child.stdin.write('c\n');
        await prints(/SSL_do_handshake -> 1/);
        client.write('still here\n');
        await prints(/still here/);
        expect(client.facts.certificateRequested).toBe(true);
        expect(client.facts.ownSignatureScheme).toBeDefined();
        client.destroy();
      } finally {
        child.kill();
      }
    });
  });
});

type MakeFile = (name: string, content: string) => string;

/** A certificate with its issuers, and its key. */
function own(file: MakeFile, { certificate, privateKey }: typeof serverIdentity): string[] {
  const chain = file('cert.pem', certificate);
  return ['-cert', chain, '-cert_chain', chain, '-key', file('key.pem', privateKey)];
}

async function inFolder(run: (file: MakeFile) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-pha-'));
  try {
    await run((name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
