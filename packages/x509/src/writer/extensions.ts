import * as asn1 from 'asn1js';
import { ApiMisuseError } from '@sealwire/core';
import { type KeyUsage, keyUsageBits } from '../extensions/key-usage.ts';
import { type KeyPurpose, extensionIds, keyPurposeIds } from '../extensions/registry.ts';
import { isDnsName } from '../names/host-name.ts';
import { parseIpAddress } from '../names/ip-address.ts';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  raw,
  sequence,
  toDer,
} from './asn1.ts';
import { type NameInput, writeName } from './name.ts';
import { asciiBytes, requireObjectIdentifier } from './text.ts';

/** An extension to write: object identifier, and the DER of its value. */
export interface ExtensionInput {
  readonly id: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

/** `Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue OCTET STRING }` (RFC 5280 §4.1). */
export function writeExtension({ id, critical = false, value }: ExtensionInput): asn1.Sequence {
  return sequence([objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value)]);
}

/** §4.2.1.9; critical, as CAs must have it. */
export function basicConstraints(ca: boolean, pathLength: number | undefined): ExtensionInput {
  if (pathLength !== undefined && !(Number.isInteger(pathLength) && pathLength >= 0 && pathLength <= 0xffff))
    throw new ApiMisuseError(`expected a path length from 0 to 65,535, got ${pathLength}`);
  const fields: asn1.AsnType[] = ca ? [boolean(true)] : [];
  if (ca && pathLength !== undefined) fields.push(integer(Uint8Array.of(pathLength >> 8, pathLength & 0xff)));
  return { id: extensionIds.basicConstraints, critical: true, value: toDer(sequence(fields)) };
}

/** §4.2.1.3; the unused bits at the end are left out (X.690 §11.2.2). */
export function keyUsage(usages: readonly KeyUsage[]): ExtensionInput {
  const bits = new Uint8Array(2);
  let last = 0;
  for (const usage of usages) {
    const bit = keyUsageBits.indexOf(usage);
    if (bit < 0)
      throw new ApiMisuseError(`expected one of ${keyUsageBits.join(', ')}, got ${JSON.stringify(usage)}`);
    bits[bit >> 3]! |= 0x80 >> (bit & 7);
    last = Math.max(last, bit);
  }
  const octets = bits.slice(0, (last >> 3) + 1);
  return { id: extensionIds.keyUsage, critical: true, value: toDer(bitString(octets, 7 - (last & 7))) };
}

/** §4.2.1.12: purposes by name or by object identifier. */
export function extendedKeyUsage(purposes: readonly (KeyPurpose | (string & {}))[]): ExtensionInput {
  if (purposes.length === 0) throw new ApiMisuseError('expected at least one purpose, got none');
  const known = `one of ${Object.keys(keyPurposeIds).join(', ')} or an object identifier`;
  const ids = purposes.map(
    (purpose) => keyPurposeIds[purpose as KeyPurpose] ?? requireObjectIdentifier(purpose, known),
  );
  return { id: extensionIds.extendedKeyUsage, value: toDer(sequence(ids.map(objectIdentifier))) };
}

/** RFC 9345 §4.2: "MUST be marked non-critical". */
export function delegationUsage(): ExtensionInput {
  return { id: extensionIds.delegationUsage, value: toDer(nullValue()) };
}

export interface AlternativeNames {
  /** DNS names in ASCII, `*.` in front allowed. */
  readonly dnsNames?: readonly string[];
  /** IPv4 and IPv6 literals. */
  readonly ipAddresses?: readonly string[];
  readonly emails?: readonly string[];
  readonly uris?: readonly string[];
  /** Services of a domain, an underscore in front (RFC 4985): `_imaps.example.org`. */
  readonly srvNames?: readonly string[];
  readonly directoryNames?: readonly NameInput[];
}

/** §4.2.1.6; `undefined` when there are no names. Critical if there is no subject to identify the holder. */
export function subjectAltName(names: AlternativeNames, subjectIsEmpty: boolean): ExtensionInput | undefined {
  const {
    dnsNames = [],
    ipAddresses = [],
    emails = [],
    uris = [],
    srvNames = [],
    directoryNames = [],
  } = names;
  const elements = [
    ...emails.map((email) => implicit(1, mailboxBytes(email))),
    ...dnsNames.map((name) => implicit(2, dnsBytes(name))),
    ...uris.map((uri) => implicit(6, uriBytes(uri))),
    ...ipAddresses.map((address) => implicit(7, addressBytes(address))),
    ...srvNames.map((name) =>
      explicit(0, [objectIdentifier(srvNameId), explicit(0, [new asn1.IA5String({ value: srvName(name) })])]),
    ),
    ...directoryNames.map((name) => explicit(4, [writeName(name)])),
  ];
  if (elements.length === 0) return undefined;
  return { id: extensionIds.subjectAltName, critical: subjectIsEmpty, value: toDer(sequence(elements)) };
}

export interface Subtrees {
  readonly dnsNames?: readonly string[];
  /** An address, a slash and the length of the prefix. */
  readonly ipRanges?: readonly string[];
  readonly emails?: readonly string[];
  readonly directoryNames?: readonly NameInput[];
  /** Hosts of URIs; with a dot in front, those below it. */
  readonly uriHosts?: readonly string[];
  /** Names of other forms: DER of a GeneralName. */
  readonly others?: readonly Uint8Array[];
}

/** §4.2.1.10. */
export function nameConstraints(constraints: {
  readonly permitted?: Subtrees;
  readonly excluded?: Subtrees;
}): ExtensionInput {
  const fields: asn1.AsnType[] = [];
  for (const [number, subtrees] of [constraints.permitted, constraints.excluded].entries()) {
    if (subtrees === undefined) continue;
    const bases = writeSubtrees(subtrees);
    if (bases.length === 0) throw new ApiMisuseError('expected at least one subtree, got none');
    fields.push(explicit(number, bases));
  }
  if (fields.length === 0) throw new ApiMisuseError('expected permitted or excluded subtrees');
  return { id: extensionIds.nameConstraints, critical: true, value: toDer(sequence(fields)) };
}

/** §4.2.1.2 and §4.2.1.1. */
export function subjectKeyIdentifier(identifier: Uint8Array): ExtensionInput {
  return { id: extensionIds.subjectKeyIdentifier, value: toDer(octetString(identifier)) };
}

export function authorityKeyIdentifier(identifier: Uint8Array): ExtensionInput {
  return { id: extensionIds.authorityKeyIdentifier, value: toDer(sequence([implicit(0, identifier)])) };
}

function writeSubtrees({
  dnsNames = [],
  ipRanges = [],
  emails = [],
  directoryNames = [],
  uriHosts = [],
  others = [],
}: Subtrees): asn1.AsnType[] {
  const bases = [
    ...emails.map((email) => implicit(1, asciiBytes(email))),
    ...dnsNames.map((name) => implicit(2, asciiBytes(name))),
    ...directoryNames.map((name) => explicit(4, [writeName(name)])),
    ...uriHosts.map((host) => implicit(6, asciiBytes(host))),
    ...ipRanges.map((range) => implicit(7, rangeBytes(range))),
    ...others.map(raw),
  ];
  // Many programs take an empty list for no constraint at all.
  if (bases.length === 0) throw new ApiMisuseError('expected at least one name in a list of subtrees');
  return bases.map((base) => sequence([base]));
}

function dnsBytes(name: string): Uint8Array {
  if (!isDnsName(name.startsWith('*.') ? name.slice(2) : name))
    throw new ApiMisuseError(`expected a DNS name in ASCII, got ${JSON.stringify(name)}`);
  return asciiBytes(name);
}

/** A mailbox is `local-part@domain`, without anything around. */
function mailboxBytes(email: string): Uint8Array {
  if (!/^[^@<>]+@[^@<>]+$/.test(email))
    throw new ApiMisuseError(`expected a mailbox in ASCII, local@domain, got ${JSON.stringify(email)}`);
  return asciiBytes(email);
}

/** "The name MUST NOT be a relative URI […]. The name MUST include both a scheme […] and a scheme-specific-part." */
function uriBytes(uri: string): Uint8Array {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:./.test(uri))
    throw new ApiMisuseError(`expected a URI with a scheme, got ${JSON.stringify(uri)}`);
  return asciiBytes(uri);
}

function srvName(name: string): string {
  if (!/^_[a-zA-Z0-9-]+\./.test(name) || !isDnsName(name.slice(name.indexOf('.') + 1)))
    throw new ApiMisuseError(`expected _service.name in ASCII, got ${JSON.stringify(name)}`);
  return name;
}

function addressBytes(address: string): Uint8Array {
  const octets = parseIpAddress(address);
  if (octets === undefined)
    throw new ApiMisuseError(`expected an IPv4 or IPv6 address, got ${JSON.stringify(address)}`);
  return octets;
}

function rangeBytes(range: string): Uint8Array {
  const [address, prefix] = range.split('/');
  const octets = addressBytes(address!);
  const bits = Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > octets.length * 8) {
    throw new ApiMisuseError(`expected address/prefix, got ${JSON.stringify(range)}`);
  }
  const mask = octets.map((_, i) => (0xff << (8 - Math.min(8, Math.max(0, bits - 8 * i)))) & 0xff);
  return Uint8Array.of(...octets, ...mask);
}

/** id-on-dnsSRV (RFC 4985 §2). */
const srvNameId = '1.3.6.1.5.5.7.8.7';
