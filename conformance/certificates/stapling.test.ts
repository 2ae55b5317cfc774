import { tls13 } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  type VerifierOptions,
  createVerifier,
  loadCredential,
  makeCertificate,
  makeOcspResponse,
  makeTestPki,
  tlsFeature,
} from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { nowMs, pairOf } from '../ends.ts';

/** Stapled OCSP responses from end to end: what a verifier makes of them becomes an alert (RFC 6066 §8, RFC 7633). */
const pki = makeTestPki({ provider, nowMs });
const dayMs = 86_400_000;
const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const own = makeCertificate({
  provider,
  subject: {},
  key,
  issuer: pki.intermediate,
  notBeforeMs: nowMs - dayMs,
  notAfterMs: nowMs + dayMs,
  dnsNames: ['localhost'],
  extensions: [tlsFeature()],
});
const times = { thisUpdateMs: nowMs, nextUpdateMs: nowMs + dayMs };
const response = (status: 'good' | { revocationTimeMs: number }) =>
  makeOcspResponse({
    provider,
    responder: pki.intermediate,
    answers: [{ certificate: own, issuer: pki.intermediate.certificate, status, ...times }],
  });

function shown(
  version: typeof tls12 | typeof tls13,
  ocspResponse: Uint8Array | undefined,
  requestOcsp: boolean,
  options: Partial<VerifierOptions> = {},
) {
  const verifyPeer = createVerifier({ provider, roots: pki.root.certificate, ...options });
  const credential = loadCredential({
    provider,
    chain: [own, pki.intermediate.certificate],
    key,
    ...(ocspResponse === undefined ? {} : { ocspResponse }),
  });
  const ended = pairOf(
    { versions: [version], requestOcsp, answers: { verifyPeer } },
    { versions: [version], credentials: [credential] },
  ).run();
  const { failure } = ended.client;
  return failure === undefined ? 'connected' : `${failure.error.code} ${failure.alert}`;
}

describe.each([
  ['TLS 1.3', tls13],
  ['TLS 1.2', tls12],
] as const)('in %s', (_, version) => {
  it('a promise is to be kept, if somebody asks', () => {
    expect(shown(version, response('good'), true)).toBe('connected');
    expect(shown(version, undefined, true)).toBe('local.badStatusResponse bad_certificate_status_response');
    expect(shown(version, undefined, false)).toBe('connected');
    expect(shown(version, undefined, true, { stapling: 'ignored' })).toBe('connected');
  });
  it('a response that says no, or nothing, ends the handshake', () => {
    expect(shown(version, response({ revocationTimeMs: nowMs - dayMs }), true)).toBe(
      'local.certificateRevoked certificate_revoked',
    );
    expect(shown(version, Uint8Array.of(1, 2, 3), true)).toBe(
      'local.badStatusResponse bad_certificate_status_response',
    );
  });
});
