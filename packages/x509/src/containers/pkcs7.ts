import { ApiMisuseError } from '@sealwire/core';
import { berToDer } from '../der/ber.ts';
import { ownBytes } from '../der/bytes.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readObjectIdentifier, readSmallInteger } from '../der/values.ts';
import {
  derElementOf,
  derExplicit,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSetOf,
} from '../der/write.ts';
import { X509Error } from '../errors.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { maxContainerEntries } from '../limits.ts';
import { parsePem } from '../pem.ts';
import { contentIds } from './pkcs12/ids.ts';

/** Certificates and revocation lists in the order of a file; DER, not looked at. */
export interface CertificateBundle {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/**
 * The certificates of a PKCS #7 file (`.p7b`, `.p7c`), PEM or DER or BER: SignedData, which signs nothing as a rule. Where it
 * does, the signatures are not looked at: being in the file says nothing about a certificate. Throws `X509Error` with a
 * `container.…`, `der.…` or `pem.…` code.
 */
export function readPkcs7(input: string | Uint8Array): CertificateBundle {
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    throw new ApiMisuseError(`expected PKCS #7 as PEM or DER, got ${typeof input}`);
  if (typeof input !== 'string' && looksLikeDer(input)) return readSignedData(input);
  const block = parsePem(input).find(({ label }) => labels.has(label));
  if (block === undefined)
    throw new X509Error(
      'pem.noBlock',
      'expected a PKCS7 block of PEM (the contents of a file, not its path)',
    );
  return readSignedData(block.der);
}

/** A PKCS #7 file of certificates and revocation lists, nothing signed, in the order given; DER. For PEM its label is `PKCS7`. */
export function makePkcs7({
  certificates = [],
  crls = [],
}: {
  readonly certificates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
}): Uint8Array {
  // RFC 5652 §5.1 has sets of them, which DER would sort; everybody keeps the order, and many count on it.
  const list = (number: number, elements: readonly Uint8Array[]): Uint8Array[] =>
    elements.length === 0 ? [] : [derElementOf(contextTag.constructed(number), elements)];
  const signedData = derSequence(
    derInteger(1),
    derSetOf(),
    derSequence(derObjectIdentifier(contentIds.data)),
    ...list(0, certificates),
    ...list(1, crls),
    derSetOf(),
  );
  return derSequence(derObjectIdentifier(contentIds.signedData), derExplicit(0, signedData));
}

/**
 * RFC 5652 §3, §5.1; of other forms of certificates and lists, which are tagged, nothing is read:
 *
 *     ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
 *     SignedData ::= SEQUENCE {
 *          version, digestAlgorithms SET, encapContentInfo SEQUENCE, certificates [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
 *          crls [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL, signerInfos SET }
 */
function readSignedData(ber: Uint8Array): CertificateBundle {
  const reader = new DerReader(berToDer(ber), 'ContentInfo');
  const info = reader.enter(tags.sequence, 'ContentInfo');
  reader.finish();
  const type = readObjectIdentifier(info, 'contentType');
  if (type !== contentIds.signedData)
    throw info.error('container.unsupported', `expected SignedData, got ${type}`, 'contentType');
  const explicit = info.enter(contextTag.constructed(0), 'content');
  info.finish();
  const data = explicit.enter(tags.sequence, 'SignedData');
  explicit.finish();
  readSmallInteger(data, 'version');
  data.element('digestAlgorithms', tags.set);
  data.element('encapContentInfo', tags.sequence);
  const certificates = readList(data, 0, 'certificates');
  const crls = readList(data, 1, 'crls');
  data.element('signerInfos', tags.set);
  data.finish();
  return { certificates, crls };
}

function readList(data: DerReader, number: number, field: string): Uint8Array[] {
  const tag = contextTag.constructed(number);
  if (data.nextTag !== tag) return [];
  const list = data.enter(tag, field);
  const found: Uint8Array[] = [];
  while (!list.done) {
    if (found.length === maxContainerEntries)
      throw list.error('container.tooLarge', `expected at most ${maxContainerEntries} ${field}`);
    const isPlain = list.nextTag === tags.sequence;
    const element = list.element(field);
    if (isPlain) found.push(ownBytes(element));
  }
  return found;
}

const labels: ReadonlySet<string> = /* @__PURE__ */ new Set(['PKCS7', 'CMS', 'PKCS #7 SIGNED DATA']);
