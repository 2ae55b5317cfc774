import { compareBytes, hex, sameBytes } from '../der/bytes.ts';
import { DerReader, tags } from '../der/reader.ts';
import { decodeString } from '../der/strings.ts';
import { readBitString, readObjectIdentifier, skipObjectIdentifier } from '../der/values.ts';
import { maxNameAttributes, maxUnicodeValueCharacters } from '../limits.ts';

/**
 * A distinguished name (RFC 5280 §4.1.2.4):
 *
 *     Name ::= CHOICE { rdnSequence RDNSequence }
 *     RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
 *     RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
 *     AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
 */
export class DistinguishedName {
  /** DER of the Name. */
  readonly der: Uint8Array;
  #relativeNames: readonly RelativeName[] | undefined;
  #relativeKeys: readonly string[] | undefined;
  #comparisonKey: string | undefined;
  #text: string | undefined;

  /** `der` must have passed `readDistinguishedName`; then no property throws. */
  constructor(der: Uint8Array) {
    this.der = der;
  }

  /** No attribute at all; allowed only for subjects that have alternative names. */
  get isEmpty(): boolean {
    return this.der.length === 2;
  }

  /** From the most significant (usually the country) to the least. */
  get relativeNames(): readonly RelativeName[] {
    return (this.#relativeNames ??= readRelativeNames(new DerReader(this.der, 'Name')));
  }

  /** The first value of an attribute, by object identifier; `undefined` when absent or no character string. */
  attribute(type: string): string | undefined {
    for (const relative of this.relativeNames) {
      for (const attribute of relative)
        if (attribute.type === type && attribute.text !== undefined) return attribute.text;
    }
    return undefined;
  }

  /**
   * Two names with equal keys are the same name (RFC 5280 §7.1): character strings are compared whatever
   * their type, without regard to case and to runs of spaces; other values byte by byte.
   */
  get comparisonKey(): string {
    return (this.#comparisonKey ??= this.#keys().join('\u0001'));
  }

  equals(other: DistinguishedName): boolean {
    return sameBytes(this.der, other.der) || this.comparisonKey === other.comparisonKey;
  }

  /** True when `ancestor`'s relative names are the first of this name's (RFC 5280 §4.2.1.10). */
  isWithin(ancestor: DistinguishedName): boolean {
    const outer = ancestor.#keys();
    const own = this.#keys();
    return outer.length <= own.length && outer.every((key, i) => key === own[i]);
  }

  /** For people: `CN=example.org, O=Example`; least significant first, unknown types by number. */
  toString(): string {
    // Made once: a refusal names the same certificates for each way that was tried.
    return (this.#text ??= this.relativeNames.map(relativeNameText).reverse().join(', '));
  }

  #keys(): readonly string[] {
    return (this.#relativeKeys ??= this.relativeNames.map(relativeNameKey));
  }
}

export interface NameAttribute {
  /** Object identifier of the type, for example `2.5.4.3`. */
  readonly type: string;
  /** The tag of the value as it stands in the DER. */
  readonly tag: number;
  /** Contents of the value. */
  readonly value: Uint8Array;
  /** The value as text; `undefined` when it is no character string. */
  readonly text: string | undefined;
}

/** Usually one attribute; several are a set without order. */
export type RelativeName = readonly NameAttribute[];

/** The next element as a name; its shape is checked whole, its attributes are read when asked for. */
export function readDistinguishedName(
  reader: DerReader,
  field: string,
  tag: number = tags.sequence,
): DistinguishedName {
  const nameStart = reader.at;
  const sequence = reader.enter(tag, field);
  let attributes = 0;
  while (!sequence.done) {
    const set = sequence.enter(tags.set, 'relativeDistinguishedName');
    if (set.done) throw set.error('certificate.badName', 'expected at least one attribute');
    let before: Uint8Array | undefined;
    while (!set.done) {
      const start = set.at;
      const pair = set.enter(tags.sequence, 'attribute');
      skipObjectIdentifier(pair, 'type');
      checkValue(pair);
      pair.finish();
      const own = set.bytes.subarray(start, set.at);
      // X.690 §11.6: otherwise one name would have several encodings.
      if (before !== undefined && compareBytes(before, own) > 0) {
        const message = 'expected the attributes of a set in ascending order of their bytes';
        throw set.error('der.unsortedSet', message, 'attribute', start);
      }
      before = own;
      if (++attributes > maxNameAttributes) {
        throw reader.error(
          'certificate.tooManyNames',
          `expected at most ${maxNameAttributes} attributes`,
          field,
        );
      }
    }
  }
  const der = reader.bytes.subarray(nameStart, reader.at);
  return new DistinguishedName(der);
}

/**
 * A value of one of the types that attributes have: character strings, and BIT STRING and SEQUENCE for the
 * rare rest. A string must be one: two readers of a broken UTF8String might see two different names.
 */
function checkValue(pair: DerReader): void {
  const tag = pair.nextTag;
  const start = pair.at;
  if (tag === -1) throw pair.error('der.truncated', 'expected a value, got the end', 'value');
  if (!comparableTags.has(tag) && !otherValueTags.has(tag)) {
    throw pair.error(
      'certificate.badName',
      `expected a character string, got tag 0x${tag.toString(16)}`,
      'value',
    );
  }
  if (tag === tags.bitString) {
    readBitString(pair, 'value');
    return;
  }
  const content = pair.content(tag, 'value');
  const isSimple =
    !strictTags.has(tag) || (tag === tags.utf8String && content.every((octet) => octet < 0x80));
  if (isSimple) return;
  const text = decodeString(tag, content);
  if (text === undefined) {
    throw pair.error('der.badString', 'expected characters in the encoding of their type', 'value', start);
  }
  if (text.length > maxUnicodeValueCharacters) {
    const message = `expected at most ${maxUnicodeValueCharacters} characters beyond ASCII, got ${text.length}`;
    throw pair.error('certificate.badName', message, 'value', start);
  }
}

function readRelativeNames(reader: DerReader): RelativeName[] {
  const relativeNames: RelativeName[] = [];
  const sequence = reader.enter(reader.nextTag, 'rdnSequence');
  while (!sequence.done) {
    const set = sequence.enter(tags.set, 'relativeDistinguishedName');
    const attributes: NameAttribute[] = [];
    while (!set.done) {
      const pair = set.enter(tags.sequence, 'attribute');
      const type = readObjectIdentifier(pair, 'type');
      const tag = pair.nextTag;
      const value = pair.content(tag, 'value');
      attributes.push({ type, tag, value, text: decodeString(tag, value) });
    }
    relativeNames.push(attributes);
  }
  return relativeNames;
}

function relativeNameText(relative: RelativeName): string {
  return relative
    .map(({ type, text, value }) => `${shortNames.get(type) ?? type}=${text ?? `#${hex(value)}`}`)
    .join('+');
}

function relativeNameKey(relative: RelativeName): string {
  if (relative.length === 1) return attributeKey(relative[0]!);
  return relative.map(attributeKey).sort().join('\u0002');
}

/**
 * RFC 5280 §7.1 asks for the string preparation of RFC 4518: case folded, compatibility forms unified, no
 * spaces at the ends, one for each run inside. Control characters, which the separators are made of, count as spaces.
 */
function attributeKey(attribute: NameAttribute): string {
  if (attribute.text === undefined || !comparableTags.has(attribute.tag)) {
    return `${attribute.type}#${attribute.tag}:${hex(attribute.value)}`;
  }
  let text = attribute.text;
  if (!/^[\x20-\x7e]*$/.test(text))
    text = text.normalize('NFKC').replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  text = text.toLowerCase().trim().replace(/ {2,}/g, ' ');
  return `${attribute.type}=${text}`;
}

const comparableTags: ReadonlySet<number> = /* @__PURE__ */ new Set([
  tags.utf8String,
  tags.printableString,
  tags.ia5String,
  tags.bmpString,
  tags.universalString,
  tags.teletexString,
  tags.numericString,
]);

const otherValueTags: ReadonlySet<number> = /* @__PURE__ */ new Set([tags.bitString, tags.sequence]);

/** PrintableString, IA5String and TeletexString are left out: CAs put Latin-1 into all of them, and readers agree on that. */
const strictTags: ReadonlySet<number> = /* @__PURE__ */ new Set([
  tags.utf8String,
  tags.bmpString,
  tags.universalString,
]);

/** Object identifiers of attribute types, and the short names that RFC 4514 §3 and common practice give them. */
export const attributeTypes = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  street: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

const shortNames: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(attributeTypes).map(([name, type]) => [type, name]),
);
