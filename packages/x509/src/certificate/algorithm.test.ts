import { describe, expect, test } from 'vitest';
import type { SignatureAlgorithm } from '@sealwire/core';
import { oid, sequence, tlv } from '../../test/der.ts';
import { DerReader } from '../der/reader.ts';
import { toDer } from '../writer/asn1.ts';
import { writeSignatureAlgorithm } from '../writer/algorithm.ts';
import {
  algorithmIds,
  readAlgorithmIdentifier,
  readPssParameters,
  signatureAlgorithmOf,
} from './algorithm.ts';

const reread = (algorithm: SignatureAlgorithm) =>
  signatureAlgorithmOf(
    readAlgorithmIdentifier(new DerReader(toDer(writeSignatureAlgorithm(algorithm)), 'Test'), 'Test'),
  );

test.each<SignatureAlgorithm>([
  { type: 'rsa-pkcs1', hash: 'sha1' },
  { type: 'rsa-pkcs1', hash: 'sha256' },
  { type: 'rsa-pkcs1', hash: 'sha512' },
  { type: 'ecdsa', hash: 'sha384' },
  { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
  { type: 'rsa-pss', hash: 'sha512', mgfHash: 'sha384', saltBytes: 300 },
  { type: 'rsa-pss', hash: 'sha1', mgfHash: 'sha1', saltBytes: 20 },
  { type: 'ed25519' },
  { type: 'ed448' },
])('%j is read as it was written', (algorithm) => expect(reread(algorithm)).toEqual(algorithm));

describe('parameters must be those of the RFC', () => {
  const nul = tlv(0x05);
  test.each([
    ['1.2.840.113549.1.1.11', sequence()],
    ['1.2.840.10045.4.3.2', nul],
    [algorithmIds.ed25519, nul],
    [algorithmIds.ed448, nul],
    [algorithmIds.rsaPss, undefined],
    ['1.2.3', undefined],
  ])('%s', (algorithm, parameters) =>
    expect(signatureAlgorithmOf({ algorithm, parameters })).toBeUndefined(),
  );
  test('PKCS #1 without NULL is tolerated (RFC 4055 §5)', () => {
    expect(signatureAlgorithmOf({ algorithm: '1.2.840.113549.1.1.11', parameters: undefined })).toEqual({
      type: 'rsa-pkcs1',
      hash: 'sha256',
    });
  });
  test('RSASSA-PSS defaults and refusals', () => {
    expect(readPssParameters(sequence())).toEqual({ hash: 'sha1', mgfHash: 'sha1', saltBytes: 20 });
    expect(readPssParameters(sequence(tlv(0xa3, tlv(0x02, [1]))))).toBeDefined();
    expect(readPssParameters(sequence(tlv(0xa3, tlv(0x02, [2]))))).toBeUndefined();
    expect(readPssParameters(sequence(tlv(0xa0, sequence(oid('1.2.3')))))).toBeUndefined();
    expect(readPssParameters(sequence(tlv(0xa1, sequence(oid('1.2.3'), nul))))).toBeUndefined();
    expect(readPssParameters(sequence(tlv(0xa2, tlv(0x02, [0x80]))))).toBeUndefined();
    expect(readPssParameters(sequence(tlv(0xa4, nul)))).toBeUndefined();
    expect(readPssParameters(nul)).toBeUndefined();
  });
});
