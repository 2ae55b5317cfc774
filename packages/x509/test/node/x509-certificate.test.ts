import type { KeySpec } from '@sealwire/core';
import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { certificatesDer, makeTestPki } from '../../src/index.ts';
import { X509Certificate } from '../../src/node/index.ts';
import { issue, nowMs, provider } from '../authority.ts';
import { endsItself, expectSame, leftOut, options, pair } from './compare.ts';

const roots = certificatesDer([...rootCertificates]);
const allKeySpecs: readonly KeySpec[] = [
  { type: 'ec', curve: 'secp256r1' },
  { type: 'ec', curve: 'secp384r1' },
  { type: 'ec', curve: 'secp521r1' },
  { type: 'ec', curve: 'secp256k1' },
  { type: 'ec', curve: 'brainpoolP384r1' },
  { type: 'rsa', bits: 2048 },
  { type: 'rsa-pss', bits: 2048 },
  { type: 'ed25519' },
  { type: 'ed448' },
];
const isNamedByNist = (spec: KeySpec): boolean =>
  spec.type !== 'ec' || (spec.curve.startsWith('secp') && spec.curve !== 'secp256k1');
const keySpecs = allKeySpecs.filter((spec) => !endsItself.curveWithoutNistName || isNamedByNist(spec));
leftOut('keys on secp256k1 and brainpoolP384r1', endsItself.curveWithoutNistName);

describe('as X509Certificate of node:crypto', () => {
  test('every root of Node', () => {
    expect(roots.length).toBeGreaterThan(100);
    for (const der of roots) expectSame(der);
  });

  test('who of the roots has issued whom, and with which key', () => {
    const all = roots.map(pair);
    for (const one of all) {
      for (const other of all) {
        expect(one.ours.checkIssued(other.ours)).toBe(one.theirs.checkIssued(other.theirs));
      }
      expect(one.ours.verify(one.ours.publicKey)).toBe(one.theirs.verify(one.theirs.publicKey));
    }
  });

  test.each(keySpecs)('the test PKI with keys %j', (keySpec) => {
    const pki = makeTestPki({ provider, nowMs, keySpec });
    const issued = [pki.root, pki.intermediate, pki.server, pki.client];
    const pairs = issued.map(({ certificate }) => pair(certificate));
    for (const { certificate } of issued) expectSame(certificate);
    for (const [i, one] of pairs.entries()) {
      for (const [j, other] of pairs.entries()) {
        expect(one.ours.checkIssued(other.ours), `${i} ${j}`).toBe(one.theirs.checkIssued(other.theirs));
        const { publicKey } = other.theirs;
        expect(one.ours.verify(other.ours.publicKey)).toBe(one.theirs.verify(publicKey));
        const { key } = issued[j]!;
        const nodeKey = createPrivateKey({
          key: Buffer.from(key.exportPkcs8()),
          format: 'der',
          type: 'pkcs8',
        });
        expect(one.ours.checkPrivateKey(key)).toBe(one.theirs.checkPrivateKey(nodeKey));
      }
      expect(one.ours.publicKey).toEqual(one.theirs.publicKey.export({ format: 'der', type: 'spki' }));
    }
  });

  test('PEM, text around it, and what is parsed already', () => {
    const { certificate } = issue('x');
    const pem = `# mine\n${new NodeCertificate(certificate).toString()}`;
    for (const input of [pem, Buffer.from(pem), certificate]) {
      expect(new X509Certificate(input, options).raw).toEqual(Buffer.from(certificate));
    }
    const first = new X509Certificate(certificate, options);
    expect(new X509Certificate(first.certificate, options).certificate).toBe(first.certificate);
  });

  test('bytes are Uint8Array unless the caller says otherwise', () => {
    const { certificate } = issue('x');
    const plain = new X509Certificate(certificate, { provider });
    const object = plain.toLegacyObject();
    for (const bytes of [plain.raw, plain.publicKey, object.raw, object.pubkey!]) {
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(bytes).not.toBeInstanceOf(Buffer);
    }
    expect(new X509Certificate(certificate, options).toLegacyObject().pubkey).toBeInstanceOf(Buffer);
  });

  test('a key of the provider verifies too, and another kind of key does not', () => {
    const { certificate, key } = issue('x');
    const ours = new X509Certificate(certificate, options);
    expect(ours.verify(key.publicKey)).toBe(true);
    expect(ours.verify(Uint8Array.of(1))).toBe(false);
    expect(ours.verify(issue('x', { keySpec: { type: 'ed25519' } }).key.publicKey)).toBe(false);
    expect(createPublicKey({ key: ours.publicKey, format: 'der', type: 'spki' }).type).toBe('public');
  });
});
