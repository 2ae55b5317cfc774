import type { Certificate } from '../certificate/certificate.ts';
import { algorithmIds } from '../certificate/algorithm.ts';
import { sameBytes } from '../der/bytes.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import type { DistinguishedName, NameAttribute } from '../names/distinguished-name.ts';
import { encode } from './encode.ts';
import { checkAltNames } from './general-names.ts';
import { charactersOf } from './strings.ts';

/** Who can have issued whom, as OpenSSL judges without looking at a signature. */

/**
 * `X509Certificate.checkIssued`: names, key identifiers and kinds of keys fit, and `issuer` may sign certificates. A certificate
 * with a malformed extension among those that are looked at has issued nothing.
 */
export function hasIssued(issuer: Certificate, subject: Certificate): boolean {
  return orFalse(() => {
    if (opensslNameKey(issuer.subject) !== opensslNameKey(subject.issuer)) return false;
    readWhatOpensslReads(issuer);
    readWhatOpensslReads(subject);
    return (
      authorityFits(issuer, subject) &&
      signatureFitsKey(subject.signatureAlgorithm.algorithm, keyAlgorithm(issuer)) &&
      (issuer.keyUsage?.has('keyCertSign') ?? true)
    );
  });
}

/** `X509Certificate.ca`: basicConstraints say so, and key usage does not forbid it. */
export function isAuthority(certificate: Certificate): boolean {
  return orFalse(() => {
    readWhatOpensslReads(certificate);
    return certificate.basicConstraints?.ca === true && (certificate.keyUsage?.has('keyCertSign') ?? true);
  });
}

function readWhatOpensslReads(certificate: Certificate): void {
  void certificate.basicConstraints;
  void certificate.keyUsage;
  void certificate.subjectKeyIdentifier;
  void certificate.authorityKeyIdentifier;
  const altNames = certificate.extensions.get(extensionIds.subjectAltName);
  if (altNames !== undefined) checkAltNames(altNames.value);
}

/** RFC 5280 §4.2.1.1: what the subject says of its issuer's key is true, as far as it can be compared. */
function authorityFits(issuer: Certificate, subject: Certificate): boolean {
  const authority = subject.authorityKeyIdentifier;
  if (authority === undefined) return true;
  const own = issuer.subjectKeyIdentifier;
  if (
    authority.keyIdentifier !== undefined &&
    own !== undefined &&
    !sameBytes(authority.keyIdentifier, own)
  ) {
    return false;
  }
  if (authority.serialNumber !== undefined && !sameBytes(authority.serialNumber, issuer.serialNumber)) {
    return false;
  }
  const name = authority.issuer?.find((each) => each.type === 'directory');
  return name?.type !== 'directory' || opensslNameKey(name.value) === opensslNameKey(issuer.issuer);
}

function keyAlgorithm(certificate: Certificate): string {
  const info = new DerReader(certificate.spki, 'SubjectPublicKeyInfo').enter(
    tags.sequence,
    'SubjectPublicKeyInfo',
  );
  return readObjectIdentifier(info.enter(tags.sequence, 'algorithm'), 'algorithm');
}

/** Whether a key of this algorithm makes signatures of that one. */
function signatureFitsKey(signature: string, key: string): boolean {
  if (signature === algorithmIds.rsaPss) return key === algorithmIds.rsa || key === algorithmIds.rsaPss;
  if (sameAlgorithm.test(signature)) return key === signature;
  return signatureKeys.some(([pattern, algorithm]) => pattern.test(signature) && algorithm === key);
}

/**
 * Names that OpenSSL takes for the same have the same key: letters of ASCII without regard to case, runs of white space as one
 * blank, whatever type of string it is. Letters beyond ASCII are compared as they are, unlike in `DistinguishedName.equals`.
 */
export function opensslNameKey(name: DistinguishedName): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = JSON.stringify(name.relativeNames.map((relative) => relative.map(attributeKey).sort()));
  keys.set(name, key);
  return key;
}

function attributeKey({ type, tag, value }: NameAttribute): string {
  const text = canonicalTags.has(tag) ? charactersOf(tag, value) : undefined;
  if (text === undefined) return `${type}#${encode(tag, value).join(',')}`;
  const spaced = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[ \t\n\v\f\r]+/g, ' ');
  return `${type}=${spaced.replace(/^ | $/g, '')}`;
}

function orFalse(decide: () => boolean): boolean {
  try {
    return decide();
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}

/** In a chain each name is compared with many; a peer's may be long. */
const keys = /* @__PURE__ */ new WeakMap<DistinguishedName, string>();

/** Ed25519, Ed448, ML-DSA and SLH-DSA: one identifier for key and signature. */
const sameAlgorithm = /^(1\.3\.101\.11[23]|2\.16\.840\.1\.101\.3\.4\.3\.(1[7-9]|2\d|3[01]))$/;

const signatureKeys: readonly (readonly [signature: RegExp, key: string])[] = [
  [/^1\.2\.840\.113549\.1\.1\.([2-5]|1[1-6])$/, algorithmIds.rsa],
  [
    /^(1\.3\.14\.3\.2\.(3|15|29)|1\.3\.36\.3\.3\.1\.2|2\.16\.840\.1\.101\.3\.4\.3\.1[3-6])$/,
    algorithmIds.rsa,
  ],
  [/^(1\.2\.840\.10045\.4\.(1|2|3\.[1-4])|2\.16\.840\.1\.101\.3\.4\.3\.(9|1[0-2]))$/, algorithmIds.ec],
  [/^(1\.2\.840\.10040\.4\.3|1\.3\.14\.3\.2\.27|2\.16\.840\.1\.101\.3\.4\.3\.[1-8])$/, '1.2.840.10040.4.1'],
];

const canonicalTags: ReadonlySet<number> = /* @__PURE__ */ new Set([
  tags.utf8String,
  tags.bmpString,
  tags.universalString,
  tags.printableString,
  tags.teletexString,
  tags.ia5String,
]);
