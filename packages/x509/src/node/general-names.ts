import { isX509Error } from '../errors.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { latin1 } from '../der/strings.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { readDistinguishedName } from '../names/distinguished-name.ts';
import { directoryNameText } from './name-text.ts';
import { type NodeRelease, longName } from './object-names.ts';
import { lossyUtf8 } from './strings.ts';

/**
 * General names as Node prints them since CVE-2021-44532 and CVE-2021-44533: what could be taken for a separator or for
 * another name is a JSON string. Names are shown that this package would not read: their text need not be ASCII, and an
 * address may have any length.
 */

/** `subjectAltName`: names with `, ` between them. `null` for an extension that is malformed. */
export function altNamesText(extension: Uint8Array, release: NodeRelease): string | null {
  return orNull(() => {
    const names = new DerReader(extension, 'SubjectAltName').enter(tags.sequence, 'SubjectAltName');
    const texts: string[] = [];
    while (!names.done) texts.push(generalNameText(names, release));
    return texts.join(', ');
  });
}

/** `infoAccess`: a line for each, `CA Issuers - URI:http://…`. `null` for an extension that is malformed. */
export function infoAccessText(extension: Uint8Array, release: NodeRelease): string | null {
  return orNull(() => {
    const list = new DerReader(extension, 'AuthorityInfoAccess').enter(tags.sequence, 'AuthorityInfoAccess');
    const lines: string[] = [];
    while (!list.done) {
      const description = list.enter(tags.sequence, 'AccessDescription');
      const method = readObjectIdentifier(description, 'accessMethod');
      const location = generalNameText(description, release);
      description.finish();
      lines.push(`${(longName(method, release) ?? method).slice(0, 79)} - ${location}`);
    }
    return lines.join('\n');
  });
}

/** `infoAccess` of a legacy object: lists by what stands before the first colon of a line, without prototype. */
export interface LegacyInfoAccess {
  [method: string]: string[];
}

export function legacyInfoAccess(text: string): LegacyInfoAccess {
  const object: LegacyInfoAccess = Object.create(null) as LegacyInfoAccess;
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line.slice(colon + 1);
    (object[line.slice(0, colon)] ??= []).push(value.startsWith('"') ? (JSON.parse(value) as string) : value);
  }
  return object;
}

function generalNameText(names: DerReader, release: NodeRelease): string {
  const tag = names.nextTag;
  switch (tag) {
    case contextTag.primitive(1):
      return `email:${quoted(latin1(names.content(tag, 'rfc822Name')), 'latin1')}`;
    case contextTag.primitive(2):
      return `DNS:${quoted(latin1(names.content(tag, 'dNSName')), 'latin1')}`;
    case contextTag.primitive(6):
      return `URI:${quoted(latin1(names.content(tag, 'uniformResourceIdentifier')), 'latin1')}`;
    case contextTag.primitive(7):
      return `IP Address:${addressText(names.content(tag, 'iPAddress'))}`;
    case contextTag.primitive(8):
      return `Registered ID:${readObjectIdentifier(names, 'registeredID', tag).slice(0, 255)}`;
    case contextTag.constructed(0):
      return otherNameText(names.enter(tag, 'otherName'));
    case contextTag.constructed(3):
      names.content(tag, 'x400Address');
      return 'X400Name:<unsupported>';
    case contextTag.constructed(4): {
      const explicit = names.enter(tag, 'directoryName');
      const name = readDistinguishedName(explicit, 'directoryName');
      explicit.finish();
      return `DirName:${quoted(directoryNameText(name, release), 'unicode')}`;
    }
    case contextTag.constructed(5):
      checkEdiPartyName(names.enter(tag, 'ediPartyName'));
      return 'EdiPartyName:<unsupported>';
    default:
      throw names.error('der.unexpectedTag', `expected a GeneralName, got tag 0x${tag.toString(16)}`);
  }
}

/** Throws `X509Error` where `skipGeneralName` does for a name of a subjectAltName. */
export function checkAltNames(extension: Uint8Array): void {
  const names = new DerReader(extension, 'SubjectAltName').enter(tags.sequence, 'SubjectAltName');
  while (!names.done) skipGeneralName(names);
}

/** Passes over a name; throws `X509Error` for a form that is none, and for EDI party names that OpenSSL cannot read. */
export function skipGeneralName(names: DerReader): void {
  const tag = names.nextTag;
  if (tag === contextTag.constructed(5)) checkEdiPartyName(names.enter(tag, 'ediPartyName'));
  else if (otherTags.has(tag)) names.element('GeneralName');
  else throw names.error('der.unexpectedTag', `expected a GeneralName, got tag 0x${tag.toString(16)}`);
}

/**
 * What OpenSSL reads of it, to show none of it: `EDIPartyName ::= SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL,
 * partyName [1] DirectoryString }`. An X.400 address may be anything.
 */
function checkEdiPartyName(party: DerReader): void {
  for (const number of [0, 1]) {
    const tag = contextTag.constructed(number);
    if (number === 0 && party.nextTag !== tag) continue;
    const explicit = party.enter(tag, number === 0 ? 'nameAssigner' : 'partyName');
    const unit = directoryStringUnits.get(explicit.nextTag);
    if (unit === undefined || explicit.content(explicit.nextTag, 'DirectoryString').length % unit !== 0)
      throw explicit.error('der.badString', 'expected a DirectoryString');
    explicit.finish();
  }
  party.finish();
}

/** Other names whose form OpenSSL knows, as long as the value is of the type that belongs to it. */
function otherNameText(otherName: DerReader): string {
  const type = readObjectIdentifier(otherName, 'type-id');
  const explicit = otherName.enter(contextTag.constructed(0), 'value');
  const tag = explicit.nextTag;
  const value = explicit.element('value');
  explicit.finish();
  otherName.finish();
  const form = otherNameForms.get(type);
  const expected = form?.charset === 'latin1' ? tags.ia5String : tags.utf8String;
  if (form === undefined || tag !== expected) return 'othername:<unsupported>';
  const content = new DerReader(value, 'value').content(tag, 'value');
  const text = form.charset === 'latin1' ? latin1(content) : lossyUtf8(content);
  return `othername:${quoted(text, form.charset, `${form.name}:`)}`;
}

/** IPv6 in upper case and without any abbreviation. */
function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return `<invalid length=${octets.length}>`;
  const words = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  return words.map((word) => word.toString(16).toUpperCase()).join(':');
}

/** `prefix` and `text` as they are, or both as a JSON string when there is anything in `text` that has to be escaped. */
function quoted(text: string, charset: 'latin1' | 'unicode', prefix = ''): string {
  const isPlain = charset === 'latin1' ? /^[ -~]*$/.test(text) : !/[\0-\x1f\x7f]/.test(text);
  if (isPlain && !/["\\,']/.test(text)) return prefix + text;
  let escaped = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character === '\\' || character === '"') escaped += `\\${character}`;
    else if (character !== ',' && code >= 0x20 && (code <= 0x7e || (charset === 'unicode' && code > 0x7f))) {
      escaped += character;
    } else escaped += `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `"${prefix}${escaped}"`;
}

const otherTags: ReadonlySet<number> = /* @__PURE__ */ new Set([
  ...[1, 2, 6, 7, 8].map(contextTag.primitive),
  ...[0, 3, 4].map(contextTag.constructed),
]);

/** Types of strings, and octets that each of their characters has. */
const directoryStringUnits: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [tags.utf8String, 1],
  [tags.printableString, 1],
  [tags.teletexString, 1],
  [tags.bmpString, 2],
  [tags.universalString, 4],
]);

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (isX509Error(error)) return null;
    throw error;
  }
}

const otherNameForms: ReadonlyMap<string, { readonly name: string; readonly charset: 'latin1' | 'unicode' }> =
  /* @__PURE__ */ new Map([
    ['1.3.6.1.5.5.7.8.9', { name: 'SmtpUTF8Mailbox', charset: 'unicode' }],
    ['1.3.6.1.5.5.7.8.5', { name: 'XmppAddr', charset: 'unicode' }],
    ['1.3.6.1.5.5.7.8.7', { name: 'SRVName', charset: 'latin1' }],
    ['1.3.6.1.4.1.311.20.2.3', { name: 'UPN', charset: 'unicode' }],
    ['1.3.6.1.5.5.7.8.8', { name: 'NAIRealm', charset: 'unicode' }],
  ]);
