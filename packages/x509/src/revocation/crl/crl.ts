import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../../certificate/algorithm.ts';
import {
  type Extension,
  readExplicitExtensions,
  readExtensionValue,
} from '../../certificate/extension-list.ts';
import { sameBytes } from '../../der/bytes.ts';
import { DerReader, contextTag, tags } from '../../der/reader.ts';
import { readTime } from '../../der/time.ts';
import { readInteger, readOctetsOfBitString } from '../../der/values.ts';
import { requireDer } from '../../callers.ts';
import { X509Error, isX509Error } from '../../errors.ts';
import {
  type IssuingDistributionPoint,
  readIssuingDistributionPoint,
} from '../../extensions/issuing-distribution-point.ts';
import { type AuthorityKeyIdentifier, readAuthorityKeyIdentifier } from '../../extensions/key-identifiers.ts';
import { extensionIds } from '../../extensions/registry.ts';
import { maxCrlBytes, maxSerialNumberBytes } from '../../limits.ts';
import { type DistinguishedName, readDistinguishedName } from '../../names/distinguished-name.ts';
import { type RevokedEntries, scanEntries } from './entries.ts';
import { enterSigned } from '../../der/signed.ts';

/**
 * A certificate revocation list, read strictly (RFC 5280 §5.1):
 *
 *     CertificateList ::= SEQUENCE { tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
 *     TBSCertList ::= SEQUENCE {
 *          version Version OPTIONAL, signature AlgorithmIdentifier, issuer Name, thisUpdate Time, nextUpdate Time OPTIONAL,
 *          revokedCertificates SEQUENCE OF SEQUENCE { … } OPTIONAL, crlExtensions [0] EXPLICIT Extensions OPTIONAL }
 *
 * Everything in it is checked by `parseCrl`; nothing says yet who has signed it. Byte properties are views of `der`.
 */
export class CertificateRevocationList {
  readonly der: Uint8Array;
  /** DER of the TBSCertList: what the signature is over. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  /** When it was made, and until when there will be a newer one, in ms since the epoch. */
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
  readonly entries: RevokedEntries;
  /** By object identifier, in the order of the CRL. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** §5.2.3; `undefined`: it has none. */
  readonly crlNumber: bigint | undefined;
  /** §5.2.4: the number of the complete CRL that this one says the changes since. `undefined`: it is no delta. */
  readonly baseCrlNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;

  constructor(fields: CrlFields) {
    this.der = fields.der;
    this.tbs = fields.tbs;
    this.version = fields.version;
    this.signatureAlgorithm = fields.signatureAlgorithm;
    this.signature = fields.signature;
    this.issuer = fields.issuer;
    this.thisUpdateMs = fields.thisUpdateMs;
    this.nextUpdateMs = fields.nextUpdateMs;
    this.entries = fields.entries;
    this.extensions = fields.extensions;
    const read = <T>(id: string, name: string, reader: (value: DerReader) => T): T | undefined => {
      const extension = fields.extensions.get(id);
      const place = 'CertificateList.tbsCertList.crlExtensions';
      return extension && readExtensionValue(fields.der, extension, name, reader, place);
    };
    this.crlNumber = read(extensionIds.crlNumber, 'cRLNumber', readCrlNumber);
    this.baseCrlNumber = read(extensionIds.deltaCrlIndicator, 'deltaCRLIndicator', readCrlNumber);
    this.issuingDistributionPoint = read(
      extensionIds.issuingDistributionPoint,
      'issuingDistributionPoint',
      readIssuingDistributionPoint,
    );
    this.authorityKeyIdentifier = read(
      extensionIds.authorityKeyIdentifier,
      'authorityKeyIdentifier',
      readAuthorityKeyIdentifier,
    );
  }

  /** A critical extension, of the CRL or of an entry, that this package does not understand: such a CRL says nothing (§5.2, §5.3). */
  get unhandledCritical(): string | undefined {
    for (const { id, critical } of this.extensions.values()) if (critical && !understood.has(id)) return id;
    return this.entries.unhandledCritical;
  }
}

type CrlFields = Pick<
  CertificateRevocationList,
  | 'der'
  | 'tbs'
  | 'version'
  | 'signatureAlgorithm'
  | 'signature'
  | 'issuer'
  | 'thisUpdateMs'
  | 'nextUpdateMs'
  | 'entries'
  | 'extensions'
>;

/**
 * Reads one DER CRL whole (`CrlSet` reads PEM, too). `der` is kept, not copied: the caller must not change it afterwards. Throws `X509Error` for
 * anything that is not exactly one CRL in DER.
 */
export function parseCrl(der: Uint8Array): CertificateRevocationList {
  requireDer(der, 'CertificateList');
  return readCrl(der, readTime);
}

/** As `parseCrl`, but a time that is none becomes NaN: what is decided with such a CRL has codes of its own. */
export function parseCrlWithAnyTime(der: Uint8Array): CertificateRevocationList {
  return readCrl(der, (reader, field) => {
    try {
      return readTime(reader, field);
    } catch (error) {
      if (isX509Error(error) && error.code === 'der.badTime') return Number.NaN;
      throw error;
    }
  });
}

function readCrl(
  der: Uint8Array,
  readUpdate: (reader: DerReader, field: string) => number,
): CertificateRevocationList {
  if (der.length > maxCrlBytes) {
    throw new X509Error('crl.tooLarge', `expected at most ${maxCrlBytes} bytes, got ${der.length}`, {
      path: 'CertificateList',
    });
  }
  const { whole: list, tbs, tbsBytes } = enterSigned(der, 'CertificateList', 'tbsCertList');
  const outerAlgorithm = list.element('signatureAlgorithm', tags.sequence);
  const signature = readOctetsOfBitString(list, 'signatureValue');
  list.finish();

  const version = readVersion(tbs);
  const algorithmStart = tbs.at;
  const signatureAlgorithm = readAlgorithmIdentifier(tbs, 'signature');
  // §5.1.1.2: "This field MUST contain the same algorithm identifier as the signature field".
  if (!sameBytes(der.subarray(algorithmStart, tbs.at), outerAlgorithm)) {
    throw tbs.error(
      'crl.signatureAlgorithmMismatch',
      'expected signature and signatureAlgorithm to be equal',
      'signature',
      algorithmStart,
    );
  }
  const issuer = readDistinguishedName(tbs, 'issuer');
  // §5.1.2.3: "The issuer field MUST contain a non-empty X.500 distinguished name".
  if (issuer.isEmpty) throw tbs.error('certificate.badName', 'expected a name that is not empty', 'issuer');
  const thisUpdateMs = readUpdate(tbs, 'thisUpdate');
  const hasNext = tbs.nextTag === tags.utcTime || tbs.nextTag === tags.generalizedTime;
  const nextUpdateMs = hasNext ? readUpdate(tbs, 'nextUpdate') : undefined;
  const entries = readEntries(tbs, version);
  const extensions = readCrlExtensions(tbs, version);
  tbs.finish();
  return new CertificateRevocationList({
    der,
    tbs: tbsBytes,
    version,
    signatureAlgorithm,
    signature,
    issuer,
    thisUpdateMs,
    nextUpdateMs,
    entries,
    extensions,
  });
}

/** §5.1.2.1: "When extensions are used [...] this field MUST be present and MUST specify version 2 (the integer value is 1)". */
function readVersion(tbs: DerReader): 1 | 2 {
  if (tbs.nextTag !== tags.integer) return 1;
  const start = tbs.at;
  const octets = readInteger(tbs, 'version');
  if (octets.length !== 1 || octets[0] !== 1)
    throw tbs.error('crl.badVersion', 'expected v2 (1), or none', 'version', start);
  return 2;
}

/** §5.1.2.6: "When there are no revoked certificates, the revoked certificates list MUST be absent." */
function readEntries(tbs: DerReader, version: 1 | 2): RevokedEntries {
  const isThere = tbs.nextTag === tags.sequence;
  const list = isThere
    ? tbs.enter(tags.sequence, 'revokedCertificates')
    : new DerReader(tbs.bytes, 'revokedCertificates', { start: tbs.at, end: tbs.at });
  if (isThere && list.done)
    throw list.error('crl.noEntries', 'expected entries, or no list of them', 'revokedCertificates');
  return scanEntries(list, version === 2);
}

function readCrlExtensions(tbs: DerReader, version: 1 | 2): ReadonlyMap<string, Extension> {
  if (tbs.nextTag !== contextTag.constructed(0)) return noExtensions;
  if (version === 1)
    throw tbs.error('crl.fieldNotInVersion', 'expected no extensions in version 1', 'crlExtensions');
  return readExplicitExtensions(tbs, 0, 'crlExtensions');
}

/** §5.2.3: "CRL verifiers MUST be able to handle CRLNumber values up to 20 octets"; longer ones are refused. */
function readCrlNumber(value: DerReader): bigint {
  const octets = readInteger(value, 'CRLNumber');
  value.finish();
  if (octets[0]! >= 0x80) throw value.error('crl.badExtension', 'expected no negative number', 'CRLNumber');
  if (octets.length > maxSerialNumberBytes + (octets[0] === 0 ? 1 : 0))
    throw value.error('crl.badExtension', `expected at most ${maxSerialNumberBytes} octets`, 'CRLNumber');
  let number = 0n;
  for (const octet of octets) number = (number << 8n) | BigInt(octet);
  return number;
}

/** Extensions whose rules are followed. Of freshestCRL nothing follows: what deltas there are is the caller's to know. */
const understood: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionIds.authorityKeyIdentifier,
  extensionIds.crlNumber,
  extensionIds.deltaCrlIndicator,
  extensionIds.issuingDistributionPoint,
  extensionIds.issuerAltName,
  extensionIds.freshestCrl,
]);

const noExtensions: ReadonlyMap<string, Extension> = /* @__PURE__ */ new Map<string, Extension>();
