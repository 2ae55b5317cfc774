import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificate, oid, sequence } from '../test/der.ts';
import { algorithmIds, ecdsaIds, rsaPkcs1Ids } from './certificate/algorithm.ts';
import { X509Error } from './errors.ts';
import { serverEndPointBinding } from './server-end-point.ts';
import { makeCertificate } from './writer/make-certificate.ts';

test.each([
  [rsaPkcs1Ids.md5, 'sha256'],
  [rsaPkcs1Ids.sha1, 'sha256'],
  [ecdsaIds.sha1, 'sha256'],
  [rsaPkcs1Ids.sha256, 'sha256'],
  [ecdsaIds.sha384, 'sha384'],
  [rsaPkcs1Ids.sha512, 'sha512'],
])('a signature of %s: the hash is %s', (id, hash) => {
  const der = certificate({ algorithm: sequence(oid(id)) });
  const expected = createHash(hash).update(der).digest();
  expect(Buffer.from(serverEndPointBinding({ certificate: der, provider })!)).toEqual(expected);
});

test.each([algorithmIds.ed25519, algorithmIds.ed448, '1.2.3.4'])('a signature of %s: undefined', (id) => {
  const der = certificate({ algorithm: sequence(oid(id)) });
  expect(serverEndPointBinding({ certificate: der, provider })).toBeUndefined();
});

test('a signature of RSASSA-PSS: the hash of its parameters', () => {
  const der = makeCertificate({
    provider,
    subject: { CN: 'pss' },
    key: provider.generateKeyPair({ type: 'rsa', bits: 2_048 }),
    signatureAlgorithm: { type: 'rsa-pss', hash: 'sha384', mgfHash: 'sha384', saltBytes: 48 },
    notBeforeMs: 0,
    notAfterMs: 1,
  });
  const expected = createHash('sha384').update(der).digest();
  expect(Buffer.from(serverEndPointBinding({ certificate: der, provider })!)).toEqual(expected);
});

test('no certificate: X509Error', () => {
  expect(() => serverEndPointBinding({ certificate: Uint8Array.of(1), provider })).toThrow(X509Error);
});
