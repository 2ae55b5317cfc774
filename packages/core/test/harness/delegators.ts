import { expect } from 'vitest';
import { delegatedCredentialContent } from '../../src/index.ts';
import { signedContent } from '../../src/auth/signed-content.ts';
import type { PrivateKey } from '../../src/crypto/provider.ts';
import { describeScheme } from '../../src/crypto/signature-schemes.ts';
import { delegatedCredential, type DelegatedCredential } from '../../src/extensions/delegated-credential.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import { encode } from '../../src/wire/codec.ts';
import { ed25519Certificate, ed25519Key, p256Certificate, p256Key, publicKeyOf } from './fixtures.ts';
import { testProvider } from './node-provider.ts';
import type { Change } from './peer.ts';
import { scriptedClient, type ScriptedClient } from './scripted-client.ts';
import { scriptedServer, type ScriptedServer } from './scripted-server.ts';
import type { Victim } from '../clauses/clause.ts';

/** Peers with delegated credentials (RFC 9345). */

export type End = ScriptedClient | ScriptedServer;

export const newEd25519 = testProvider.generateKeyPair({ type: 'ed25519' });
export const otherP256Key = testProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
export const { ecdsa_secp256r1_sha256: p256, ed25519 } = schemes;

export interface Delegator {
  readonly role: 'client' | 'server';
  readonly certificate: Uint8Array;
  readonly key: PrivateKey;
  readonly scheme: SignatureScheme;
}

/** The scripted end that the victim talks to: its certificate, and the key that can delegate. */
export const others = {
  client: { role: 'server', certificate: p256Certificate, key: p256Key, scheme: p256 },
  server: { role: 'client', certificate: ed25519Certificate, key: ed25519Key, scheme: ed25519 },
} as const satisfies Record<Victim, Delegator>;

export function delegated(
  { role, certificate, key, scheme }: Delegator,
  to: PrivateKey,
  dcCertVerifyAlgorithm: SignatureScheme,
): DelegatedCredential {
  const cred = {
    validTimeSeconds: 1_000,
    dcCertVerifyAlgorithm,
    subjectPublicKeyInfo: to.publicKey.spki,
  };
  const content = delegatedCredentialContent(role, certificate, cred, scheme);
  return { cred, algorithm: scheme, signature: key.sign(describeScheme(scheme)!.algorithm, content) };
}

/** The key that the other end delegates to: of another kind than its own. */
export const delegates = {
  client: { key: newEd25519, scheme: ed25519 },
  server: { key: otherP256Key, scheme: p256 },
} as const;

export const ofOther = (
  victim: Victim,
  scheme: SignatureScheme = delegates[victim].scheme,
  to: PrivateKey = delegates[victim].key,
) => delegated(others[victim], to, scheme);

/** Whoever is right about certificates, and takes what it is shown of delegated credentials. */
export const answers = {
  verifyPeer: ({ evidence }: VerifyPeerAsk): VerifyPeerReply => {
    if (evidence.type === 'rawPublicKey') return { ok: true, publicKey: evidence.spki };
    const [own] = evidence.chain;
    const publicKey = own!.delegatedCredential?.cred.subjectPublicKeyInfo ?? publicKeyOf(own!.certificate);
    return { ok: true, publicKey };
  },
};
export const accepting = { acceptDelegatedCredentials: true, answers } as const;
export const request = { clientAuthentication: 'request' } as const;

/** Up to the other end's Certificate, which is changed. */
export function certificate(victim: Victim, change: Change<Certificate>, options: object = accepting): End {
  return victim === 'client'
    ? scriptedServer(options).before('certificate').certificate(change)
    : scriptedClient({ ...request, ...options })
        .before('certificate')
        .certificate(change);
}

export const raw = (data: Uint8Array) => ({ type: ext.delegated_credential, data });
export const carrying = (credential: DelegatedCredential) =>
  carryingBytes(encode(delegatedCredential, credential));

/** With a credential in the first entry, or another one. */
export function carryingBytes(data: Uint8Array, at = 0): Change<Certificate> {
  return (message) => ({
    ...message,
    certificateList: message.certificateList.map((entry, position) =>
      position === at ? withEntryExtension(entry, data) : entry,
    ),
  });
}

export function withEntryExtension(entry: Certificate['certificateList'][number], data: Uint8Array) {
  // A block would refuse to hold what the tests are about.
  const extensions = { entries: [...entry.extensions.entries, raw(data)] };
  return { ...entry, extensions } as unknown as typeof entry;
}

/** CertificateVerify by another key. */
export function by(
  end: End,
  victim: Victim,
  key: PrivateKey,
  algorithm: SignatureScheme,
): Change<CertificateVerify> {
  const content = signedContent(others[victim].role, end.digest());
  const signature = key.sign(describeScheme(algorithm)!.algorithm, content);
  return (message) => ({ ...message, algorithm, signature });
}

export function proven(victim: Victim, end: End): End {
  const { key, scheme } = delegates[victim];
  end.certificateVerify(by(end, victim, key, scheme)).finished();
  expect(end.victim.facts).toMatchObject({
    handshakes: 1,
    peerSignatureScheme: scheme,
    peerEvidence: {
      chain: [{ delegatedCredential: { cred: { subjectPublicKeyInfo: key.publicKey.spki } } }],
    },
  });
  return end;
}
