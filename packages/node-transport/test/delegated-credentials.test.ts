import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, issueDelegatedCredential, makeTestPki } from '@sealwire/x509';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { secure, type TlsServerOptions } from '../src/index.ts';
import { errorOf, tlsPair } from './ends.ts';

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
    const [a, b] = duplexPair();
    const asked = errorOf(secure(a, { role: 'client', serverName: 'localhost', roots }));
    const refusing = errorOf(secure(b, { role: 'server', ...alone }));
    expect(await refusing).toMatchObject({ code: 'incompatible.signatureSchemes' });
    expect(await asked).toMatchObject({ code: 'received.alert' });
  });

  it('need a certificate', async () => {
    const { delegations } = server;
    const options = { delegations, certificate: undefined, privateKey: undefined } as object;
    expect((await errorOf(tlsPair({ server: options }))).message).toContain('got only delegations');
  });
});
