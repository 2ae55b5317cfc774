import { type DerReader, contextTag, tags } from '../der/reader.ts';
import { readInteger } from '../der/values.ts';
import { type GeneralName, readGeneralNames } from '../names/general-name.ts';

/** Which key made the signature, and which key a certificate holds: hints for building chains, proofs of nothing. */

/** `SubjectKeyIdentifier ::= OCTET STRING` (RFC 5280 §4.2.1.2). */
export function readSubjectKeyIdentifier(value: DerReader): Uint8Array {
  const identifier = value.content(tags.octetString, 'SubjectKeyIdentifier');
  value.finish();
  return identifier;
}

/**
 * RFC 5280 §4.2.1.1:
 *
 *     AuthorityKeyIdentifier ::= SEQUENCE {
 *          keyIdentifier [0] KeyIdentifier OPTIONAL, authorityCertIssuer [1] GeneralNames OPTIONAL,
 *          authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
 */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly issuer: readonly GeneralName[] | undefined;
  readonly serialNumber: Uint8Array | undefined;
}

export function readAuthorityKeyIdentifier(value: DerReader): AuthorityKeyIdentifier {
  const sequence = value.enter(tags.sequence, 'AuthorityKeyIdentifier');
  value.finish();
  const has = (tag: number): boolean => sequence.nextTag === tag;
  const keyIdentifier = has(contextTag.primitive(0))
    ? sequence.content(contextTag.primitive(0), 'keyIdentifier')
    : undefined;
  const issuer = has(contextTag.constructed(1))
    ? readGeneralNames(sequence.enter(contextTag.constructed(1), 'authorityCertIssuer'))
    : undefined;
  const serialNumber = has(contextTag.primitive(2))
    ? readInteger(sequence, 'authorityCertSerialNumber', contextTag.primitive(2))
    : undefined;
  sequence.finish();
  return { keyIdentifier, issuer, serialNumber };
}
