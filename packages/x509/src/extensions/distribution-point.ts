import { derElement } from '../der/write.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readBitString } from '../der/values.ts';
import { maxDistributionPoints } from '../limits.ts';
import { DistinguishedName, readDistinguishedName } from '../names/distinguished-name.ts';
import { type GeneralName, readGeneralNames } from '../names/general-name.ts';

/**
 * RFC 5280 §4.2.1.13, §5.2.5:
 *
 *     DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
 */
export type DistributionPointName =
  | { readonly type: 'fullName'; readonly names: readonly GeneralName[] }
  /** To be put below the name of the CRL's issuer; `attributes`: the contents of the set, DER. */
  | { readonly type: 'relativeName'; readonly attributes: Uint8Array };

/**
 * RFC 5280 §4.2.1.13: where the CRLs for a certificate are, and what they cover.
 *
 *     CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 *     DistributionPoint ::= SEQUENCE {
 *          distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
 */
export interface DistributionPoint {
  readonly name: DistributionPointName | undefined;
  /** Bits of `reasonFlags`; all of them where nothing is said. */
  readonly reasons: number;
  /** Who issues the CRL, when it is not the issuer of the certificate. */
  readonly crlIssuer: readonly GeneralName[] | undefined;
}

export function readCrlDistributionPoints(value: DerReader): readonly DistributionPoint[] {
  const sequence = value.enter(tags.sequence, 'CRLDistributionPoints');
  value.finish();
  const points: DistributionPoint[] = [];
  while (!sequence.done) {
    if (points.length === maxDistributionPoints) {
      throw sequence.error('certificate.tooManyNames', `expected at most ${maxDistributionPoints} points`);
    }
    points.push(readDistributionPoint(sequence.enter(tags.sequence, 'DistributionPoint')));
  }
  if (points.length === 0) throw sequence.error('certificate.badExtension', 'expected at least one point');
  return points;
}

function readDistributionPoint(sequence: DerReader): DistributionPoint {
  const name = readDistributionPointName(sequence);
  const reasons = readReasonFlags(sequence, 1);
  const crlIssuer =
    sequence.nextTag === contextTag.constructed(2)
      ? readGeneralNames(sequence.enter(contextTag.constructed(2), 'cRLIssuer'))
      : undefined;
  sequence.finish();
  // "a DistributionPoint MUST NOT consist of only the reasons field; either distributionPoint or cRLIssuer MUST be present".
  if (name === undefined && crlIssuer === undefined) {
    throw sequence.error('certificate.badExtension', 'expected distributionPoint or cRLIssuer');
  }
  return { name, reasons: reasons ?? allReasons, crlIssuer };
}

/** `distributionPoint [0]`, which is explicit around a CHOICE; `undefined` when it is not there. */
export function readDistributionPointName(sequence: DerReader): DistributionPointName | undefined {
  if (sequence.nextTag !== contextTag.constructed(0)) return undefined;
  const explicit = sequence.enter(contextTag.constructed(0), 'distributionPoint');
  if (explicit.nextTag === contextTag.constructed(1)) {
    const attributes = explicit.content(contextTag.constructed(1), 'nameRelativeToCRLIssuer');
    explicit.finish();
    // Whether these are attributes is to be known now, not when somebody compares the name.
    nameBelow(emptyName, attributes);
    return { type: 'relativeName', attributes };
  }
  const names = readGeneralNames(explicit.enter(contextTag.constructed(0), 'fullName'));
  explicit.finish();
  return { type: 'fullName', names };
}

/** All names that a distribution point has. `issuer`: the issuer of its CRL, which a relative name counts from. */
export function namesOf(name: DistributionPointName, issuer: DistinguishedName): readonly GeneralName[] {
  if (name.type === 'fullName') return name.names;
  return [{ type: 'directory', value: nameBelow(issuer, name.attributes) }];
}

/** The name of `issuer` with one more relative name at its end. */
function nameBelow(issuer: DistinguishedName, attributes: Uint8Array): DistinguishedName {
  const above = new DerReader(issuer.der, 'Name').content(tags.sequence, 'Name');
  const contents = derElement(tags.set, attributes);
  const der = derElement(tags.sequence, above, contents);
  return readDistinguishedName(new DerReader(der, 'nameRelativeToCRLIssuer'), 'Name');
}

/**
 * Reasons that a CRL or a distribution point is about, as bits:
 *
 *     ReasonFlags ::= BIT STRING {
 *          unused (0), keyCompromise (1), cACompromise (2), affiliationChanged (3), superseded (4),
 *          cessationOfOperation (5), certificateHold (6), privilegeWithdrawn (7), aACompromise (8) }
 *
 * `undefined` when `[number]` is not there.
 */
export function readReasonFlags(sequence: DerReader, number: number): number | undefined {
  if (sequence.nextTag !== contextTag.primitive(number)) return undefined;
  const start = sequence.at;
  const { octets, unusedBits } = readBitString(sequence, 'ReasonFlags', contextTag.primitive(number));
  // X.690 §11.2.2. Without any bit there is no octet either.
  if (octets.length > 0 && ((octets[octets.length - 1]! >> unusedBits) & 1) === 0)
    throw sequence.error('der.badBitString', 'expected no zero bits at the end', 'ReasonFlags', start);
  let flags = 0;
  for (let bit = 1; bit <= 8; bit++) {
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) flags |= 1 << bit;
  }
  return flags;
}

/** Every reason that a certificate can be revoked for. */
export const allReasons = 0x1fe;

const emptyName: DistinguishedName = /* @__PURE__ */ new DistinguishedName(Uint8Array.of(0x30, 0));
