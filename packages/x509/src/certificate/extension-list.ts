import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readBoolean, readObjectIdentifier } from '../der/values.ts';
import { maxExtensions } from '../limits.ts';

/** One extension as it stands in the certificate (RFC 5280 §4.1). */
export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  /** Contents of extnValue: the DER of the extension's own structure. */
  readonly value: Uint8Array;
}

/**
 * RFC 5280 §4.1, §4.2:
 *
 *     extensions [3] EXPLICIT Extensions OPTIONAL
 *     Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
 *     Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 *
 * "A certificate MUST NOT include more than one instance of a particular extension."
 */
export function readExtensionList(tbs: DerReader): ReadonlyMap<string, Extension> {
  const explicit = tbs.enter(contextTag.constructed(3), 'extensions');
  const list = explicit.enter(tags.sequence, 'Extensions');
  explicit.finish();
  const extensions = new Map<string, Extension>();
  while (!list.done) {
    const start = list.at;
    if (extensions.size === maxExtensions) {
      throw list.error('certificate.tooManyExtensions', `expected at most ${maxExtensions} extensions`);
    }
    const sequence = list.enter(tags.sequence, 'Extension');
    const id = readObjectIdentifier(sequence, 'extnID');
    // As with cA: a default written out is tolerated.
    const critical = sequence.nextTag === tags.boolean && readBoolean(sequence, 'critical');
    const value = sequence.content(tags.octetString, 'extnValue');
    sequence.finish();
    if (extensions.has(id)) {
      throw list.error(
        'certificate.duplicateExtension',
        `expected one instance of extension ${id}, got two`,
        id,
        start,
      );
    }
    extensions.set(id, { id, critical, value });
  }
  if (extensions.size === 0) throw list.error('certificate.noExtensions', 'expected at least one extension');
  return extensions;
}

/**
 * Reads an extension's value with one of the readers in `extensions/`. Errors count their offset from the
 * start of the certificate.
 */
export function readExtensionValue<T>(
  certificateDer: Uint8Array,
  extension: Extension,
  name: string,
  read: (value: DerReader) => T,
): T {
  const start = extension.value.byteOffset - certificateDer.byteOffset;
  const window = { start, end: start + extension.value.length };
  return read(new DerReader(certificateDer, `Certificate.tbsCertificate.extensions.${name}`, window));
}
