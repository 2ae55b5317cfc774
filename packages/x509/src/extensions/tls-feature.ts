import { type DerReader, tags } from '../der/reader.ts';
import { readSmallInteger } from '../der/values.ts';
import { maxKeyPurposes } from '../limits.ts';

/** `Features ::= SEQUENCE OF INTEGER` (RFC 7633 §4.1): numbers of the TLS extensions that the server promises to answer. */
export function readTlsFeature(value: DerReader): readonly number[] {
  const sequence = value.enter(tags.sequence, 'Features');
  value.finish();
  const features: number[] = [];
  while (!sequence.done) {
    if (features.length === maxKeyPurposes)
      throw sequence.error('certificate.badExtension', `expected at most ${maxKeyPurposes} features`);
    features.push(readSmallInteger(sequence, 'feature'));
  }
  return features;
}

/** status_request and status_request_v2 (RFC 6066 §8, RFC 6961). */
export const statusRequestFeature = 5;
