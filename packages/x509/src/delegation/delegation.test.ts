import { describe, expect, it } from 'vitest';
import {
  type CryptoProvider,
  type DelegatedCredential,
  type VerifyPeerAsk,
  type VerifyPeerReply,
  signatureSchemes as schemes,
  type SignatureScheme,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { type Contents, issue, newKey, nowMs } from '../../test/authority.ts';
import { type Issued, type PathPolicy, acceptAnyPeer, createVerifier } from '../index.ts';

import {
  provider,
  root,
  owner,
  delegate,
  dayMs,
  delegator,
  credentialOf,
  forced,
  seconds,
} from '../../test/delegator.ts';

interface Asked extends Partial<Omit<VerifyPeerAsk, 'evidence'>> {
  readonly by?: Issued;
  readonly policy?: Partial<PathPolicy>;
  readonly with?: CryptoProvider;
}

function verified(delegatedCredential: DelegatedCredential, asked: Asked = {}): VerifyPeerReply {
  const { by = owner, policy = {}, with: used = provider, ...change } = asked;
  return createVerifier({ provider: used, roots: root.certificate, policy })({
    cause: 'handshake',
    evidence: { type: 'x509', chain: [{ certificate: by.certificate, delegatedCredential }] },
    expectedName: 'a.example',
    purpose: 'serverAuth',
    keyUse: 'sign',
    receivedAtMs: nowMs,
    ...change,
  });
}

const refused = (code: string, message: string) => ({
  ok: false,
  reason: 'invalidDelegation',
  message: expect.stringContaining(message),
  cause: { ok: false, code, depth: 0 },
});

describe('a delegated credential (RFC 9345 §4.1.3)', () => {
  it.each([nodeProvider, nobleProvider])('is accepted, and its key, with $name', (used) => {
    expect(verified(credentialOf(), { with: used })).toEqual({
      ok: true,
      publicKey: delegate.publicKey.spki,
      verdict: {
        authorized: true,
        chain: [owner.certificate, root.certificate],
        delegatedUntilMs: nowMs + dayMs,
      },
      validUntilMs: nowMs + dayMs,
    });
  });

  it.each([
    [{ type: 'ec', curve: 'secp384r1' }, { type: 'ed25519' }],
    [{ type: 'ed25519' }, { type: 'ec', curve: 'secp256r1' }],
    [
      { type: 'rsa', bits: 2_048 },
      { type: 'ec', curve: 'secp521r1' },
    ],
    [{ type: 'rsa-pss', bits: 2_048 }, { type: 'ed448' }],
    [{ type: 'ed448' }, { type: 'rsa-pss', bits: 2_048 }],
  ] as const)('of a key %o for a key %o', (keySpec, to) => {
    const by = delegator({ keySpec });
    const key = newKey(to);
    const credential = credentialOf({ certificate: by.certificate, key: by.key, to: key });
    for (const used of [nodeProvider, nobleProvider])
      expect(verified(credential, { by, with: used })).toMatchObject({
        ok: true,
        publicKey: key.publicKey.spki,
      });
  });

  it('of a client', () => {
    const credential = credentialOf({ role: 'client' });
    expect(verified(credential, { purpose: 'clientAuth' })).toMatchObject({ ok: true });
    // RFC 9345 §7.2.
    expect(verified(credential)).toMatchObject(
      refused('DELEGATION_SIGNATURE_FAILURE', 'expected a signature for a server by the key of CN=owner'),
    );
    expect(verified(credentialOf(), { purpose: 'clientAuth' })).toMatchObject(
      refused('DELEGATION_SIGNATURE_FAILURE', 'for a client'),
    );
  });

  it('ends at its time and no earlier', () => {
    const credential = credentialOf();
    const end = nowMs + dayMs;
    expect(verified(credential, { receivedAtMs: end })).toMatchObject({ ok: true });
    expect(verified(credential, { receivedAtMs: end + 1 })).toMatchObject(
      refused('DELEGATION_HAS_EXPIRED', 'valid until 2026-06-16T00:00:00.000Z'),
    );
  });

  it('is valid for 7 days from now at most', () => {
    const weekMs = 7 * dayMs;
    const credential = credentialOf({ expiresAtMs: nowMs + weekMs });
    expect(verified(credential)).toMatchObject({ ok: true });
    expect(verified(credential, { receivedAtMs: nowMs - 1 })).toMatchObject(
      refused('DELEGATION_TOO_LONG', 'expected at most 604800 seconds from'),
    );
    expect(verified(credential, { policy: { maxDelegationSeconds: 604_799 } })).toMatchObject(
      refused('DELEGATION_TOO_LONG', 'expected at most 604799 seconds'),
    );
    expect(verified(forced({ validTimeSeconds: 0xffff_ffff }))).toMatchObject(
      refused('DELEGATION_TOO_LONG', 'expected at most'),
    );
  });

  it('ends with its certificate', () => {
    const notAfterMs = nowMs + dayMs;
    const by = delegator({ notAfterMs });
    const until = (ms: number) => verified(forced({ by, validTimeSeconds: seconds(ms) }), { by });
    expect(until(notAfterMs)).toMatchObject({ ok: true });
    expect(until(notAfterMs + 1_000)).toMatchObject(
      refused('DELEGATION_TOO_LONG', 'expected no longer than its certificate'),
    );
  });

  it('is of a certificate that permits it (RFC 9345 §4.2)', () => {
    const of = (contents: Contents) => {
      const by = delegator(contents);
      return verified(forced({ by }), { by });
    };
    const usage = (value: number[], critical = false) => ({
      delegationUsage: false,
      extensions: [{ id: '1.3.6.1.4.1.44363.44', critical, value: Uint8Array.from(value) }],
    });
    const notPermitted = (message: string) => refused('DELEGATION_NOT_PERMITTED', message);
    expect(of(usage([5, 0]))).toMatchObject({ ok: true });
    expect(of({ delegationUsage: false })).toMatchObject(
      notPermitted('expected the extension DelegationUsage'),
    );
    expect(of(usage([5, 1, 0]))).toMatchObject(notPermitted('expected NULL without content'));
    expect(of(usage([5, 0, 0]))).toMatchObject(notPermitted('more bytes'));
    expect(of(usage([1, 1, 0xff]))).toMatchObject(notPermitted('expected'));
    expect(of({ keyUsage: [] })).toMatchObject(notPermitted('expected the key usage digitalSignature'));
    // Whoever does not know the extension must refuse a critical one in any case.
    expect(of(usage([5, 0], true))).toMatchObject({ cause: { code: 'UNHANDLED_CRITICAL_EXTENSION' } });
    expect(of({ keyUsage: ['keyEncipherment'] })).toMatchObject({ cause: { code: 'INVALID_PURPOSE' } });
  });

  it('leaves a certificate alone whose DelegationUsage nobody needs', () => {
    const by = delegator({
      delegationUsage: false,
      extensions: [{ id: '1.3.6.1.4.1.44363.44', value: Uint8Array.of(5, 1, 0) }],
    });
    const reply = createVerifier({ provider, roots: root.certificate })({
      cause: 'handshake',
      evidence: { type: 'x509', chain: [{ certificate: by.certificate }] },
      expectedName: 'a.example',
      purpose: 'serverAuth',
      keyUse: 'sign',
      receivedAtMs: nowMs,
    });
    expect(reply).toMatchObject({ ok: true, publicKey: by.key.publicKey.spki });
    expect(reply.ok && reply.verdict).not.toHaveProperty('delegatedUntilMs');
  });

  it('names a key of its scheme', () => {
    const bad = (message: string) => refused('DELEGATION_BAD_KEY', message);
    const rsa = newKey({ type: 'rsa', bits: 2_048 }).publicKey.spki;
    const small = newKey({ type: 'rsa-pss', bits: 1_024 }).publicKey.spki;
    const of = (cred: Partial<DelegatedCredential['cred']>) => verified(forced(cred));
    expect(of({ subjectPublicKeyInfo: Uint8Array.of(0x30, 0) })).toMatchObject(bad('of a known kind'));
    expect(of({ dcCertVerifyAlgorithm: schemes.ecdsa_secp256r1_sha256 })).toMatchObject(
      bad('expected a key for the scheme 0x403, got one of type ed25519'),
    );
    // The rsaEncryption OID, by any scheme.
    for (const dcCertVerifyAlgorithm of [schemes.rsa_pss_rsae_sha256, schemes.rsa_pss_pss_sha256]) {
      expect(of({ subjectPublicKeyInfo: rsa, dcCertVerifyAlgorithm })).toMatchObject(bad('of type rsa'));
    }
    expect(
      of({ subjectPublicKeyInfo: small, dcCertVerifyAlgorithm: schemes.rsa_pss_pss_sha256 }),
    ).toMatchObject(bad('expected an RSA key of at least 2048 bits, got 1024'));
    const strict = (securityLevel: 2 | 3) =>
      verified(credentialOf({ to: newKey({ type: 'rsa-pss', bits: 2_048 }) }), { policy: { securityLevel } });
    expect(strict(2)).toMatchObject({ ok: true });
    expect(strict(3)).toMatchObject(
      bad('expected a key of at least 128 bits of security (level 3), got 112'),
    );
  });

  it('is signed with the key of this certificate, over all of it', () => {
    const failed = refused('DELEGATION_SIGNATURE_FAILURE', 'expected a signature for a server');
    const right = credentialOf();
    const twin = delegator({ key: owner.key });
    expect(verified(right, { by: twin })).toMatchObject(failed);
    expect(verified(forced({ key: newKey() }))).toMatchObject(failed);
    const { cred } = right;
    expect(
      verified({ ...right, cred: { ...cred, validTimeSeconds: cred.validTimeSeconds + 1 } }),
    ).toMatchObject(failed);
    expect(verified({ ...right, signature: right.signature.subarray(1) })).toMatchObject(failed);
    for (const algorithm of [schemes.ed25519, schemes.ecdsa_secp384r1_sha384, 0x0a0a as SignatureScheme])
      expect(verified({ ...right, algorithm })).toMatchObject(failed);
    // An RSA key could make it, for what stands in certificates.
    const by = delegator({ keySpec: { type: 'rsa', bits: 2_048 } });
    expect(verified(forced({ by, algorithm: schemes.rsa_pkcs1_sha256 }), { by })).toMatchObject(failed);
    expect(verified(forced({ by, algorithm: schemes.rsa_pss_rsae_sha256 }), { by })).toMatchObject({
      ok: true,
    });
  });

  it('does not help a certificate that is not trusted, or for another name', () => {
    const stranger = issue('owner', { delegationUsage: true, dnsNames: ['a.example'] });
    expect(verified(forced({ by: stranger }), { by: stranger })).toMatchObject({ reason: 'unknownCa' });
    expect(verified(credentialOf(), { expectedName: 'b.example' })).toMatchObject({ reason: 'nameMismatch' });
  });

  it('ends a session with itself (RFC 9345 §7.4)', () => {
    const credential = credentialOf();
    const first = verified(credential);
    const stored = { verdict: first.ok ? first.verdict : undefined, verifiedAtMs: nowMs };
    const at = (receivedAtMs: number) => verified(credential, { cause: 'resumption', stored, receivedAtMs });
    expect(at(nowMs + dayMs)).toEqual(first);
    expect(at(nowMs + dayMs + 1)).toMatchObject(refused('DELEGATION_HAS_EXPIRED', 'valid until'));
    // A verdict that is not ours: everything is looked at anew.
    const foreign = { verdict: 'yes', verifiedAtMs: nowMs };
    expect(verified(forced({ key: newKey() }), { cause: 'resumption', stored: foreign })).toMatchObject(
      refused('DELEGATION_SIGNATURE_FAILURE', ''),
    );
  });

  it('is what whoever accepts anybody checks signatures with', () => {
    const credential = forced({ key: newKey() });
    const accept = acceptAnyPeer({ dangerouslySkipAuthentication: true });
    const evidence = {
      type: 'x509',
      chain: [{ certificate: owner.certificate, delegatedCredential: credential }],
    } as const;
    expect(accept({ ...ofNobody, evidence })).toMatchObject({
      ok: true,
      publicKey: delegate.publicKey.spki,
      verdict: { authorized: false },
    });
  });
});

const ofNobody = {
  cause: 'handshake',
  expectedName: undefined,
  purpose: 'serverAuth',
  keyUse: 'sign',
  receivedAtMs: nowMs,
} as const;
