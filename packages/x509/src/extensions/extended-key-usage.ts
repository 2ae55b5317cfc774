import { type DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { maxKeyPurposes } from '../limits.ts';

/** `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId` (RFC 5280 §4.2.1.12): object identifiers as text. */
export function readExtendedKeyUsage(value: DerReader): readonly string[] {
  const sequence = value.enter(tags.sequence, 'ExtKeyUsageSyntax');
  value.finish();
  const purposes: string[] = [];
  while (!sequence.done) {
    if (purposes.length === maxKeyPurposes) {
      throw sequence.error('certificate.badExtension', `expected at most ${maxKeyPurposes} purposes`);
    }
    purposes.push(readObjectIdentifier(sequence, 'KeyPurposeId'));
  }
  if (purposes.length === 0)
    throw sequence.error('certificate.badExtension', 'expected at least one purpose');
  return purposes;
}
