import type { CryptoProvider, HashName } from '@sealwire/core';
import { type AlgorithmIdentifier, hashIds, readAlgorithmIdentifier } from '../../certificate/algorithm.ts';
import type { Certificate } from '../../certificate/certificate.ts';
import { sameBytes } from '../../der/bytes.ts';
import { DerReader, tags } from '../../der/reader.ts';
import { readInteger, readOctetsOfBitString } from '../../der/values.ts';
import type { Superior } from '../status.ts';

/**
 * Which certificate is meant (RFC 6960 §4.1.1):
 *
 *     CertID ::= SEQUENCE {
 *          hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING,
 *          serialNumber CertificateSerialNumber }
 */
export interface CertId {
  readonly hashAlgorithm: AlgorithmIdentifier;
  /** Of the DER of the issuer's name. */
  readonly issuerNameHash: Uint8Array;
  /** Of the bits of the issuer's key, without tag, length and count of unused bits. */
  readonly issuerKeyHash: Uint8Array;
  readonly serialNumber: Uint8Array;
}

export function readCertId(reader: DerReader): CertId {
  const sequence = reader.enter(tags.sequence, 'certID');
  const hashAlgorithm = readAlgorithmIdentifier(sequence, 'hashAlgorithm');
  const issuerNameHash = sequence.content(tags.octetString, 'issuerNameHash');
  const issuerKeyHash = sequence.content(tags.octetString, 'issuerKeyHash');
  const serialNumber = readInteger(sequence, 'serialNumber');
  sequence.finish();
  return { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
}

/** Whether every field of it is that of `certificate`, which `issuer` has issued. */
export function isCertIdOf(
  id: CertId,
  certificate: Certificate,
  issuer: Superior,
  provider: CryptoProvider,
): boolean {
  if (!sameBytes(id.serialNumber, certificate.serialNumber)) return false;
  const hash = certIdHashOf(id.hashAlgorithm);
  const digest = hash && provider.hashes[hash];
  if (digest === undefined) return false;
  return (
    sameBytes(id.issuerNameHash, digest.digest([certificate.issuer.der])) &&
    sameBytes(id.issuerKeyHash, digest.digest([keyBits(issuer.spki)]))
  );
}

/** The bits of a key that is known to be a SubjectPublicKeyInfo. */
export function keyBits(spki: Uint8Array): Uint8Array {
  const info = new DerReader(spki, 'SubjectPublicKeyInfo').enter(tags.sequence, 'SubjectPublicKeyInfo');
  info.element('algorithm');
  return readOctetsOfBitString(info, 'subjectPublicKey');
}

/** SHA-1 is good enough here: whom a colliding name or key would help must be a CA that we trust. `undefined`: not known. */
function certIdHashOf({ algorithm, parameters }: AlgorithmIdentifier): HashName | undefined {
  const isPlain = parameters === undefined || (parameters.length === 2 && parameters[0] === tags.null);
  if (!isPlain) return undefined;
  return certIdHashes.find((hash) => hashIds[hash] === algorithm);
}

export const certIdHashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
