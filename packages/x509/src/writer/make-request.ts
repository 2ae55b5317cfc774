import { ApiMisuseError, type PrivateKey, type RandomSource, type SignatureAlgorithm } from '@sealwire/core';
import { encodeUtf8 } from '../der/strings.ts';
import { tags } from '../der/reader.ts';
import {
  derBitString,
  derElement,
  derElementOf,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSequenceOf,
  derSetOf,
} from '../der/write.ts';
import { X509Error } from '../errors.ts';
import type { KeyUsage } from '../extensions/key-usage.ts';
import type { KeyPurpose } from '../extensions/registry.ts';
import {
  attributeIds,
  type CertificateRequest,
  verifyCertificateRequest,
} from '../request/certificate-request.ts';
import { defaultSignatureAlgorithm, writeSignatureAlgorithm } from './algorithm.ts';
import { toDer } from './asn1.ts';
import {
  type AlternativeNames,
  basicConstraints,
  type ExtensionInput,
  extendedKeyUsage,
  keyUsage,
  subjectAltName,
  writeExtension,
} from './extensions.ts';
import { type CertificateContents, makeCertificate } from './make-certificate.ts';
import { type NameInput, writeName } from './name.ts';

export interface RequestContents extends AlternativeNames {
  /** May be empty (`{}`). */
  readonly subject: NameInput;
  /** The key to be certified, which signs the request. */
  readonly key: PrivateKey;
  /** Default: what suits the key, as for certificates. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Ask for the certificate of a CA. Default: nothing is said. */
  readonly ca?: boolean | { readonly pathLength: number };
  /** Default: nothing is said. */
  readonly keyUsage?: readonly KeyUsage[];
  readonly extendedKeyUsage?: readonly (KeyPurpose | (string & {}))[];
  /** Further extensions to ask for, as they are. */
  readonly extensions?: readonly ExtensionInput[];
  /** RFC 2985 §5.4.1: with which the maker would later ask to have the certificate revoked. */
  readonly challengePassword?: string;
  /** Where the signature's randomness comes from. */
  readonly source?: RandomSource;
}

/**
 * Makes and signs a request for a certificate (PKCS #10, RFC 2986); DER. For PEM its label is `CERTIFICATE REQUEST`. Throws
 * `ApiMisuseError` for contents that cannot be written.
 */
export function makeCertificateRequest(contents: RequestContents): Uint8Array {
  const { key, source, challengePassword } = contents;
  const algorithm = contents.signatureAlgorithm ?? defaultSignatureAlgorithm(key.kind);
  const extensions = extensionsOf(contents).map((extension) => toDer(writeExtension(extension)));
  const attributes: Uint8Array[] = [];
  if (extensions.length > 0)
    attributes.push(attribute(attributeIds.extensionRequest, derSequenceOf(extensions)));
  if (challengePassword !== undefined)
    attributes.push(
      attribute(attributeIds.challengePassword, derElement(tags.utf8String, encodeUtf8(challengePassword))),
    );
  const info = derSequence(
    derInteger(0),
    toDer(writeName(contents.subject)),
    key.publicKey.spki,
    // IMPLICIT: the sorted elements of the SET under another tag.
    derElementOf(0xa0, [derSetOf(...attributes)].map(contentOf)),
  );
  const signature = source === undefined ? key.sign(algorithm, info) : key.sign(algorithm, info, source);
  return derSequence(info, toDer(writeSignatureAlgorithm(algorithm)), derBitString(signature));
}

export interface RequestedCertificate
  extends Omit<CertificateContents, 'subject' | 'key' | 'issuer' | keyof AlternativeNames> {
  /** Who signs: DER certificate and its key. */
  readonly issuer: { readonly certificate: Uint8Array; readonly key: PrivateKey };
  /**
   * Object identifiers of extensions that the certificate has as the request asks for them. Default: none but the names
   * (subjectAltName). Each is a wish of a stranger: that he is a CA, that his names are his.
   */
  readonly copyExtensions?: readonly string[];
}

/**
 * The certificate that a request asks for: its name, its key, and of its extensions those that `copyExtensions` names. Throws
 * `X509Error` with `request.badSignature` where the request is not signed with that key, and as `makeCertificate` does.
 * Whether the names are the maker's is for the caller to find out before.
 */
export function makeCertificateFromRequest(
  request: CertificateRequest,
  contents: RequestedCertificate,
): Uint8Array {
  const { copyExtensions = [subjectAltNameId], extensions = [], ...rest } = contents;
  if (!verifyCertificateRequest(request, contents.provider)) {
    throw new X509Error(
      'request.badSignature',
      'expected a request that is signed with the key in it, got another signature',
    );
  }
  const copied = copyExtensions.flatMap((id) => {
    const asked = request.extensions.get(id);
    const isReplaced = extensions.some((extension) => extension.id === id);
    return asked === undefined || isReplaced ? [] : [asked];
  });
  return makeCertificate({
    ...rest,
    subject: request.subject,
    key: request.spki,
    extensions: [...copied, ...extensions],
  });
}

function extensionsOf(contents: RequestContents): ExtensionInput[] {
  const { ca, keyUsage: usages } = contents;
  const names = subjectAltName(contents, Object.keys(contents.subject).length === 0);
  const asked = [
    ...(ca === undefined
      ? []
      : [basicConstraints(ca !== false, typeof ca === 'object' ? ca.pathLength : undefined)]),
    ...(usages === undefined || usages.length === 0 ? [] : [keyUsage(usages)]),
    ...(contents.extendedKeyUsage === undefined ? [] : [extendedKeyUsage(contents.extendedKeyUsage)]),
    ...(names === undefined ? [] : [names]),
  ];
  const own = contents.extensions ?? [];
  const all = [...asked.filter(({ id }) => !own.some((extension) => extension.id === id)), ...own];
  if (new Set(all.map(({ id }) => id)).size !== all.length)
    throw new ApiMisuseError('expected each extension once, got one twice');
  return all;
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(id), derSetOf(value));
}

/** What is inside an element. */
function contentOf(der: Uint8Array): Uint8Array {
  const length = der[1]!;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

const subjectAltNameId = '2.5.29.17';
