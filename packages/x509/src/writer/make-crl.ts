import {
  ApiMisuseError,
  type CryptoProvider,
  type PrivateKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { parseCertificate } from '../certificate/certificate.ts';
import { joinBytes } from '../der/bytes.ts';
import { derElement, derSequence, derUnsigned } from '../der/write.ts';
import { derGeneralizedTime, derTime } from '../der/write-time.ts';
import { contextTag, tags } from '../der/reader.ts';
import { extensionIds } from '../extensions/registry.ts';
import { type RevocationReason, revocationReasons } from '../revocation/crl/entry.ts';
import { writeSignatureAlgorithm } from './algorithm.ts';
import { toDer } from './asn1.ts';
import { withOwn } from './contents.ts';
import {
  type IssuingDistributionPointInput,
  directoryName,
  issuingDistributionPoint,
} from './distribution-points.ts';
import { type ExtensionInput, authorityKeyIdentifier, writeExtension } from './extensions.ts';
import type { NameInput } from './name.ts';
import { usualSignatureAlgorithm } from '../keys/usual-algorithm.ts';
import { signatureOver } from './signed.ts';

/** One entry of a CRL (RFC 5280 §5.3). */
export interface RevokedInput {
  /** Big-endian octets, as in `Certificate.serialNumber`. */
  readonly serialNumber: Uint8Array;
  /** Ms since the epoch. */
  readonly revocationDateMs: number;
  /** Default: nothing is said, which means `unspecified`. */
  readonly reason?: RevocationReason;
  readonly invalidityDateMs?: number;
  /** Indirect CRLs: the issuer of this certificate and the following, as attributes or as DER. */
  readonly certificateIssuer?: NameInput | Uint8Array;
  /** Added as they are. */
  readonly extensions?: readonly ExtensionInput[];
}

export interface CrlContents {
  readonly provider: CryptoProvider;
  /** Who signs: DER certificate, whose subject becomes the issuer's name, and its key. */
  readonly issuer: { readonly certificate: Uint8Array; readonly key: PrivateKey };
  /** Ms since the epoch, cut to whole seconds; `nextUpdateMs` absent: it does not say how long it holds. */
  readonly thisUpdateMs: number;
  readonly nextUpdateMs?: number;
  /** Any number of them; default none. */
  readonly revoked?: Iterable<RevokedInput>;
  /** §5.2.3. Default 1. */
  readonly crlNumber?: number | bigint;
  /** Makes a delta (§5.2.4). */
  readonly baseCrlNumber?: number | bigint;
  readonly issuingDistributionPoint?: IssuingDistributionPointInput;
  /** Added at the end as they are, in the place of ours with the same identifier; nothing checks that they make sense. */
  readonly extensions?: readonly ExtensionInput[];
  /** Default: what suits the signer's key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Where the signature's randomness comes from. */
  readonly source?: RandomSource;
}

/** Makes and signs a version 2 CRL (RFC 5280 §5.1); DER. Throws `ApiMisuseError` for contents that cannot be written. */
export function makeCrl(contents: CrlContents): Uint8Array {
  const { issuer, source, nextUpdateMs } = contents;
  const algorithm = contents.signatureAlgorithm ?? usualSignatureAlgorithm(issuer.key.kind);
  const algorithmDer = toDer(writeSignatureAlgorithm(algorithm));
  const entries = Array.from(contents.revoked ?? [], writeEntry);
  const tbs = derElement(
    tags.sequence,
    derUnsigned(Uint8Array.of(1)),
    algorithmDer,
    parseCertificate(issuer.certificate).subject.der,
    derTime(contents.thisUpdateMs),
    ...(nextUpdateMs === undefined ? [] : [derTime(nextUpdateMs)]),
    // "When there are no revoked certificates, the revoked certificates list MUST be absent" (§5.1.2.6).
    ...(entries.length === 0 ? [] : [derElement(tags.sequence, joinBytes(entries))]),
    derElement(contextTag.constructed(0), writeExtensions(extensionsOf(contents))),
  );
  return derSequence(tbs, ...signatureOver(tbs, algorithm, issuer.key, source));
}

function extensionsOf(contents: CrlContents): ExtensionInput[] {
  const { issuer, crlNumber = 1, baseCrlNumber, issuingDistributionPoint: scope } = contents;
  const identifier = parseCertificate(issuer.certificate).subjectKeyIdentifier;
  const ours = [
    ...(identifier === undefined ? [] : [authorityKeyIdentifier(identifier)]),
    { id: extensionIds.crlNumber, value: writeNumber(crlNumber) },
    ...(baseCrlNumber === undefined
      ? []
      : [{ id: extensionIds.deltaCrlIndicator, critical: true, value: writeNumber(baseCrlNumber) }]),
    ...(scope === undefined ? [] : [issuingDistributionPoint(scope)]),
  ];
  return withOwn(ours, contents.extensions);
}

function writeEntry(entry: RevokedInput): Uint8Array {
  const { reason, invalidityDateMs, certificateIssuer, extensions = [] } = entry;
  if (reason !== undefined && !(reason in revocationReasons)) {
    const known = Object.keys(revocationReasons).join(', ');
    throw new ApiMisuseError(`expected one of ${known}, got ${JSON.stringify(reason)}`);
  }
  const all: ExtensionInput[] = [
    ...(reason === undefined ? [] : [{ id: extensionIds.crlReason, value: writeReason(reason) }]),
    ...(invalidityDateMs === undefined
      ? []
      : [{ id: extensionIds.invalidityDate, value: derGeneralizedTime(invalidityDateMs) }]),
    ...(certificateIssuer === undefined
      ? []
      : [
          {
            id: extensionIds.certificateIssuer,
            critical: true,
            value: derElement(tags.sequence, directoryName(certificateIssuer)),
          },
        ]),
    ...extensions,
  ];
  return derElement(
    tags.sequence,
    derUnsigned(entry.serialNumber),
    derTime(entry.revocationDateMs),
    ...(all.length === 0 ? [] : [writeExtensions(all)]),
  );
}

export function writeReason(reason: RevocationReason): Uint8Array {
  return derElement(tags.enumerated, Uint8Array.of(revocationReasons[reason]));
}

export function writeExtensions(extensions: readonly ExtensionInput[]): Uint8Array {
  return derElement(tags.sequence, ...extensions.map((extension) => toDer(writeExtension(extension))));
}

function writeNumber(number: number | bigint): Uint8Array {
  if (number < 0 || (typeof number === 'number' && !Number.isSafeInteger(number)))
    throw new ApiMisuseError(`expected a CRL number of 0 or more, got ${number}`);
  if (BigInt(number) >= 1n << 160n) throw new ApiMisuseError('expected a CRL number of at most 20 octets');
  let digits = number.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  return derUnsigned(Uint8Array.from(digits.match(/../g)!, (octet) => Number.parseInt(octet, 16)));
}
