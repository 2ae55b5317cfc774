import { type DerReader, tags } from '../der/reader.ts';
import { readBoolean, readSmallInteger } from '../der/values.ts';

/**
 * RFC 5280 §4.2.1.9:
 *
 *     BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
 */
export interface BasicConstraints {
  readonly ca: boolean;
  /** How many certificates that are not self-issued may stand between this one and the end entity's. */
  readonly pathLength: number | undefined;
}

export function readBasicConstraints(value: DerReader): BasicConstraints {
  const sequence = value.enter(tags.sequence, 'BasicConstraints');
  // X.690 §11.5 leaves a default value out. Here alone it is tolerated: many certificates of end entities have `cA FALSE`, and
  // every validator that we know takes them.
  const ca = sequence.nextTag === tags.boolean && readBoolean(sequence, 'cA');
  const pathLength =
    sequence.nextTag === tags.integer ? readSmallInteger(sequence, 'pathLenConstraint') : undefined;
  sequence.finish();
  value.finish();
  if (pathLength !== undefined && !ca) {
    // "CAs MUST NOT include the pathLenConstraint field unless the cA boolean is asserted".
    throw sequence.error('certificate.badExtension', 'expected pathLenConstraint only together with cA');
  }
  return { ca, pathLength };
}
