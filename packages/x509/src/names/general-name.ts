import { type DerReader, contextTag } from '../der/reader.ts';
import { latin1 } from '../der/strings.ts';
import { maxGeneralNames } from '../limits.ts';
import { type DistinguishedName, readDistinguishedName } from './distinguished-name.ts';

/**
 * RFC 5280 §4.2.1.6:
 *
 *     GeneralName ::= CHOICE {
 *          otherName [0] OtherName, rfc822Name [1] IA5String, dNSName [2] IA5String, x400Address [3] ORAddress,
 *          directoryName [4] Name, ediPartyName [5] EDIPartyName, uniformResourceIdentifier [6] IA5String,
 *          iPAddress [7] OCTET STRING, registeredID [8] OBJECT IDENTIFIER }
 *
 * Text is ASCII as it stands in the certificate; whether a `dns` value is a host name at all is checked where
 * it is compared. In a name constraint an `ip` has 8 or 32 bytes: address, then mask.
 */
export type GeneralName =
  | { readonly type: 'email'; readonly value: string }
  | { readonly type: 'dns'; readonly value: string }
  | { readonly type: 'uri'; readonly value: string }
  | { readonly type: 'ip'; readonly value: Uint8Array }
  | { readonly type: 'directory'; readonly value: DistinguishedName }
  | { readonly type: 'other'; readonly form: OtherForm; readonly value: Uint8Array };

/** Forms of names that are recognised and passed on as the contents of their element. */
export type OtherForm = 'otherName' | 'x400Address' | 'ediPartyName' | 'registeredID';

/** `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, of which `sequence` is the inside. */
export function readGeneralNames(sequence: DerReader): GeneralName[] {
  const names: GeneralName[] = [];
  while (!sequence.done) {
    if (names.length === maxGeneralNames) {
      throw sequence.error('certificate.tooManyNames', `expected at most ${maxGeneralNames} names`);
    }
    names.push(readGeneralName(sequence, 'GeneralName', 'address'));
  }
  if (names.length === 0) throw sequence.error('certificate.badExtension', 'expected at least one name');
  return names;
}

/** One name; `ipForm` says whether an iPAddress is an address or, as in constraints, an address and a mask. */
export function readGeneralName(
  reader: DerReader,
  field: string,
  ipForm: 'address' | 'addressAndMask',
): GeneralName {
  const tag = reader.nextTag;
  switch (tag) {
    case contextTag.primitive(1):
      return { type: 'email', value: ia5(reader, tag, field) };
    case contextTag.primitive(2):
      return { type: 'dns', value: ia5(reader, tag, field) };
    case contextTag.primitive(6):
      return { type: 'uri', value: ia5(reader, tag, field) };
    case contextTag.primitive(7): {
      const value = reader.content(tag, field);
      const sizes = ipForm === 'address' ? [4, 16] : [8, 32];
      if (!sizes.includes(value.length)) {
        throw reader.error(
          'certificate.badExtension',
          `expected ${sizes.join(' or ')} bytes of iPAddress, got ${value.length}`,
          field,
        );
      }
      return { type: 'ip', value };
    }
    case contextTag.constructed(4): {
      // A CHOICE inside a context tag is always tagged explicitly (X.680 §31.2.7).
      const explicit = reader.enter(tag, field);
      const value = readDistinguishedName(explicit, 'directoryName');
      explicit.finish();
      return { type: 'directory', value };
    }
    default: {
      const form = otherForms.get(tag);
      if (form === undefined) {
        throw reader.error(
          'der.unexpectedTag',
          `expected a GeneralName, got tag 0x${tag.toString(16)}`,
          field,
        );
      }
      return { type: 'other', form, value: reader.content(tag, field) };
    }
  }
}

function ia5(reader: DerReader, tag: number, field: string): string {
  const content = reader.content(tag, field);
  if (content.some((octet) => octet >= 0x80)) throw reader.error('der.badString', 'expected ASCII', field);
  return latin1(content);
}

const otherForms: ReadonlyMap<number, OtherForm> = /* @__PURE__ */ new Map([
  [contextTag.constructed(0), 'otherName'],
  [contextTag.constructed(3), 'x400Address'],
  [contextTag.constructed(5), 'ediPartyName'],
  [contextTag.primitive(8), 'registeredID'],
]);
