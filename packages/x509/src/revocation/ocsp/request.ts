import type { CryptoProvider } from '@sealwire/core';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../../certificate/algorithm.ts';
import {
  type Extension,
  readExplicitExtensions,
  readExtensionValue,
} from '../../certificate/extension-list.ts';
import { type DerReader, contextTag, tags } from '../../der/reader.ts';
import { readOctetsOfBitString, readSmallInteger } from '../../der/values.ts';
import { X509Error } from '../../errors.ts';
import { extensionIds } from '../../extensions/registry.ts';
import {
  maxNonceBytes,
  maxOcspCertificates,
  maxOcspEntries,
  maxOcspRequestBytes,
  maxPreferredAlgorithms,
} from '../../limits.ts';
import { type GeneralName, readGeneralName } from '../../names/general-name.ts';
import { type PathPolicy, pathPolicy } from '../../path/policy.ts';
import { signatureFault } from '../signature.ts';
import { type CertId, readCertId } from './cert-id.ts';
import { enterSigned } from '../../der/signed.ts';

/**
 * What a client asks a responder (RFC 6960 §4.1.1):
 *
 *     OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] EXPLICIT Signature OPTIONAL }
 *     TBSRequest ::= SEQUENCE {
 *          version [0] EXPLICIT Version DEFAULT v1, requestorName [1] EXPLICIT GeneralName OPTIONAL,
 *          requestList SEQUENCE OF Request, requestExtensions [2] EXPLICIT Extensions OPTIONAL }
 *     Signature ::= SEQUENCE {
 *          signatureAlgorithm AlgorithmIdentifier, signature BIT STRING, certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
 *     Request ::= SEQUENCE { reqCert CertID, singleRequestExtensions [0] EXPLICIT Extensions OPTIONAL }
 */
export interface OcspRequest {
  /** DER of the TBSRequest: what a signature is over. */
  readonly tbs: Uint8Array;
  /** Who asks; always there in a signed request. */
  readonly requestorName: GeneralName | undefined;
  /** At least one. */
  readonly requests: readonly {
    readonly certId: CertId;
    readonly extensions: ReadonlyMap<string, Extension>;
  }[];
  readonly extensions: ReadonlyMap<string, Extension>;
  /** 1 to 128 octets that are to come back (RFC 9654 §2.1). */
  readonly nonce: Uint8Array | undefined;
  /** By what the response may be signed, the best first; empty where nothing is said (§4.4.7.1). */
  readonly preferredSignatureAlgorithms: readonly AlgorithmIdentifier[];
  readonly signature: OcspRequestSignature | undefined;
}

export interface OcspRequestSignature {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER, unread: of those who might have signed. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * Reads one DER OCSPRequest, for whoever answers (`makeOcspResponse`). `der` is kept, not copied: the caller must not change it
 * afterwards. Throws `X509Error` for anything that is not exactly that.
 */
export function parseOcspRequest(der: Uint8Array): OcspRequest {
  if (der.length > maxOcspRequestBytes) {
    const message = `expected at most ${maxOcspRequestBytes} bytes, got ${der.length}`;
    throw new X509Error('ocsp.tooLarge', message, { path: 'OCSPRequest' });
  }
  const { whole: request, tbs: tbsRequest, tbsBytes: tbs } = enterSigned(der, 'OCSPRequest', 'tbsRequest');
  const signature = readSignature(request);
  request.finish();

  readVersion(tbsRequest);
  const requestorName = readRequestorName(tbsRequest);
  if (signature !== undefined && requestorName === undefined)
    throw tbsRequest.error('ocsp.malformed', 'expected the name of whoever has signed', 'requestorName');
  const requests = readRequests(tbsRequest);
  const extensions = readOptionalExtensions(tbsRequest, 2, 'requestExtensions');
  tbsRequest.finish();
  const read = <T>(id: string, name: string, value: (reader: DerReader) => T): T | undefined => {
    const extension = extensions.get(id);
    return extension && readExtensionValue(der, extension, name, value, 'OCSPRequest.requestExtensions');
  };
  return {
    tbs,
    requestorName,
    requests,
    extensions,
    nonce: read(extensionIds.ocspNonce, 'nonce', readNonce),
    preferredSignatureAlgorithms:
      read(extensionIds.ocspPreferredSignatureAlgorithms, 'preferredSignatureAlgorithms', readPreferred) ??
      [],
    signature,
  };
}

/**
 * Whether the request is signed with a key (DER SubjectPublicKeyInfo), by an algorithm that the policy allows. Whose key that is, and whether
 * it may ask, is for the responder to know: the certificates in the request prove nothing by themselves.
 */
export function isOcspRequestSignedBy(
  { tbs, signature }: OcspRequest,
  publicKey: Uint8Array,
  { provider, policy }: { readonly provider: CryptoProvider; readonly policy?: Partial<PathPolicy> },
): boolean {
  if (signature === undefined) return false;
  return signatureFault({ ...signature, tbs }, publicKey, provider, pathPolicy(policy)) === undefined;
}

/** RFC 9654 §2.1: `Nonce ::= OCTET STRING (SIZE (1..128))`. */
export function readNonce(value: DerReader): Uint8Array {
  const start = value.at;
  const nonce = value.content(tags.octetString, 'Nonce');
  value.finish();
  if (nonce.length < 1 || nonce.length > maxNonceBytes) {
    const message = `expected 1 to ${maxNonceBytes} octets, got ${nonce.length}`;
    throw value.error('ocsp.malformed', message, 'Nonce', start);
  }
  return nonce;
}

/**
 *     PreferredSignatureAlgorithms ::= SEQUENCE OF PreferredSignatureAlgorithm
 *     PreferredSignatureAlgorithm ::= SEQUENCE {
 *          sigIdentifier AlgorithmIdentifier, certIdentifier AlgorithmIdentifier OPTIONAL }
 */
function readPreferred(value: DerReader): AlgorithmIdentifier[] {
  const list = value.enter(tags.sequence, 'PreferredSignatureAlgorithms');
  value.finish();
  const algorithms: AlgorithmIdentifier[] = [];
  while (!list.done) {
    if (algorithms.length === maxPreferredAlgorithms)
      throw list.error('ocsp.tooManyEntries', `expected at most ${maxPreferredAlgorithms} algorithms`);
    const preferred = list.enter(tags.sequence, 'PreferredSignatureAlgorithm');
    algorithms.push(readAlgorithmIdentifier(preferred, 'sigIdentifier'));
    if (!preferred.done) readAlgorithmIdentifier(preferred, 'certIdentifier');
    preferred.finish();
  }
  return algorithms;
}

/** v1 is the default and the only one; that it is written out all the same is tolerated, as in responses. */
function readVersion(tbsRequest: DerReader): void {
  if (tbsRequest.nextTag !== contextTag.constructed(0)) return;
  const explicit = tbsRequest.enter(contextTag.constructed(0), 'version');
  const version = readSmallInteger(explicit, 'version');
  explicit.finish();
  if (version !== 0) throw tbsRequest.error('ocsp.badVersion', `expected v1 (0), got ${version}`, 'version');
}

function readRequestorName(tbsRequest: DerReader): GeneralName | undefined {
  if (tbsRequest.nextTag !== contextTag.constructed(1)) return undefined;
  const explicit = tbsRequest.enter(contextTag.constructed(1), 'requestorName');
  const name = readGeneralName(explicit, 'requestorName', 'address');
  explicit.finish();
  return name;
}

function readRequests(tbsRequest: DerReader): OcspRequest['requests'] {
  const list = tbsRequest.enter(tags.sequence, 'requestList');
  const requests: OcspRequest['requests'][number][] = [];
  while (!list.done) {
    if (requests.length === maxOcspEntries)
      throw list.error('ocsp.tooManyEntries', `expected at most ${maxOcspEntries} requests`);
    const one = list.enter(tags.sequence, 'Request');
    const certId = readCertId(one);
    const extensions = readOptionalExtensions(one, 0, 'singleRequestExtensions');
    one.finish();
    requests.push({ certId, extensions });
  }
  // §4.1.2: "requestList contains one or more single certificate status requests".
  if (requests.length === 0) throw list.error('ocsp.malformed', 'expected at least one request');
  return requests;
}

function readSignature(request: DerReader): OcspRequestSignature | undefined {
  if (request.nextTag !== contextTag.constructed(0)) return undefined;
  const explicit = request.enter(contextTag.constructed(0), 'optionalSignature');
  const parts = explicit.enter(tags.sequence, 'optionalSignature');
  explicit.finish();
  const signatureAlgorithm = readAlgorithmIdentifier(parts, 'signatureAlgorithm');
  const signature = readOctetsOfBitString(parts, 'signature');
  const certificates = readOcspCertificates(parts);
  parts.finish();
  return { signatureAlgorithm, signature, certificates };
}

/** `certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL`, of requests and responses. */
export function readOcspCertificates(reader: DerReader): Uint8Array[] {
  if (reader.nextTag !== contextTag.constructed(0)) return [];
  const explicit = reader.enter(contextTag.constructed(0), 'certs');
  const list = explicit.enter(tags.sequence, 'certs');
  explicit.finish();
  const certificates: Uint8Array[] = [];
  while (!list.done) {
    if (certificates.length === maxOcspCertificates)
      throw list.error('ocsp.tooManyEntries', `expected at most ${maxOcspCertificates} certificates`);
    certificates.push(list.element('Certificate', tags.sequence));
  }
  return certificates;
}

function readOptionalExtensions(
  reader: DerReader,
  number: number,
  field: string,
): ReadonlyMap<string, Extension> {
  return reader.nextTag === contextTag.constructed(number)
    ? readExplicitExtensions(reader, number, field)
    : noExtensions;
}

const noExtensions: ReadonlyMap<string, Extension> = /* @__PURE__ */ new Map<string, Extension>();
