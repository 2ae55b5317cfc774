import {
  type Answers,
  type ClientOptions,
  type CryptoProvider,
  pinnedPublicKeys,
  rawPublicKeyCredential,
  type ServerOptions,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { clientCredential, serverCredential, verifyPeer, pairOf } from '../ends.ts';

const serverKey = nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const clientKey = nodeProvider.generateKeyPair({ type: 'ed25519' });
const [rawServer, rawClient] = [rawPublicKeyCredential(serverKey), rawPublicKeyCredential(clientKey)];
const pinned = {
  client: { verifyPeer: pinnedPublicKeys([rawServer.spki]) },
  server: { verifyPeer: pinnedPublicKeys([rawClient.spki]) },
} satisfies Record<string, Answers>;

function handshake(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  return pairOf(client, server).run();
}

describe('raw public keys (RFC 7250)', () => {
  it.each([nodeProvider, nobleProvider] as CryptoProvider[])('on both sides, with $name', (provider) => {
    const types = { peerCertificateTypes: ['rawPublicKey'], provider } as const;
    const load = ({ key }: typeof rawServer) =>
      rawPublicKeyCredential(
        provider.importPrivateKey(key === 'external' ? new Uint8Array() : key.exportPkcs8())!,
      );
    const { client, server } = handshake(
      { ...types, credentials: [load(rawClient)], answers: pinned.client },
      { ...types, credentials: [load(rawServer)], answers: pinned.server, clientAuthentication: 'require' },
    );
    expect(client.facts).toMatchObject({
      handshakes: 1,
      peerEvidence: { type: 'rawPublicKey', spki: rawServer.spki },
    });
    expect(server.facts).toMatchObject({
      handshakes: 1,
      peerEvidence: { type: 'rawPublicKey', spki: rawClient.spki },
    });
  });

  it('that are pinned let no chain of certificates through', () => {
    const evidence = { type: 'x509', chain: [{ certificate: rawServer.spki }] } as const;
    expect(pinned.client.verifyPeer({ evidence } as never)).toEqual({
      ok: false,
      reason: 'unsupported',
      message: 'expected a raw public key, got a certificate chain',
    });
    for (const none of [[], [1], undefined]) {
      expect(() => pinnedPublicKeys(none as never)).toThrow('expects one or more DER SubjectPublicKeyInfos');
    }
  });

  it('on one side, X.509 on the other', () => {
    const raw = { peerCertificateTypes: ['rawPublicKey'] } as const;
    const ofServer = handshake(
      { ...raw, credentials: [clientCredential], answers: pinned.client },
      { credentials: [rawServer], clientAuthentication: 'require' },
    );
    expect(ofServer.client.facts).toMatchObject({ handshakes: 1, peerEvidence: { type: 'rawPublicKey' } });
    expect(ofServer.server.facts).toMatchObject({ handshakes: 1, peerEvidence: { type: 'x509' } });
    const ofClient = handshake(
      { credentials: [rawClient] },
      { ...raw, credentials: [serverCredential], answers: pinned.server, clientAuthentication: 'require' },
    );
    expect(ofClient.client.facts).toMatchObject({ handshakes: 1, peerEvidence: { type: 'x509' } });
    expect(ofClient.server.facts).toMatchObject({ handshakes: 1, peerEvidence: { type: 'rawPublicKey' } });
  });

  it('as far as both sides have them: a server with both serves whatever the client reads', () => {
    const server = { credentials: [rawServer, serverCredential] };
    const evidence = (client: Partial<ClientOptions>) =>
      handshake(client, server).client.facts.peerEvidence?.type;
    expect(evidence({})).toBe('x509');
    expect(evidence({ peerCertificateTypes: ['rawPublicKey'], answers: pinned.client })).toBe('rawPublicKey');
    const either: Answers = {
      verifyPeer: (ask) => (ask.evidence.type === 'x509' ? verifyPeer(ask) : pinned.client.verifyPeer(ask)),
    };
    expect(evidence({ peerCertificateTypes: ['x509', 'rawPublicKey'], answers: either })).toBe(
      'rawPublicKey',
    );
    const x509First = { credentials: [serverCredential, rawServer] };
    const both = { peerCertificateTypes: ['rawPublicKey', 'x509'], answers: either } as const;
    expect(handshake(both, x509First).client.facts.peerEvidence?.type).toBe('x509');
  });

  it('a client is not asked for what it cannot present', () => {
    const server = { credentials: [serverCredential], peerCertificateTypes: ['rawPublicKey'] } as const;
    const asked = handshake(
      { credentials: [clientCredential] },
      { ...server, clientAuthentication: 'request', answers: pinned.server },
    );
    expect(asked.server.facts).toMatchObject({ handshakes: 1 });
    expect(asked.client.facts).not.toHaveProperty('certificateRequested');
    expect(asked.server.facts).not.toHaveProperty('peerEvidence');
  });

  it('a client with a raw key alone stays anonymous where X.509 is asked for', () => {
    const { client, server } = handshake(
      { credentials: [rawClient], ownCertificateTypes: ['rawPublicKey', 'x509'] },
      { credentials: [serverCredential], clientAuthentication: 'request' },
    );
    expect(client.facts).toMatchObject({ handshakes: 1, certificateRequested: true });
    expect(server.facts).not.toHaveProperty('peerEvidence');
  });

  it('a credential of a type that the peer does not take ends the connection', () => {
    const { client, server } = handshake(
      {},
      {
        credentials: [serverCredential],
        answers: { selectCertificate: () => ({ ok: true, credential: rawServer }) },
      },
    );
    const failed = server.outputs.find(({ type }) => type === 'failed');
    expect(failed).toMatchObject({ error: { code: 'incompatible.certificateTypes' } });
    expect(client.outputs.find(({ type }) => type === 'failed')).toMatchObject({
      alert: 'unsupported_certificate',
    });
  });

  it('so does one of a client that the server does not take', () => {
    const { client, server } = handshake(
      {
        credentials: [clientCredential],
        answers: { selectCertificate: () => ({ ok: true, credential: rawClient }), verifyPeer },
      },
      { clientAuthentication: 'require' },
    );
    expect(client.outputs.find(({ type }) => type === 'failed')).toMatchObject({
      error: { code: 'incompatible.certificateTypes' },
    });
    expect(server.outputs.find(({ type }) => type === 'failed')).toMatchObject({
      alert: 'unsupported_certificate',
    });
  });

  it.each([
    ['client', undefined, 'local.credentialUnavailable', 'internal_error'],
    ['server', undefined, 'local.credentialUnavailable', 'internal_error'],
    ['client', 'noneFits', 'local.noCredential', 'handshake_failure'],
    ['server', 'noneFits', 'local.noCredential', 'handshake_failure'],
  ] as const)('a %s that chooses no credential ends it, too (%s)', (side, reason, code, alert) => {
    const refusal = { ok: false, message: 'the store is gone' } as const;
    const answers = {
      verifyPeer,
      selectCertificate: () => (reason === undefined ? refusal : ({ ...refusal, reason } as const)),
    };
    const ends = handshake(side === 'client' ? { answers } : {}, {
      clientAuthentication: 'require',
      ...(side === 'server' ? { answers } : {}),
    });
    expect(ends[side].outputs.find(({ type }) => type === 'failed')).toMatchObject({
      error: { code, message: 'the store is gone' },
      alert,
      sentBy: 'us',
    });
  });

  it('another key than the pinned ones is refused', () => {
    const other = rawPublicKeyCredential(nodeProvider.generateKeyPair({ type: 'ed25519' }));
    const { client } = handshake(
      { peerCertificateTypes: ['rawPublicKey'], answers: pinned.client },
      { credentials: [other] },
    );
    expect(client.outputs.find(({ type }) => type === 'failed')).toMatchObject({
      error: { code: 'local.unknownCa' },
      alert: 'unknown_ca',
    });
  });

  it('what can never work is refused at once', () => {
    expect(() => handshake({ peerCertificateTypes: [] }, {})).toThrow(
      'peerCertificateTypes must name x509, rawPublicKey or both, got "none"',
    );
    expect(() => handshake({ ownCertificateTypes: ['pgp' as never] }, {})).toThrow(
      'ownCertificateTypes must name x509, rawPublicKey or both, got "pgp"',
    );
    expect(() => handshake({}, { credentials: [{ ...rawServer, spki: new Uint8Array(3) }] })).toThrow(
      'the spki of a credential is no SubjectPublicKeyInfo that the provider reads',
    );
    expect(() => pinnedPublicKeys([])).toThrow('pinnedPublicKeys expects one or more');
    expect(() => rawPublicKeyCredential({} as never)).toThrow('rawPublicKeyCredential expects a private key');
  });
});
