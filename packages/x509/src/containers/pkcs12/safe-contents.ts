import { berToDer } from '../../der/ber.ts';
import { ownBytes } from '../../der/bytes.ts';
import { DerReader, contextTag, tags } from '../../der/reader.ts';
import { textOfCodeUnits } from '../../der/strings.ts';
import { readObjectIdentifier } from '../../der/values.ts';
import { maxContainerEntries, maxContainerKeys } from '../../limits.ts';
import { attributeIds, bagIds, x509CertificateId, x509CrlId } from './ids.ts';

/** What any entry may say of itself. */
export interface Pkcs12Entry {
  /** A name for people; halves of surrogate pairs in it are replaced by U+FFFD. */
  readonly friendlyName?: string;
  /** Any bytes: the same in a key and its certificate. */
  readonly localKeyId?: Uint8Array;
}

/** A private key: DER PKCS #8. */
export interface Pkcs12Key extends Pkcs12Entry {
  readonly pkcs8: Uint8Array;
}

/** A certificate: its bytes, not looked at. */
export interface Pkcs12Certificate extends Pkcs12Entry {
  readonly certificate: Uint8Array;
}

/** A certificate revocation list: its bytes, not looked at. */
export interface Pkcs12Crl extends Pkcs12Entry {
  readonly crl: Uint8Array;
}

/** A secret of a kind that its writer knows. */
export interface Pkcs12Secret extends Pkcs12Entry {
  /** Object identifier. */
  readonly type: string;
  /** DER. */
  readonly value: Uint8Array;
}

/** Entries in the order of the file. */
export interface Bags {
  readonly keys: Pkcs12Key[];
  readonly certificates: Pkcs12Certificate[];
  readonly crls: Pkcs12Crl[];
  readonly secrets: Pkcs12Secret[];
  /** Object identifiers of what was passed over. */
  readonly others: string[];
}

/** How a shrouded key is opened: the DER of EncryptedPrivateKeyInfo gives DER PKCS #8. */
export type Unshroud = (encrypted: Uint8Array) => Uint8Array;

/**
 * RFC 7292 §4.2:
 *
 *     SafeContents ::= SEQUENCE OF SafeBag
 *     SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue [0] EXPLICIT ANY, bagAttributes SET OF PKCS12Attribute OPTIONAL }
 */
export function readSafeContents(ber: Uint8Array, bags: Bags, unshroud: Unshroud): void {
  const reader = new DerReader(berToDer(ber), 'SafeContents');
  const contents = reader.enter(tags.sequence, 'SafeContents');
  reader.finish();
  readBags(contents, bags, unshroud);
}

function readBags(contents: DerReader, bags: Bags, unshroud: Unshroud): void {
  while (!contents.done) {
    const bag = contents.enter(tags.sequence, 'SafeBag');
    const count = Object.values(bags).reduce((sum, list: readonly unknown[]) => sum + list.length, 0);
    if (count >= maxContainerEntries || bags.keys.length >= maxContainerKeys) {
      throw bag.error(
        'container.tooLarge',
        `expected at most ${maxContainerKeys} keys and ${maxContainerEntries} entries`,
      );
    }
    const id = readObjectIdentifier(bag, 'bagId');
    const value = bag.enter(contextTag.constructed(0), 'bagValue');
    // The value has its place before the attributes, but is of use together with them.
    const attributes = bag.done ? undefined : bag.enter(tags.set, 'bagAttributes');
    bag.finish();
    readBag(id, value, attributes === undefined ? {} : readAttributes(attributes), bags, unshroud);
    value.finish();
  }
}

function readBag(id: string, value: DerReader, entry: Pkcs12Entry, bags: Bags, unshroud: Unshroud): void {
  switch (id) {
    case bagIds.key:
      bags.keys.push({ ...entry, pkcs8: ownBytes(value.element('PrivateKeyInfo', tags.sequence)) });
      return;
    case bagIds.shroudedKey:
      bags.keys.push({ ...entry, pkcs8: unshroud(value.element('EncryptedPrivateKeyInfo', tags.sequence)) });
      return;
    case bagIds.certificate: {
      const certificate = readTyped(value, 'CertBag', x509CertificateId, bags);
      if (certificate !== undefined) bags.certificates.push({ ...entry, certificate });
      return;
    }
    case bagIds.crl: {
      const crl = readTyped(value, 'CRLBag', x509CrlId, bags);
      if (crl !== undefined) bags.crls.push({ ...entry, crl });
      return;
    }
    case bagIds.secret: {
      const secret = value.enter(tags.sequence, 'SecretBag');
      const type = readObjectIdentifier(secret, 'secretTypeId');
      const inside = secret.enter(contextTag.constructed(0), 'secretValue');
      bags.secrets.push({ ...entry, type, value: ownBytes(inside.element('secretValue')) });
      inside.finish();
      secret.finish();
      return;
    }
    case bagIds.safeContents:
      // How deep they may nest is the reader's bound.
      readBags(value.enter(tags.sequence, 'SafeContents'), bags, unshroud);
      return;
    default:
      bags.others.push(id);
      value.element('bagValue');
  }
}

/** `CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }`; CRLBag alike (§4.2.3, §4.2.4). */
function readTyped(value: DerReader, field: string, wanted: string, bags: Bags): Uint8Array | undefined {
  const bag = value.enter(tags.sequence, field);
  const type = readObjectIdentifier(bag, 'type');
  const inside = bag.enter(contextTag.constructed(0), 'value');
  bag.finish();
  if (type !== wanted) {
    bags.others.push(type);
    return undefined;
  }
  const content = inside.content(tags.octetString, 'value');
  inside.finish();
  return ownBytes(content);
}

/** `PKCS12Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF ANY }`; those that we do not know are passed over. */
function readAttributes(attributes: DerReader): Pkcs12Entry {
  const entry: { friendlyName?: string; localKeyId?: Uint8Array } = {};
  const seen = new Set<string>();
  while (!attributes.done) {
    const attribute = attributes.enter(tags.sequence, 'PKCS12Attribute');
    const id = readObjectIdentifier(attribute, 'attrId');
    const values = attribute.enter(tags.set, 'attrValues');
    attribute.finish();
    if (seen.has(id))
      throw attribute.error('container.malformed', `expected attribute ${id} once, got it twice`);
    seen.add(id);
    // Single-valued (RFC 2985), but a set without a value has been seen: it says nothing.
    if (values.done) continue;
    if (id === attributeIds.friendlyName) {
      const text = textOfCodeUnits(values.content(tags.bmpString, 'friendlyName'));
      if (text === undefined)
        throw values.error('container.malformed', 'expected two bytes a character', 'friendlyName');
      entry.friendlyName = text;
    } else if (id === attributeIds.localKeyId) {
      entry.localKeyId = ownBytes(values.content(tags.octetString, 'localKeyId'));
    } else continue;
    values.finish();
  }
  return entry;
}
