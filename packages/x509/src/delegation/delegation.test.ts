import { describe, expect, it, test } from 'vitest';
import {
  ApiMisuseError,
  type CryptoProvider,
  type DelegatedCredential,
  type PrivateKey,
  type VerifyPeerAsk,
  type VerifyPeerReply,
  delegatedCredentialContent,
  describeScheme,
  encodeDelegatedCredential,
  signatureSchemes as schemes,
  type SignatureScheme,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { type Contents, authority, issue, newKey, nowMs } from '../../test/authority.ts';
import {
  type DelegationContents,
  type Issued,
  type PathPolicy,
  acceptAnyPeer,
  createVerifier,
  encodePem,
  issueDelegatedCredential,
  loadCredential,
  parseCertificate,
} from '../index.ts';

const provider = nodeProvider;
const root = authority('root');
const owner = delegator();
const delegate = newKey({ type: 'ed25519' });
const dayMs = 86_400_000;

function delegator(contents: Contents = {}): Issued {
  return issue('owner', { issuer: root, dnsNames: ['a.example'], delegationUsage: true, ...contents });
}

function credentialOf(change: Partial<DelegationContents> = {}): DelegatedCredential {
  return issueDelegatedCredential({
    provider,
    certificate: owner.certificate,
    key: owner.key,
    to: delegate,
    role: 'server',
    nowMs,
    expiresAtMs: nowMs + dayMs,
    ...change,
  });
}

/** A credential as nobody should make one: signed all the same. */
function forced(
  change: Partial<DelegatedCredential['cred']> & {
    readonly by?: Issued;
    readonly key?: PrivateKey;
    readonly algorithm?: SignatureScheme;
    readonly role?: 'client' | 'server';
  },
): DelegatedCredential {
  const {
    by = owner,
    key = by.key,
    algorithm = schemes.ecdsa_secp256r1_sha256,
    role = 'server',
    ...rest
  } = change;
  const cred = { ...credentialOf().cred, ...rest };
  const content = delegatedCredentialContent(role, by.certificate, cred, algorithm);
  return { cred, algorithm, signature: key.sign(describeScheme(algorithm)!.algorithm, content) };
}

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

/** Seconds from the certificate's notBefore. */
const seconds = (ms: number) => (ms - Date.UTC(2026, 0)) / 1_000;

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

describe('issueDelegatedCredential', () => {
  it('takes the schemes that fit, or those that are named', () => {
    const rsa = delegator({ keySpec: { type: 'rsa', bits: 2_048 } });
    const by = { certificate: encodePem('CERTIFICATE', rsa.certificate), key: rsa.key };
    expect(credentialOf(by)).toMatchObject({
      cred: { validTimeSeconds: seconds(nowMs + dayMs), dcCertVerifyAlgorithm: schemes.ed25519 },
      algorithm: schemes.rsa_pss_rsae_sha256,
    });
    const named = {
      to: newKey({ type: 'rsa-pss', bits: 2_048 }).publicKey.spki,
      scheme: schemes.rsa_pss_pss_sha512,
      signatureScheme: schemes.rsa_pss_rsae_sha384,
    };
    expect(credentialOf({ ...by, ...named })).toMatchObject({
      cred: { dcCertVerifyAlgorithm: schemes.rsa_pss_pss_sha512, subjectPublicKeyInfo: named.to },
      algorithm: schemes.rsa_pss_rsae_sha384,
    });
  });

  it('depends on its arguments alone with a source', () => {
    const source = (length: number) => new Uint8Array(length).fill(7);
    for (const keySpec of [
      { type: 'ec', curve: 'secp256r1' },
      { type: 'rsa', bits: 2_048 },
    ] as const) {
      const by = delegator({ keySpec });
      const [a, b] = [1, 2].map(() => credentialOf({ certificate: by.certificate, key: by.key, source }));
      expect(a).toEqual(b);
    }
  });

  it.each<[string, () => Partial<DelegationContents>]>([
    ['DELEGATION_TOO_LONG: expected at most 604800', () => ({ expiresAtMs: nowMs + 7 * dayMs + 1_000 })],
    [
      'DELEGATION_TOO_LONG: expected no longer than its certificate',
      () => {
        const { certificate, key } = delegator({ notAfterMs: nowMs + 1_000 });
        return { certificate, key, expiresAtMs: nowMs + 2_000 };
      },
    ],
    ['expected expiresAtMs in ms, later than nowMs', () => ({ expiresAtMs: nowMs })],
    ['expected expiresAtMs in ms, later than nowMs', () => ({ expiresAtMs: Number.NaN })],
    ['expected expiresAtMs in ms', () => ({ expiresAtMs: nowMs, nowMs: Number.NaN })],
    ['expected the role client or server', () => ({ role: 'peer' as never })],
    ['expected the private key of CN=owner, got another key', () => ({ key: newKey() })],
    [
      'DELEGATION_NOT_PERMITTED: expected DelegationUsage not to be critical',
      () => {
        const usage = { id: '1.3.6.1.4.1.44363.44', critical: true, value: Uint8Array.of(5, 0) };
        const { certificate, key } = delegator({ delegationUsage: false, extensions: [usage] });
        return { certificate, key };
      },
    ],
    [
      'DELEGATION_NOT_PERMITTED: expected the extension',
      () => {
        const { certificate, key } = delegator({ delegationUsage: false });
        return { certificate, key };
      },
    ],
    [
      'expected a key that may be delegated to, got one of type rsa',
      () => ({ to: newKey({ type: 'rsa', bits: 2_048 }) }),
    ],
    ['expected a public key that node knows', () => ({ to: Uint8Array.of(0x30, 0) })],
    ['DELEGATION_BAD_KEY: expected a key for the scheme 0x808', () => ({ scheme: schemes.ed448 })],
    [
      "expected signatureScheme to fit the certificate's ec key",
      () => ({ signatureScheme: schemes.ed25519 }),
    ],
  ])('refuses what no peer would take: %s', (message, change) => {
    expect(() => credentialOf(change())).toThrow(ApiMisuseError);
    expect(() => credentialOf(change())).toThrow(message);
  });
});

describe('loadCredential with delegations', () => {
  const load = (delegations: Parameters<typeof loadCredential>[0]['delegations'], key?: PrivateKey) =>
    loadCredential({
      provider,
      chain: owner.certificate,
      delegations: delegations!,
      ...(key === undefined ? {} : { key }),
    });

  it('finds out for whom and until when', () => {
    const credential = credentialOf();
    const asClient = credentialOf({ role: 'client' });
    const { delegations, key, signatureSchemes } = load(
      [
        { credential, key: delegate },
        {
          credential: encodeDelegatedCredential(asClient),
          key: encodePem('PRIVATE KEY', delegate.exportPkcs8()),
        },
        { credential, key: 'external' },
      ],
      owner.key,
    );
    const expiresAtMs = nowMs + dayMs;
    expect(delegations).toMatchObject([
      { credential, key: delegate, role: 'server', expiresAtMs },
      { credential: asClient, role: 'client', expiresAtMs },
      { credential, key: 'external', role: 'server', expiresAtMs },
    ]);
    expect([key, signatureSchemes]).toEqual([owner.key, [schemes.ecdsa_secp256r1_sha256]]);
  });

  it('can do without the key of the certificate', () => {
    const credential = load([{ credential: credentialOf(), key: delegate }]);
    expect(credential).toMatchObject({ key: 'external', signatureSchemes: [] });
    expect(() => load([])).toThrow('expected the private key of CN=owner, or delegations');
    expect(() => load(undefined)).toThrow(ApiMisuseError);
  });

  it('refuses what does not belong together', () => {
    const credential = credentialOf();
    expect(() => load([{ credential, key: newKey() }])).toThrow(
      'expected the private key of the delegated credential, got another key',
    );
    expect(() => load([{ credential: forced({ key: newKey() }), key: delegate }])).toThrow(
      'expected a delegated credential of CN=owner',
    );
    expect(() => load([{ credential: Uint8Array.of(1), key: delegate }])).toThrow(
      expect.objectContaining({ code: 'delegation.malformed' }),
    );
    const plain = delegator({ delegationUsage: false });
    expect(() =>
      loadCredential({ provider, chain: plain.certificate, delegations: [{ credential, key: delegate }] }),
    ).toThrow('DELEGATION_NOT_PERMITTED');
  });
});

/** RFC 9345, appendix B. */
const example = Uint8Array.from(
  atob(
    'MIIFRjCCBMugAwIBAgIQDGevB+lY0o/OecHFSJ6YnTAKBggqhkjOPQQDAzBMMQswCQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQg' +
      'SW5jMSYwJAYDVQQDEx1EaWdpQ2VydCBFQ0MgU2VjdXJlIFNlcnZlciBDQTAeFw0xOTAzMjYwMDAwMDBaFw0yMTAzMzAxMjAwMDBaMGox' +
      'CzAJBgNVBAYTAlVTMRMwEQYDVQQIEwpDYWxpZm9ybmlhMRYwFAYDVQQHEw1TYW4gRnJhbmNpc2NvMRkwFwYDVQQKExBDbG91ZGZsYXJl' +
      'LCBJbmMuMRMwEQYDVQQDEwprYzJrZG0uY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEd4azI83Bw0fcPgfoeiZpZZnwGuxjBjv+' +
      '+wzE0zAj8vNiUkKxOWSQiGNLn+xlWUpLlw9djRN1rLmVmn2gb9GgdKOCA28wggNrMB8GA1UdIwQYMBaAFKOd5h/52jlPwG7okcuVpdox' +
      '4gqfMB0GA1UdDgQWBBSfcb7fS3fUFAyB91fRcwoDPtgtJjAjBgNVHREEHDAaggprYzJrZG0uY29tggwqLmtjMmtkbS5jb20wDgYDVR0P' +
      'AQH/BAQDAgeAMB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjBpBgNVHR8EYjBgMC6gLKAqhihodHRwOi8vY3JsMy5kaWdpY2Vy' +
      'dC5jb20vc3NjYS1lY2MtZzEuY3JsMC6gLKAqhihodHRwOi8vY3JsNC5kaWdpY2VydC5jb20vc3NjYS1lY2MtZzEuY3JsMEwGA1UdIARF' +
      'MEMwNwYJYIZIAYb9bAEBMCowKAYIKwYBBQUHAgEWHGh0dHBzOi8vd3d3LmRpZ2ljZXJ0LmNvbS9DUFMwCAYGZ4EMAQICMHsGCCsGAQUF' +
      'BwEBBG8wbTAkBggrBgEFBQcwAYYYaHR0cDovL29jc3AuZGlnaWNlcnQuY29tMEUGCCsGAQUFBzAChjlodHRwOi8vY2FjZXJ0cy5kaWdp' +
      'Y2VydC5jb20vRGlnaUNlcnRFQ0NTZWN1cmVTZXJ2ZXJDQS5jcnQwDAYDVR0TAQH/BAIwADAPBgkrBgEEAYLaSywEAgUAMIIBfgYKKwYB' +
      'BAHWeQIEAgSCAW4EggFqAWgAdgC72d+8H4pxtZOUI5eqkntHOFeVCqtS6BqQlmQ2jh7RhQAAAWm5hYJ5AAAEAwBHMEUCICiGfq+hSThR' +
      'L2m8H0awoDR8OpnEHNkF0nI6nL5yYL/jAiEAxwebGs/T6Es0YarPzoQJrVZqk+sHH/t+jrSrKd5TDjcAdgCHdb/nWXz4jEOZX73zbv9W' +
      'jUdWNv9KtWDBtOr/XqCDDwAAAWm5hYNgAAAEAwBHMEUCIQD9OWA8KGL6bxDKfgIleHJWB0iWieRs88VgJyfAg/aFDgIgQ/OsdSF9XOy1' +
      'foqge0DTDM2FExuw0JR0AGZWXoNtJzMAdgBElGUusO7Or8RAB9io/ijA2uaCvtjLMbU/0zOWtbaBqAAAAWm5hYHgAAAEAwBHMEUCIQC4' +
      'vua1n3BqthEqpA/VBTcsNwMtAwpCuac2IhJ9wx6X/AIgb+o00k28JQo9TMpP4vzJ3BD3HXWSNc2Zizbq7mkUQYMwCgYIKoZIzj0EAwMD' +
      'aQAwZgIxAJsX7d0SuA8ddf/m7IWfNfs3MQfJyGkEezMJX1t6sRso5z50SS12LpXemuGa1FE2ZgIxAL+CDUF5pz7mhrAEIjQ1MqlpF9tH' +
      '40dJGvYZZQ3W23cMzSkDfvlty5S4RfWHIIPjbw==',
  ),
  (character) => character.charCodeAt(0),
);

test('the example certificate of RFC 9345 permits delegation', () => {
  const certificate = parseCertificate(example);
  expect(certificate.delegationUsage).toBe(true);
  expect([...certificate.keyUsage!]).toEqual(['digitalSignature']);
  expect(certificate.readEverything().extensions.get('1.3.6.1.4.1.44363.44')).toMatchObject({
    critical: false,
  });
});
