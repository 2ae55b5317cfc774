import { rawPublicKeyCredential } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem } from '@sealwire/x509';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsStream } from '../src/index.ts';
import { errorOf, loopback, readAll, tlsPair } from './ends.ts';
import { clientIdentity, roots } from '@sealwire/transport-tests';

const serverKey = rawPublicKeyCredential(nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }));
const clientPrivate = nodeProvider.generateKeyPair({ type: 'ed25519' });
/** `tlsPair` gives its server a certificate. */
const withoutCertificate = { certificate: undefined, privateKey: undefined } as object;
const clientKey = rawPublicKeyCredential(clientPrivate);

/** Keys instead of certificates (RFC 7250), on both sides. */
describe('rawPublicKeys', () => {
  it('are all that the two ends need', async () => {
    const [client, server] = await tlsPair({
      client: { rawPublicKeys: [serverKey.spki], credentials: [clientKey], roots: undefined as never },
      server: {
        ...withoutCertificate,
        credentials: [serverKey],
        rawPublicKeys: [clientKey.spki],
        clientAuthentication: 'require',
      },
    });
    expect(client.facts.peerEvidence).toEqual({ type: 'rawPublicKey', spki: serverKey.spki });
    expect(server.facts.peerEvidence).toEqual({ type: 'rawPublicKey', spki: clientKey.spki });
  });

  it('go together with roots', async () => {
    const [, server] = await tlsPair({
      client: clientIdentity,
      server: { rawPublicKeys: [clientKey.spki], roots, clientAuthentication: 'require' },
    });
    expect(server.facts.peerEvidence?.type).toBe('x509');
  });

  it('exclude verify: false', async () => {
    const both = tlsPair({ server: { rawPublicKeys: [clientKey.spki], verify: false } });
    expect((await errorOf(both)).message).toContain('exclude each other');
  });
});

const gnutls = spawnSync('gnutls-cli', ['--version'], { encoding: 'utf8' });
const lacksGnutls = gnutls.status !== 0;
if (lacksGnutls) console.log('raw-public-keys.test.ts: gnutls-cli is not installed, its test is skipped');

describe('our server and gnutls-cli', () => {
  it.skipIf(lacksGnutls)('know each other by raw public keys', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwire-rpk-'));
    const [key, pub] = [join(folder, 'key.pem'), join(folder, 'pub.pem')];
    writeFileSync(key, encodePem('PRIVATE KEY', clientPrivate.exportPkcs8()));
    writeFileSync(pub, encodePem('PUBLIC KEY', clientKey.spki));
    const server = await createServer({
      host: loopback,
      credentials: [serverKey],
      rawPublicKeys: [clientKey.spki],
      clientAuthentication: 'require',
    });
    const args = [
      ...['--rawpkkeyfile', key, '--rawpkfile', pub, '--no-ca-verification'],
      ...['--port', String(server.port), '--priority', rawPriorities, loopback],
    ];
    const child = spawn('gnutls-cli', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      const printed = readAll(child.stdout);
      child.stdin.write('hello from GnuTLS\n');
      const [connection] = (await once(server, 'connection')) as [TlsStream];
      expect(String((await once(connection, 'data'))[0])).toBe('hello from GnuTLS\n');
      expect(connection.facts.peerEvidence).toEqual({ type: 'rawPublicKey', spki: clientKey.spki });
      connection.end('seen\n');
      expect(String(await printed)).toMatch(/Raw Public Key[\s\S]*seen/);
    } finally {
      child.kill();
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

const rawPriorities = 'NORMAL:-VERS-ALL:+VERS-TLS1.3:-CTYPE-ALL:+CTYPE-SRV-RAWPK:+CTYPE-CLI-RAWPK';
