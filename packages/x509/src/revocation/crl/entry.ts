import { type Extension, readExtensions } from '../../certificate/extension-list.ts';
import { hex } from '../../der/bytes.ts';
import { DerReader, tags } from '../../der/reader.ts';
import { readTime } from '../../der/time.ts';
import { readInteger } from '../../der/values.ts';
import { extensionIds } from '../../extensions/registry.ts';
import { type GeneralName, readGeneralNames } from '../../names/general-name.ts';

/**
 * One certificate that a CRL lists (RFC 5280 §5.1.2.6, §5.3):
 *
 *     SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time, crlEntryExtensions Extensions OPTIONAL }
 */
export interface RevokedCertificate {
  /** Octets of the INTEGER, as in `Certificate.serialNumber`. */
  readonly serialNumber: Uint8Array;
  /** Ms since the epoch. */
  readonly revocationDateMs: number;
  /** §5.3.1; `unspecified` where nothing is said. */
  readonly reason: RevocationReason;
  /** Since when the key may have been in other hands (§5.3.2), in ms since the epoch. */
  readonly invalidityDateMs: number | undefined;
  /** The issuer of this certificate and of those that follow (§5.3.3); `undefined`: as before. */
  readonly certificateIssuer: readonly GeneralName[] | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** `CRLReason` (§5.3.1), which OCSP uses, too; 7 is not used. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof revocationReasons;

/** Reads one entry; throws `X509Error` for what is none. `hasExtensions`: false in version 1, which has none. */
export function readEntry(list: DerReader, hasExtensions: boolean): RevokedCertificate {
  const entry = list.enter(tags.sequence, 'revokedCertificate');
  const serialNumber = readInteger(entry, 'userCertificate');
  const revocationDateMs = readTime(entry, 'revocationDate');
  if (entry.done) return { serialNumber, revocationDateMs, ...withoutExtensions };
  if (!hasExtensions) {
    throw entry.error(
      'crl.fieldNotInVersion',
      'expected no entry extensions in version 1',
      'crlEntryExtensions',
    );
  }
  const extensions = readExtensions(entry);
  entry.finish();
  const read = <T>(id: string, field: string, reader: (value: DerReader) => T): T | undefined => {
    const value = extensions.get(id)?.value;
    if (value === undefined) return undefined;
    const start = value.byteOffset - entry.bytes.byteOffset;
    const inside = new DerReader(entry.bytes, field, { start, end: start + value.length, parent: entry });
    const result = reader(inside);
    inside.finish();
    return result;
  };
  return {
    serialNumber,
    revocationDateMs,
    extensions,
    reason: read(extensionIds.crlReason, 'reasonCode', readRevocationReason) ?? 'unspecified',
    invalidityDateMs: read(extensionIds.invalidityDate, 'invalidityDate', readGeneralizedTime),
    certificateIssuer: read(extensionIds.certificateIssuer, 'certificateIssuer', (value) =>
      readGeneralNames(value.enter(tags.sequence, 'GeneralNames')),
    ),
  };
}

/** `CRLReason ::= ENUMERATED`. */
export function readRevocationReason(reader: DerReader): RevocationReason {
  const content = readInteger(reader, 'CRLReason', tags.enumerated);
  const reason = content.length === 1 ? reasonNames.get(content[0]!) : undefined;
  if (reason === undefined)
    throw reader.error('crl.badExtension', `expected a reason of RFC 5280 §5.3.1, got 0x${hex(content)}`);
  return reason;
}

/** "GeneralizedTime values MUST be expressed in Greenwich Mean Time" and have seconds (§5.3.2), as in certificates. */
export function readGeneralizedTime(reader: DerReader, field = 'GeneralizedTime'): number {
  if (reader.nextTag !== tags.generalizedTime) reader.enter(tags.generalizedTime, field);
  return readTime(reader, field);
}

const withoutExtensions = /* @__PURE__ */ Object.freeze({
  reason: 'unspecified',
  invalidityDateMs: undefined,
  certificateIssuer: undefined,
  extensions: /* @__PURE__ */ new Map<string, Extension>(),
} as const);

const reasonNames: ReadonlyMap<number, RevocationReason> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(revocationReasons).map(([name, code]) => [code, name as RevocationReason]),
);
