import { type DerReader, tags } from '../der/reader.ts';
import { type GeneralName, readGeneralNames } from '../names/general-name.ts';

/** `SubjectAltName ::= GeneralNames` (RFC 5280 §4.2.1.6). */
export function readSubjectAltName(value: DerReader): readonly GeneralName[] {
  const sequence = value.enter(tags.sequence, 'GeneralNames');
  value.finish();
  return readGeneralNames(sequence);
}
