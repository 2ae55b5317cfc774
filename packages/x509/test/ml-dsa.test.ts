import type { CryptoProvider, MlDsaName } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { nodeProvider } from '@sealwire/crypto-node';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  certificatesDer,
  checkRevocation,
  encodePem,
  encryptPrivateKey,
  type KeyUsage,
  loadCredential,
  loadPrivateKey,
  makeCertificate,
  makeCertificateFromRequest,
  makeCertificateRequest,
  makeCrl,
  makePkcs12,
  makeTestPki,
  parseCertificate,
  parseCertificateRequest,
  readPkcs12,
  signatureAlgorithmOf,
  verifyCertificateRequest,
  verifyChain,
} from '../src/index.ts';
import { nowMs } from './authority.ts';

/** Certificates with keys of ML-DSA (RFC 9881). */
const provider = withMlDsa(nodeProvider);
const names: readonly MlDsaName[] = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'];
/** FIPS 204 §4, table 2. */
const signatureBytes = { 'ml-dsa-44': 2420, 'ml-dsa-65': 3309, 'ml-dsa-87': 4627 };
const days = 86_400_000;

describe.each(names)('%s', (type) => {
  const example = (what: string) =>
    readFileSync(new URL(`rfc9881/${type.toUpperCase()}${what}`, import.meta.url), 'latin1');

  test('the certificate of RFC 9881 appendix C.3', () => {
    const [der] = certificatesDer(example('.crt')) as [Uint8Array];
    const certificate = parseCertificate(der);
    expect(`${certificate.subject}`).toBe('CN=LAMPS WG, O=IETF');
    expect(certificate.keyUsage).toEqual(new Set(['digitalSignature', 'keyCertSign', 'cRLSign']));
    expect(signatureAlgorithmOf(certificate.signatureAlgorithm)).toEqual({ type });
    expect(certificate.signature).toHaveLength(signatureBytes[type]);
    const key = loadPrivateKey(example('-seed.priv'), provider);
    expect(key.publicKey.spki).toEqual(certificate.spki);
    // It was signed without randomness, and nothing else gives these bytes.
    const zeros = (length: number) => new Uint8Array(length);
    expect(key.sign({ type }, certificate.tbs, zeros)).toEqual(certificate.signature);
    const options = { provider, chain: [der], roots: der, timeMs: Date.UTC(2026, 0) };
    expect(verifyChain({ ...options, purpose: 'any' })).toMatchObject({ ok: true });
    for (const form of ['seed', 'expanded', 'both'])
      expect(
        loadCredential({ provider, chain: example('.crt'), key: example(`-${form}.priv`) }),
      ).toMatchObject({
        signatureSchemes: [{ 'ml-dsa-44': 0x0904, 'ml-dsa-65': 0x0905, 'ml-dsa-87': 0x0906 }[type]],
      });
  });

  const pki = makeTestPki({ provider, nowMs, keySpec: { type } });
  const verify = (chain: readonly Uint8Array[], by: CryptoProvider = provider) =>
    verifyChain({ provider: by, chain, roots: pki.root.certificate, timeMs: nowMs, hostName: 'localhost' });

  test('a chain is verified, and no other', () => {
    expect(verify(pki.server.chain)).toMatchObject({ ok: true });
    const [leaf, intermediate] = pki.server.chain as [Uint8Array, Uint8Array];
    // Of the signature, and of what is signed.
    for (const at of [leaf.length - 1, leaf.length - 1_000, leaf.length - signatureBytes[type] - 60]) {
      const changed = leaf.with(at, leaf[at]! ^ 1);
      expect(verify([changed, intermediate]), `${at}`).toMatchObject({ ok: false });
    }
    const forged = makeTestPki({ provider, nowMs, keySpec: { type } });
    expect(verify([forged.server.certificate, intermediate])).toMatchObject({
      code: 'CERT_SIGNATURE_FAILURE',
    });
  });

  test('a provider without it says so', () => {
    expect(verify(pki.server.chain, nobleProvider)).toMatchObject({
      ok: false,
      code: 'UNSUPPORTED_PUBLIC_KEY',
    });
    const options = { provider: nobleProvider, chain: pki.server.chain };
    expect(() => loadCredential({ ...options, key: pki.server.key.exportPkcs8() })).toThrow(
      expect.objectContaining({ code: 'key.unsupported' }),
    );
    expect(() => loadPrivateKey(pki.server.key.exportPkcs8(), nobleProvider)).toThrow(
      expect.objectContaining({ code: 'key.unsupported' }),
    );
  });

  test('parameters must be absent (RFC 9881 §2)', () => {
    const identifier = parseCertificate(pki.server.certificate).signatureAlgorithm;
    expect(signatureAlgorithmOf(identifier)).toEqual({ type });
    expect(signatureAlgorithmOf({ ...identifier, parameters: Uint8Array.of(5, 0) })).toBeUndefined();
  });

  test('keys in files: encrypted, PKCS #12', () => {
    const { key, certificate } = pki.server;
    const protection = {
      provider,
      passphrase: 'sesame',
      derivation: { type: 'pbkdf2', iterations: 1_000 },
    } as const;
    const encrypted = encryptPrivateKey(key, protection);
    expect(loadPrivateKey(encrypted, provider, { passphrase: 'sesame' }).exportPkcs8()).toEqual(
      key.exportPkcs8(),
    );
    const file = makePkcs12({ ...protection, identities: [{ key, chain: certificate }] });
    const [identity] = readPkcs12(file, { provider, passphrase: 'sesame' }).identities;
    expect(identity!.key.publicKey.spki).toEqual(key.publicKey.spki);
  });

  test('requests and revocation lists', () => {
    const key = provider.generateKeyPair({ type });
    const request = parseCertificateRequest(makeCertificateRequest({ subject: { CN: 'x' }, key }));
    expect(verifyCertificateRequest(request, provider)).toBe(true);
    const { certificate, key: issuerKey } = pki.intermediate;
    const issued = makeCertificateFromRequest(request, {
      provider,
      issuer: { certificate, key: issuerKey },
      notBeforeMs: nowMs - days,
      notAfterMs: nowMs + days,
    });
    const crl = (serialNumber: Uint8Array) =>
      makeCrl({
        provider,
        issuer: pki.intermediate,
        thisUpdateMs: nowMs - days,
        nextUpdateMs: nowMs + days,
        revoked: [{ serialNumber, revocationDateMs: nowMs - days }],
      });
    const chain = [issued, certificate, pki.root.certificate].map((der) => parseCertificate(der));
    const check = (serialNumber: Uint8Array) =>
      checkRevocation(
        chain,
        { crls: [crl(serialNumber)], certificates: 'endEntity' },
        { provider, timeMs: nowMs },
      );
    expect(check(chain[0]!.serialNumber)).toMatchObject({ code: 'CERT_REVOKED' });
    expect(check(Uint8Array.of(1))).toBeUndefined();
  });
});

describe('key usage (RFC 9881 §5)', () => {
  const key = provider.generateKeyPair({ type: 'ml-dsa-44' });
  const validity = { notBeforeMs: nowMs - days, notAfterMs: nowMs + days };
  const made = (keyUsage: readonly KeyUsage[]) =>
    makeCertificate({ provider, subject: { CN: 'x' }, key, keyUsage, ...validity });
  const wrong = [
    'keyEncipherment',
    'dataEncipherment',
    'keyAgreement',
    'encipherOnly',
    'decipherOnly',
  ] as const;

  test.each(['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'] as const)(
    '%s is fine',
    (usage) => {
      expect(parseCertificate(made([usage])).keyUsage).toEqual(new Set([usage]));
    },
  );

  test.each(wrong)('%s is not written', (usage) => {
    expect(() => made(['digitalSignature', usage])).toThrow(
      `expected no key usage ${usage} with an ML-DSA key`,
    );
  });

  // Bytes of the extension as a careless issuer writes them: digitalSignature and another.
  const bits = {
    keyEncipherment: [5, 0xa0],
    dataEncipherment: [4, 0x90],
    keyAgreement: [3, 0x88],
    encipherOnly: [0, 0x81],
  };
  test.each([...Object.entries(bits), ['decipherOnly', [7, 0x80, 0x80]] as const])(
    '%s is refused',
    (usage, value) => {
      const root = makeCertificate({ provider, subject: { CN: 'root' }, key, ca: true, ...validity });
      const leaf = (extension: readonly number[], of = key) =>
        makeCertificate({
          provider,
          subject: { CN: 'x' },
          key: of,
          issuer: { certificate: root, key },
          keyUsage: [],
          dnsNames: ['localhost'],
          extensions: [
            { id: '2.5.29.15', critical: true, value: Uint8Array.of(3, extension.length, ...extension) },
          ],
          ...validity,
        });
      const verify = (each: Uint8Array) =>
        verifyChain({ provider, chain: [each], roots: root, timeMs: nowMs, hostName: 'localhost' });
      expect(verify(leaf([7, 0x80]))).toMatchObject({ ok: true });
      expect(verify(leaf(value))).toMatchObject({
        ok: false,
        code: 'INVALID_PURPOSE',
        message: `expected no key usage ${usage} with an ML-DSA key`,
      });
      // As OpenSSL, whose rules `node:tls` has, does not look.
      const other = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
      expect(verify(leaf(value, other))).toMatchObject({ ok: true });
    },
  );
});

test('a PEM file of an ML-DSA-87 chain is read', () => {
  const pki = makeTestPki({ provider, nowMs, keySpec: { type: 'ml-dsa-87' } });
  const chain = pki.server.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  expect(loadCredential({ provider, chain, key: pki.server.key }).chain).toHaveLength(2);
});
