import {
  ApiMisuseError,
  type PrivateKey,
  type RandomSource,
  type SignatureAlgorithm,
  refuseUnknownOptions,
} from '@sealwire/core';
import { requirePrivateKey } from '../callers.ts';
import { encodeUtf8 } from '../der/strings.ts';
import { tags } from '../der/reader.ts';
import {
  derElement,
  derElementOf,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSequenceOf,
  derSetOf,
} from '../der/write.ts';
import { X509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import {
  attributeIds,
  type CertificateRequest,
  verifyCertificateRequest,
} from '../request/certificate-request.ts';
import { toDer } from './asn1.ts';
import { type ExtensionContents, extensionContentNames, withOwn, writtenExtensions } from './contents.ts';
import { type AlternativeNames, writeExtension } from './extensions.ts';
import { type CertificateContents, makeCertificate } from './make-certificate.ts';
import { type NameInput, writeName } from './name.ts';
import { requireObjectIdentifier } from './text.ts';
import { usualSignatureAlgorithm } from '../keys/usual-algorithm.ts';
import { signatureOver } from './signed.ts';

/** Whoever issues the certificate decides which of the extensions it gets. */
export interface RequestContents extends ExtensionContents {
  /** May be empty (`{}`). */
  readonly subject: NameInput;
  /** The key to be certified, which signs the request. */
  readonly key: PrivateKey;
  /** Default: what suits the key, as for certificates. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
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
  refuseUnknownOptions('makeCertificateRequest', contents, Object.keys(contentNames));
  const { key, source, challengePassword } = contents;
  requirePrivateKey(key, 'key');
  const algorithm = contents.signatureAlgorithm ?? usualSignatureAlgorithm(key.kind);
  const asked = writtenExtensions(contents, Object.keys(contents.subject).length === 0);
  const extensions = withOwn(asked, contents.extensions).map((extension) => toDer(writeExtension(extension)));
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
  return derSequence(info, ...signatureOver(info, algorithm, key, source));
}

export interface RequestedCertificate
  extends Omit<CertificateContents, 'subject' | 'key' | 'issuer' | keyof AlternativeNames> {
  /** Who signs: DER certificate and its key. */
  readonly issuer: { readonly certificate: Uint8Array; readonly key: PrivateKey };
  /**
   * Extensions that the certificate has as the request asks for them, by name or by object identifier; what is said here
   * otherwise counts more. Default: none but `subjectAltName`. Each is a wish of a stranger: that he is a CA, that his
   * names are his.
   */
  readonly copyExtensions?: readonly (keyof typeof extensionIds | (string & {}))[];
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
  const { copyExtensions = ['subjectAltName'], extensions = [], ...rest } = contents;
  if (request?.extensions === undefined || !(request.info instanceof Uint8Array))
    throw new ApiMisuseError('expected a request as parseCertificateRequest reads it');
  if (!verifyCertificateRequest(request, contents.provider)) {
    throw new X509Error(
      'request.badSignature',
      'expected a request that is signed with the key in it, got another signature',
    );
  }
  const decided = new Set(
    [...writtenExtensions(rest, request.subject.isEmpty), ...extensions].map(({ id }) => id),
  );
  const copied = [...new Set(copyExtensions.map(extensionId))].flatMap((id) => {
    const asked = request.extensions.get(id);
    return asked === undefined || decided.has(id) ? [] : [asked];
  });
  return makeCertificate({
    ...rest,
    subject: request.subject,
    key: request.spki,
    extensions: [...copied, ...extensions],
  });
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return derSequence(derObjectIdentifier(id), derSetOf(value));
}

/** What is inside an element. */
function contentOf(der: Uint8Array): Uint8Array {
  const length = der[1]!;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

const contentNames: Readonly<Record<keyof RequestContents, true>> = {
  ...extensionContentNames,
  subject: true,
  key: true,
  signatureAlgorithm: true,
  challengePassword: true,
  source: true,
};

function extensionId(name: string): string {
  const known = extensionIds as Readonly<Record<string, string>>;
  const id = Object.hasOwn(known, name) ? known[name]! : name;
  return requireObjectIdentifier(id, `one of ${Object.keys(known).join(', ')} or an object identifier`);
}
