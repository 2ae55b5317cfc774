import { signatureSchemes } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, issueDelegatedCredential, makeTestPki } from '@sealwire/x509';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createServer, type TlsServerOptions, type TlsStream } from '../src/index.ts';
import { errorOf, loopback, readAll, tlsPair } from './ends.ts';

const nowMs = Date.now();
const pki = makeTestPki({ provider: nodeProvider, nowMs, delegationUsage: true });
const roots = encodePem('CERTIFICATE', pki.root.certificate);
const expiresAtMs = nowMs + 86_400_000;

function delegationOf(role: 'client' | 'server') {
  const key = nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const { certificate, key: owner } = pki[role];
  const credential = issueDelegatedCredential({
    ...{ provider: nodeProvider, certificate, key: owner, to: key, role, nowMs, expiresAtMs },
  });
  return { credential, key: encodePem('PRIVATE KEY', key.exportPkcs8()) };
}

const server = { certificate: pki.server.chain, delegations: [delegationOf('server')] };
const client = { certificate: pki.client.chain, delegations: [delegationOf('client')] };
/** `tlsPair` gives its server a key. */
const alone: Partial<TlsServerOptions> = { ...server, privateKey: undefined as never };

describe('delegations', () => {
  it('are all that the two ends need', async () => {
    const [asking, answering] = await tlsPair({
      client: { ...client, roots, acceptDelegatedCredentials: true },
      server: { ...alone, roots, acceptDelegatedCredentials: true, clientAuthentication: 'require' },
    });
    const until = Math.floor((expiresAtMs - 1) / 1_000) * 1_000;
    for (const { peerVerdict } of [asking.facts, answering.facts])
      expect(Math.abs((peerVerdict as { delegatedUntilMs: number }).delegatedUntilMs - until)).toBeLessThan(
        2_000,
      );
  });

  it('leave those out who take none, where there is no other key', async () => {
    const privateKey = encodePem('PRIVATE KEY', pki.server.key.exportPkcs8());
    const [asking] = await tlsPair({ client: { roots }, server: { ...server, privateKey } });
    expect(asking.facts.peerVerdict).not.toHaveProperty('delegatedUntilMs');
    expect(await errorOf(tlsPair({ client: { roots }, server: alone }))).toMatchObject({
      code: 'incompatible.signatureSchemes',
    });
  });

  it('need a certificate', async () => {
    const { delegations } = server;
    const options = { delegations, certificate: undefined, privateKey: undefined } as object;
    expect((await errorOf(tlsPair({ server: options }))).message).toContain('got only delegations');
  });
});

const isThere = (program: string) => spawnSync(program, ['-H'], { encoding: 'utf8' }).error === undefined;
const lacksNss = !isThere('tstclnt') || !isThere('certutil');
if (lacksNss)
  console.log(
    'delegated-credentials.test.ts: tstclnt or certutil of NSS is not installed, its test is skipped',
  );

describe('our server and tstclnt of NSS', () => {
  it.skipIf(lacksNss)('which takes our delegated credential', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwire-dc-'));
    const root = join(folder, 'root.pem');
    writeFileSync(root, roots);
    const database = `sql:${folder}`;
    const made = spawnSync('certutil', ['-N', '-d', database, '--empty-password'], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    const trust = ['-A', '-d', database, '-n', 'root', '-t', 'C,,', '-i', root];
    expect(spawnSync('certutil', trust, { encoding: 'utf8' }).stderr).toBe('');
    const listener = await createServer({ host: loopback, ...server });
    const args = [
      '-d',
      database,
      '-h',
      'localhost',
      '-p',
      String(listener.port),
      '-V',
      'tls1.3:tls1.3',
      '-Bv',
      '-4',
    ];
    const child = spawn('tstclnt', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    try {
      const printed = readAll(child.stderr);
      child.stdin.write('hello from NSS\n');
      const [connection] = (await once(listener, 'connection')) as [TlsStream];
      expect(String((await once(connection, 'data'))[0])).toBe('hello from NSS\n');
      expect(connection.facts).toMatchObject({
        ownDelegatedCredential: { cred: { dcCertVerifyAlgorithm: signatureSchemes.ecdsa_secp256r1_sha256 } },
        ownSignatureScheme: signatureSchemes.ecdsa_secp256r1_sha256,
      });
      connection.end();
      child.stdin.end();
      expect(String(await printed)).toContain('Received a Delegated Credential');
    } finally {
      child.kill();
      await listener.close();
      rmSync(folder, { recursive: true });
    }
  });
});
