import { type DerReader, contextTag, tags } from '../der/reader.ts';
import { readFlag } from '../der/values.ts';
import {
  type DistributionPointName,
  allReasons,
  readDistributionPointName,
  readReasonFlags,
} from './distribution-point.ts';

/**
 * RFC 5280 §5.2.5: which certificates, and which reasons, a CRL is about.
 *
 *     IssuingDistributionPoint ::= SEQUENCE {
 *          distributionPoint [0] DistributionPointName OPTIONAL, onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE,
 *          onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE, onlySomeReasons [3] ReasonFlags OPTIONAL,
 *          indirectCRL [4] BOOLEAN DEFAULT FALSE, onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
 */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | undefined;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCaCerts: boolean;
  readonly onlyContainsAttributeCerts: boolean;
  /** Entries may be about certificates of other issuers. */
  readonly indirectCrl: boolean;
  /** Bits of the reasons that it is about; all of them where nothing is said. */
  readonly reasons: number;
  /** Whether reasons are named at all, be it all of them. */
  readonly hasReasons: boolean;
  /** DER of the whole value: a delta goes with a base CRL that has the same (§5.2.4). */
  readonly der: Uint8Array;
}

export function readIssuingDistributionPoint(value: DerReader): IssuingDistributionPoint {
  const start = value.at;
  const sequence = value.enter(tags.sequence, 'IssuingDistributionPoint');
  value.finish();
  // "conforming CRLs issuers MUST NOT issue CRLs where the DER encoding of the [extension] is an empty sequence".
  if (sequence.done) throw sequence.error('crl.badExtension', 'expected at least one field');
  const flag = (number: number, field: string): boolean =>
    readFlag(sequence, field, contextTag.primitive(number));
  const name = readDistributionPointName(sequence);
  const onlyContainsUserCerts = flag(1, 'onlyContainsUserCerts');
  const onlyContainsCaCerts = flag(2, 'onlyContainsCACerts');
  const reasons = readReasonFlags(sequence, 3);
  const indirectCrl = flag(4, 'indirectCRL');
  const onlyContainsAttributeCerts = flag(5, 'onlyContainsAttributeCerts');
  sequence.finish();
  // "either onlyContainsUserCerts, onlyContainsCACerts, or onlyContainsAttributeCerts [...] at most one".
  const kinds = [onlyContainsUserCerts, onlyContainsCaCerts, onlyContainsAttributeCerts];
  if (kinds.filter(Boolean).length > 1) {
    throw sequence.error('crl.badExtension', 'expected at most one kind of certificates');
  }
  return {
    name,
    onlyContainsUserCerts,
    onlyContainsCaCerts,
    onlyContainsAttributeCerts,
    indirectCrl,
    reasons: reasons ?? allReasons,
    hasReasons: reasons !== undefined,
    der: value.bytes.subarray(start, value.end),
  };
}
