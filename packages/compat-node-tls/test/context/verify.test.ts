import type { PeerEvidence, VerifyPeerAsk } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { makeCertificate, makeTestPki } from '@sealwire/x509';
import { expect, it } from 'vitest';
import { verifyPeer } from '../../src/context/verify.ts';
import { isLeafFor } from '../../src/session/resumed-peer.ts';

/** Peers of whom there is nothing that could be judged: whatever the application would let pass, these are refused. */

const nowMs = Date.now();
const { server } = makeTestPki({ provider, nowMs });
const x509 = (...chain: Uint8Array[]): PeerEvidence => ({
  type: 'x509',
  chain: chain.map((certificate) => ({ certificate })),
});

function judged(evidence: PeerEvidence, cause: VerifyPeerAsk['cause']) {
  const ask: VerifyPeerAsk = {
    cause,
    evidence,
    expectedName: 'localhost',
    purpose: 'serverAuth',
    keyUse: 'sign',
    receivedAtMs: nowMs,
    stored: { verdict: { verifyResult: 0 }, verifiedAtMs: nowMs },
  };
  // Nothing of the context is needed to say no, nor to resume.
  const reply = verifyPeer({} as never, provider, ask);
  return reply.ok || reply.reason;
}

const garbage = Uint8Array.of(0x30, 3, 1, 2, 3);
const spki = server.key.publicKey.spki;

it.each(['handshake', 'renegotiation', 'resumption'] as const)('refuses in a %s', (cause) => {
  expect(judged(x509(), cause)).toBe('malformed');
  expect(judged(x509(garbage), cause)).toBe('malformed');
  expect(judged({ type: 'rawPublicKey', spki }, cause)).toBe('malformed');
});

it('takes the certificate of a session that can be read', () => {
  expect(judged(x509(server.chain[0]!), 'resumption')).toBe(true);
});

it('finds no host in what cannot be read', () => {
  expect(isLeafFor(x509(server.chain[0]!), 'localhost')).toBe(true);
  expect(isLeafFor(x509(server.chain[0]!), 'other.test')).toBe(false);
  const badNames = makeCertificate({
    provider,
    subject: { CN: 'localhost' },
    key: server.key,
    notBeforeMs: nowMs,
    notAfterMs: nowMs + 1_000,
    extensions: [{ id: '2.5.29.17', value: Uint8Array.of(5, 0) }],
  });
  expect(judged(x509(badNames), 'resumption')).toBe(true);
  for (const evidence of [x509(), x509(garbage), x509(badNames), { type: 'rawPublicKey', spki } as const])
    expect(isLeafFor(evidence, 'localhost')).toBe(false);
});
