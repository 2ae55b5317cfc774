import { DerReader, contextTag, tags } from '../der/reader.ts';
import { readFlag, readObjectIdentifier } from '../der/values.ts';
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
  return readExplicitExtensions(tbs, 3, 'extensions');
}

/** `[number] EXPLICIT Extensions`: certificates, CRLs and OCSP have the same list under other numbers. */
export function readExplicitExtensions(
  reader: DerReader,
  number: number,
  field: string,
): ReadonlyMap<string, Extension> {
  const explicit = reader.enter(contextTag.constructed(number), field);
  const extensions = readExtensions(explicit);
  explicit.finish();
  return extensions;
}

/** The next element as `Extensions`, without a tag around. */
export function readExtensions(reader: DerReader): ReadonlyMap<string, Extension> {
  const list = reader.enter(tags.sequence, 'Extensions');
  const extensions = new Map<string, Extension>();
  while (!list.done) {
    const start = list.at;
    if (extensions.size === maxExtensions) {
      throw list.error('certificate.tooManyExtensions', `expected at most ${maxExtensions} extensions`);
    }
    const sequence = list.enter(tags.sequence, 'Extension');
    const id = readObjectIdentifier(sequence, 'extnID');
    const critical = readFlag(sequence, 'critical');
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
 * start of the certificate (or of what else `der` is, with the place of its extensions).
 */
export function readExtensionValue<T>(
  der: Uint8Array,
  extension: Extension,
  name: string,
  read: (value: DerReader) => T,
  place = 'Certificate.tbsCertificate.extensions',
): T {
  const start = extension.value.byteOffset - der.byteOffset;
  const window = { start, end: start + extension.value.length };
  return read(new DerReader(der, `${place}.${name}`, window));
}
