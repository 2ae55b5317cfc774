import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { type KeyPurpose, keyPurposeIds } from '../extensions/registry.ts';
import { maxKeyPurposes } from '../limits.ts';

/** A certificate of our own with what it is trusted for. */
export interface TrustedCertificate {
  readonly der: Uint8Array;
  readonly settings: TrustSettings | undefined;
}

/** Object identifiers of purposes. */
export interface TrustSettings {
  /** `undefined`: all that are not rejected. */
  readonly trusted: readonly string[] | undefined;
  readonly rejected: readonly string[];
}

/**
 * OpenSSL's own form of a certificate, `TRUSTED CERTIFICATE` (d2i_X509_AUX): after the certificate, perhaps
 *
 *     X509_CERT_AUX ::= SEQUENCE { trust SEQUENCE OF OBJECT IDENTIFIER OPTIONAL, reject [0] IMPLICIT SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
 *          alias UTF8String OPTIONAL, keyid OCTET STRING OPTIONAL, other [1] IMPLICIT SEQUENCE OF AlgorithmIdentifier OPTIONAL }
 */
export function readTrustedCertificate(block: Uint8Array): TrustedCertificate {
  const reader = new DerReader(block, 'TRUSTED CERTIFICATE');
  const der = reader.element('Certificate');
  if (reader.done) return { der, settings: undefined };
  const settings = reader.enter(tags.sequence, 'settings');
  reader.finish();
  const trusted = readPurposes(settings, tags.sequence, 'trust');
  const rejected = readPurposes(settings, contextTag.constructed(0), 'reject') ?? [];
  if (settings.nextTag === tags.utf8String) settings.element('alias');
  if (settings.nextTag === tags.octetString) settings.element('keyid');
  if (settings.nextTag === contextTag.constructed(1)) settings.element('other');
  settings.finish();
  return { der, settings: { trusted, rejected } };
}

/** Rejection counts more; whoever lists purposes trusts for no others. */
export function isTrustedFor({ trusted, rejected }: TrustSettings, purpose: KeyPurpose): boolean {
  const names = (ids: readonly string[]): boolean =>
    ids.includes(keyPurposeIds[purpose]) || ids.includes(keyPurposeIds.any);
  return !names(rejected) && (trusted === undefined || names(trusted));
}

function readPurposes(settings: DerReader, tag: number, field: string): string[] | undefined {
  if (settings.nextTag !== tag) return undefined;
  const list = settings.enter(tag, field);
  const purposes: string[] = [];
  while (!list.done) {
    if (purposes.length === maxKeyPurposes)
      throw list.error('certificate.badExtension', `expected at most ${maxKeyPurposes} purposes`);
    purposes.push(readObjectIdentifier(list, 'purpose'));
  }
  return purposes;
}
