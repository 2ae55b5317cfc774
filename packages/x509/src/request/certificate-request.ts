import { ApiMisuseError, type CryptoProvider } from '@sealwire/core';
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
  signatureAlgorithmOf,
} from '../certificate/algorithm.ts';
import { type Extension, readExtensions, readExtensionValue } from '../certificate/extension-list.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { decodeString } from '../der/strings.ts';
import { readObjectIdentifier, readOctetsOfBitString, readSmallInteger } from '../der/values.ts';
import { extensionIds } from '../extensions/registry.ts';
import { readSubjectAltName } from '../extensions/subject-alt-name.ts';
import { X509Error } from '../errors.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { maxCertificateBytes, maxRequestAttributes } from '../limits.ts';
import { type DistinguishedName, readDistinguishedName } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-name.ts';
import { parsePem } from '../pem.ts';
import { enterSigned } from '../der/signed.ts';

/**
 * A request for a certificate (PKCS #10, RFC 2986 §4), as its maker wrote it: nothing of it is true before
 * `verifyCertificateRequest` says that the maker has the key, and even then the names are mere wishes. Byte properties are
 * views of `der`.
 */
export interface CertificateRequest {
  readonly der: Uint8Array;
  /** DER of the CertificationRequestInfo: what the signature is over. */
  readonly info: Uint8Array;
  /** May be empty. */
  readonly subject: DistinguishedName;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** DER of the values of each attribute, by object identifier. */
  readonly attributes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** The extensions that are asked for (RFC 2985 §5.4.2), by object identifier; empty if none are. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** The names among them. */
  readonly subjectAltName: readonly GeneralName[] | undefined;
  /** RFC 2985 §5.4.1. */
  readonly challengePassword: string | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/**
 * Reads a request, PEM or DER; in a PEM text the first counts. Throws `X509Error` with a `request.…`, `der.…`,
 * `certificate.…` or `pem.…` code. The names are read whole; the other extensions are not looked into.
 *
 *     CertificationRequest ::= SEQUENCE { certificationRequestInfo, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
 *     CertificationRequestInfo ::= SEQUENCE {
 *          version INTEGER { v1(0) }, subject Name, subjectPKInfo SubjectPublicKeyInfo, attributes [0] IMPLICIT SET OF Attribute }
 */
export function parseCertificateRequest(input: string | Uint8Array): CertificateRequest {
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    throw new ApiMisuseError(`expected a certificate request as PEM or DER, got ${typeof input}`);
  if (typeof input !== 'string' && looksLikeDer(input)) return parse(input);
  const block = parsePem(input).find(({ label }) => labels.has(label));
  if (block === undefined) throw new X509Error('pem.noBlock', 'expected a CERTIFICATE REQUEST block of PEM');
  return parse(block.der);
}

/**
 * Whether the request was signed with the key that it asks to have certified (RFC 2986 §3): the maker has it. False also for
 * keys and algorithms that the provider does not know.
 */
export function verifyCertificateRequest(request: CertificateRequest, provider: CryptoProvider): boolean {
  const algorithm = signatureAlgorithmOf(request.signatureAlgorithm);
  if (algorithm === undefined) return false;
  return provider.importPublicKey(request.spki)?.verify(algorithm, request.info, request.signature) === true;
}

function parse(der: Uint8Array): CertificateRequest {
  if (der.length > maxCertificateBytes) {
    throw new X509Error(
      'request.malformed',
      `expected at most ${maxCertificateBytes} bytes, got ${der.length}`,
    );
  }
  const {
    whole,
    tbs: fields,
    tbsBytes: info,
  } = enterSigned(der, 'CertificationRequest', 'certificationRequestInfo');
  const version = readSmallInteger(fields, 'version');
  if (version !== 0) throw fields.error('request.malformed', `expected version 0, got ${version}`, 'version');
  const subject = readDistinguishedName(fields, 'subject');
  const spki = readSpki(fields);
  const attributes = readAttributes(fields);
  fields.finish();
  const signatureAlgorithm = readAlgorithmIdentifier(whole, 'signatureAlgorithm');
  const signature = readOctetsOfBitString(whole, 'signature');
  whole.finish();
  const extensions = extensionsOf(attributes, fields);
  const names = extensions.get(extensionIds.subjectAltName);
  return {
    der,
    info,
    subject,
    spki,
    attributes,
    extensions,
    subjectAltName:
      names && readExtensionValue(der, names, 'CertificationRequest.subjectAltName', readSubjectAltName),
    challengePassword: challengeOf(attributes, fields),
    signatureAlgorithm,
    signature,
  };
}

function readSpki(fields: DerReader): Uint8Array {
  const start = fields.at;
  const spki = fields.enter(tags.sequence, 'subjectPKInfo');
  readAlgorithmIdentifier(spki, 'algorithm');
  readOctetsOfBitString(spki, 'subjectPublicKey');
  spki.finish();
  return fields.bytes.subarray(start, fields.at);
}

/** `Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE(1..MAX) OF ANY }`; programs leave the empty set out. */
function readAttributes(fields: DerReader): ReadonlyMap<string, readonly Uint8Array[]> {
  const attributes = new Map<string, readonly Uint8Array[]>();
  if (fields.done) return attributes;
  const set = fields.enter(contextTag.constructed(0), 'attributes');
  while (!set.done) {
    const attribute = set.enter(tags.sequence, 'Attribute');
    const type = readObjectIdentifier(attribute, 'type');
    const values = attribute.enter(tags.set, 'values');
    attribute.finish();
    if (attributes.has(type))
      throw attribute.error('request.malformed', `expected attribute ${type} once, got it twice`);
    const list: Uint8Array[] = [];
    while (!values.done && list.length < maxRequestAttributes) list.push(values.element('value'));
    values.finish();
    if (list.length === 0) throw values.error('request.malformed', 'expected at least one value');
    if (attributes.size === maxRequestAttributes)
      throw set.error('request.malformed', `expected at most ${maxRequestAttributes} attributes`);
    attributes.set(type, list);
  }
  return attributes;
}

function extensionsOf(
  attributes: CertificateRequest['attributes'],
  fields: DerReader,
): ReadonlyMap<string, Extension> {
  const value = single(attributes, attributeIds.extensionRequest, fields);
  if (value === undefined) return new Map();
  const inside = readerAt(fields, value);
  const extensions = readExtensions(inside);
  inside.finish();
  return extensions;
}

function challengeOf(attributes: CertificateRequest['attributes'], fields: DerReader): string | undefined {
  const value = single(attributes, attributeIds.challengePassword, fields);
  if (value === undefined) return undefined;
  const inside = readerAt(fields, value);
  const tag = inside.nextTag;
  const text = decodeString(tag, inside.content(tag, 'challengePassword'));
  if (text === undefined) throw inside.error('der.badString', 'expected text', 'challengePassword');
  return text;
}

/** Single-valued attributes (RFC 2985). */
function single(
  attributes: CertificateRequest['attributes'],
  type: string,
  fields: DerReader,
): Uint8Array | undefined {
  const values = attributes.get(type);
  if (values !== undefined && values.length > 1)
    throw fields.error('request.malformed', `expected one value of attribute ${type}, got ${values.length}`);
  return values?.[0];
}

/** A reader of an element that was passed over, counting from the start of the request. */
function readerAt({ bytes }: DerReader, element: Uint8Array): DerReader {
  const start = element.byteOffset - bytes.byteOffset;
  return new DerReader(bytes, 'CertificationRequest.attributes', { start, end: start + element.length });
}

/** RFC 2985 §5.4. */
export const attributeIds = {
  challengePassword: '1.2.840.113549.1.9.7',
  extensionRequest: '1.2.840.113549.1.9.14',
} as const;

const labels: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'CERTIFICATE REQUEST',
  'NEW CERTIFICATE REQUEST',
]);
