import { ApiMisuseError } from '@sealwire/core';
import { ownBytes } from '../der/bytes.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { decodeUtf8, encodeUtf8 } from '../der/strings.ts';
import { readObjectIdentifier } from '../der/values.ts';
import {
  derElement,
  derElementOf,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSequenceOf,
} from '../der/write.ts';
import { X509Error } from '../errors.ts';
import { type KeyPurpose, keyPurposeIds } from '../extensions/registry.ts';
import { maxKeyPurposes } from '../limits.ts';
import { parsePem } from '../pem.ts';
import { requireObjectIdentifier } from '../writer/text.ts';

/** A certificate, and what its owner wants it to be trusted for. */
export interface TrustedCertificate {
  /** DER. */
  readonly certificate: Uint8Array;
  /** Object identifiers of the purposes that it is trusted for; `undefined`: nothing is said. */
  readonly trusted?: readonly string[] | undefined;
  /** Those that it is not trusted for. */
  readonly rejected?: readonly string[] | undefined;
  /** A name for people. */
  readonly alias?: string | undefined;
  readonly keyId?: Uint8Array | undefined;
}

/**
 * Reads OpenSSL's `TRUSTED CERTIFICATE`, PEM or DER; in a PEM text the first counts, a plain CERTIFICATE too. As a root it is
 * trusted for what it says; where certificates are no roots, that is of no account. Throws `X509Error`.
 */
export function readTrustedCertificate(input: string | Uint8Array): TrustedCertificate {
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    throw new ApiMisuseError(`expected a certificate as PEM or DER, got ${typeof input}`);
  if (typeof input !== 'string' && looksLikeDer(input)) return readTrustedDer(input);
  const block = parsePem(input).find(({ label }) => labels.has(label));
  if (block === undefined) throw new X509Error('pem.noBlock', 'expected a TRUSTED CERTIFICATE block of PEM');
  return readTrustedDer(block.der);
}

/** The DER of such a certificate; for PEM its label is `TRUSTED CERTIFICATE`. Purposes by name or by object identifier. */
export function encodeTrustedCertificate(
  contents: Omit<TrustedCertificate, 'trusted' | 'rejected'> & {
    readonly trusted?: readonly (KeyPurpose | (string & {}))[];
    readonly rejected?: readonly (KeyPurpose | (string & {}))[];
  },
): Uint8Array {
  const { certificate, trusted, rejected, alias, keyId } = contents;
  const purposes = (list: readonly string[]): Uint8Array[] =>
    list.map((purpose) => {
      const id = keyPurposeIds[purpose as KeyPurpose] ?? purpose;
      return derObjectIdentifier(requireObjectIdentifier(id, 'a purpose or an object identifier'));
    });
  const aux = derSequence(
    ...(trusted === undefined ? [] : [derSequenceOf(purposes(trusted))]),
    ...(rejected === undefined ? [] : [derElementOf(contextTag.constructed(0), purposes(rejected))]),
    ...(alias === undefined ? [] : [derElement(tags.utf8String, encodeUtf8(alias))]),
    ...(keyId === undefined ? [] : [derOctetString(keyId)]),
  );
  return Uint8Array.of(...certificate, ...aux);
}

/**
 * The certificate, and behind it OpenSSL's own structure, which may be absent:
 *
 *     X509_CERT_AUX ::= SEQUENCE {
 *          trust SEQUENCE OF OBJECT IDENTIFIER OPTIONAL, reject [0] SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
 *          alias UTF8String OPTIONAL, keyid OCTET STRING OPTIONAL, other [1] SEQUENCE OF AlgorithmIdentifier OPTIONAL }
 */
export function readTrustedDer(der: Uint8Array): TrustedCertificate {
  const reader = new DerReader(der, 'TRUSTED CERTIFICATE');
  const certificate = ownBytes(reader.element('Certificate', tags.sequence));
  if (reader.done) return { certificate };
  const aux = reader.enter(tags.sequence, 'X509_CERT_AUX');
  reader.finish();
  const trusted = readPurposes(aux, tags.sequence, 'trust');
  const rejected = readPurposes(aux, contextTag.constructed(0), 'reject');
  const hasAlias = aux.nextTag === tags.utf8String;
  const alias = hasAlias ? decodeUtf8(aux.content(tags.utf8String, 'alias')) : undefined;
  if (hasAlias && alias === undefined) throw aux.error('der.badString', 'expected UTF-8', 'alias');
  const keyId =
    aux.nextTag === tags.octetString ? ownBytes(aux.content(tags.octetString, 'keyid')) : undefined;
  if (aux.nextTag === contextTag.constructed(1)) aux.element('other');
  aux.finish();
  return { certificate, trusted, rejected, alias, keyId };
}

function readPurposes(aux: DerReader, tag: number, field: string): string[] | undefined {
  if (aux.nextTag !== tag) return undefined;
  const list = aux.enter(tag, field);
  const purposes: string[] = [];
  while (!list.done) {
    if (purposes.length === maxKeyPurposes)
      throw list.error('container.tooLarge', `expected at most ${maxKeyPurposes} purposes`);
    purposes.push(readObjectIdentifier(list, 'purpose'));
  }
  return purposes;
}

const labels: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'TRUSTED CERTIFICATE',
  'CERTIFICATE',
  'X509 CERTIFICATE',
]);
