import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../../certificate/algorithm.ts';
import { type Extension, readExplicitExtensions } from '../../certificate/extension-list.ts';
import { DerReader, contextTag, tags } from '../../der/reader.ts';
import {
  readInteger,
  readObjectIdentifier,
  readOctetsOfBitString,
  readSmallInteger,
} from '../../der/values.ts';
import { requireDer } from '../../callers.ts';
import { X509Error, isX509Error } from '../../errors.ts';
import { extensionIds } from '../../extensions/registry.ts';
import { maxOcspEntries, maxOcspResponseBytes } from '../../limits.ts';
import { type DistinguishedName, readDistinguishedName } from '../../names/distinguished-name.ts';
import { type RevocationReason, readGeneralizedTime, readRevocationReason } from '../crl/entry.ts';
import { type CertId, readCertId } from './cert-id.ts';
import { readNonce, readOcspCertificates } from './request.ts';

/**
 * What a responder answers (RFC 6960 §4.2.1):
 *
 *     OCSPResponse ::= SEQUENCE { responseStatus OCSPResponseStatus, responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }
 *     OCSPResponseStatus ::= ENUMERATED {
 *          successful (0), malformedRequest (1), internalError (2), tryLater (3), sigRequired (5), unauthorized (6) }
 *     ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
 */
export type OcspResponse =
  | { readonly status: 'successful'; readonly basic: BasicOcspResponse }
  | { readonly status: Exclude<OcspResponseStatus, 'successful'> };

export type OcspResponseStatus = keyof typeof responseStatuses;

/**
 *     BasicOCSPResponse ::= SEQUENCE {
 *          tbsResponseData ResponseData, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING,
 *          certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
 *     ResponseData ::= SEQUENCE {
 *          version [0] EXPLICIT Version DEFAULT v1, responderID ResponderID, producedAt GeneralizedTime,
 *          responses SEQUENCE OF SingleResponse, responseExtensions [1] EXPLICIT Extensions OPTIONAL }
 *     ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }
 */
export interface BasicOcspResponse {
  /** DER of the ResponseData: what the signature is over. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly responderId:
    | { readonly type: 'byName'; readonly name: DistinguishedName }
    /** SHA-1 of the bits of the responder's key. */
    | { readonly type: 'byKey'; readonly hash: Uint8Array };
  /** When it was signed, in ms since the epoch. */
  readonly producedAtMs: number;
  readonly responses: readonly SingleOcspResponse[];
  readonly extensions: ReadonlyMap<string, Extension>;
  /** DER, unread: of those who might have signed. */
  readonly certificates: readonly Uint8Array[];
}

/**
 *     SingleResponse ::= SEQUENCE {
 *          certID CertID, certStatus CertStatus, thisUpdate GeneralizedTime, nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL,
 *          singleExtensions [1] EXPLICIT Extensions OPTIONAL }
 *     CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
 *     RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL }
 */
export interface SingleOcspResponse {
  readonly certId: CertId;
  readonly status:
    | { readonly type: 'good' }
    | { readonly type: 'revoked'; readonly revocationTimeMs: number; readonly reason: RevocationReason }
    | { readonly type: 'unknown' };
  /** When this was known to be so, and until when there will be something newer, in ms since the epoch. */
  readonly thisUpdateMs: number;
  readonly nextUpdateMs: number | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/**
 * Reads one DER OCSPResponse. `der` is kept, not copied: the caller must not change it afterwards. Throws `X509Error` for
 * anything that is not exactly that; who has signed it is for `checkOcspResponse`.
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  requireDer(der, 'OCSPResponse');
  if (der.length > maxOcspResponseBytes) {
    const message = `expected at most ${maxOcspResponseBytes} bytes, got ${der.length}`;
    throw new X509Error('ocsp.tooLarge', message, { path: 'OCSPResponse' });
  }
  const outer = new DerReader(der, 'OCSPResponse');
  const response = outer.enter(tags.sequence, 'OCSPResponse');
  outer.finish();
  const status = readStatus(response);
  // "If the value of responseStatus is one of the error conditions, the responseBytes field is not set" (§4.2.1).
  if (status !== 'successful') {
    response.finish();
    return { status };
  }
  const explicit = response.enter(contextTag.constructed(0), 'responseBytes');
  response.finish();
  const bytes = explicit.enter(tags.sequence, 'responseBytes');
  explicit.finish();
  const type = readObjectIdentifier(bytes, 'responseType');
  if (type !== basicResponseType)
    throw bytes.error('ocsp.badResponseType', `expected id-pkix-ocsp-basic, got ${type}`, 'responseType');
  const octets = bytes.enter(tags.octetString, 'response');
  bytes.finish();
  const basic = readBasicResponse(octets);
  octets.finish();
  return { status, basic };
}

function readStatus(response: DerReader): OcspResponseStatus {
  const start = response.at;
  const octets = readInteger(response, 'responseStatus', tags.enumerated);
  const names = Object.keys(responseStatuses) as OcspResponseStatus[];
  const status = names.find((name) => octets.length === 1 && responseStatuses[name] === octets[0]);
  if (status === undefined)
    throw response.error('ocsp.badStatus', 'expected a known status', 'responseStatus', start);
  return status;
}

function readBasicResponse(octets: DerReader): BasicOcspResponse {
  const basic = octets.enter(tags.sequence, 'BasicOCSPResponse');
  const start = basic.at;
  const data = basic.enter(tags.sequence, 'tbsResponseData');
  const tbs = basic.bytes.subarray(start, basic.at);
  const signatureAlgorithm = readAlgorithmIdentifier(basic, 'signatureAlgorithm');
  const signature = readOctetsOfBitString(basic, 'signature');
  const certificates = readOcspCertificates(basic);
  basic.finish();

  readVersion(data);
  const responderId = readResponderId(data);
  const producedAtMs = readGeneralizedTime(data, 'producedAt');
  const responses = readResponses(data);
  const extensions = readOptionalExtensions(data, 'responseExtensions');
  data.finish();
  return {
    tbs,
    signatureAlgorithm,
    signature,
    responderId,
    producedAtMs,
    responses,
    extensions,
    certificates,
  };
}

/** v1 is the default and the only one; that it is written out all the same is tolerated, as in certificates. */
function readVersion(data: DerReader): void {
  if (data.nextTag !== contextTag.constructed(0)) return;
  const explicit = data.enter(contextTag.constructed(0), 'version');
  const version = readSmallInteger(explicit, 'version');
  explicit.finish();
  if (version !== 0) throw data.error('ocsp.badVersion', `expected v1 (0), got ${version}`, 'version');
}

function readResponderId(data: DerReader): BasicOcspResponse['responderId'] {
  if (data.nextTag === contextTag.constructed(1)) {
    const explicit = data.enter(contextTag.constructed(1), 'byName');
    const name = readDistinguishedName(explicit, 'byName');
    explicit.finish();
    return { type: 'byName', name };
  }
  const explicit = data.enter(contextTag.constructed(2), 'byKey');
  const hash = explicit.content(tags.octetString, 'byKey');
  explicit.finish();
  if (hash.length !== sha1Bytes)
    throw data.error('ocsp.malformed', `expected ${sha1Bytes} bytes of SHA-1, got ${hash.length}`, 'byKey');
  return { type: 'byKey', hash };
}

function readResponses(data: DerReader): SingleOcspResponse[] {
  const list = data.enter(tags.sequence, 'responses');
  const responses: SingleOcspResponse[] = [];
  while (!list.done) {
    if (responses.length === maxOcspEntries)
      throw list.error('ocsp.tooManyEntries', `expected at most ${maxOcspEntries} answers`);
    responses.push(readSingleResponse(list.enter(tags.sequence, 'SingleResponse')));
  }
  return responses;
}

function readSingleResponse(single: DerReader): SingleOcspResponse {
  const certId = readCertId(single);
  const status = readCertStatus(single);
  const thisUpdateMs = readGeneralizedTime(single, 'thisUpdate');
  let nextUpdateMs: number | undefined;
  if (single.nextTag === contextTag.constructed(0)) {
    const explicit = single.enter(contextTag.constructed(0), 'nextUpdate');
    nextUpdateMs = readGeneralizedTime(explicit, 'nextUpdate');
    explicit.finish();
  }
  const extensions = readOptionalExtensions(single, 'singleExtensions');
  single.finish();
  return { certId, status, thisUpdateMs, nextUpdateMs, extensions };
}

function readCertStatus(single: DerReader): SingleOcspResponse['status'] {
  if (single.nextTag === contextTag.constructed(1)) {
    const info = single.enter(contextTag.constructed(1), 'revoked');
    const revocationTimeMs = readGeneralizedTime(info, 'revocationTime');
    let reason: RevocationReason = 'unspecified';
    if (info.nextTag === contextTag.constructed(0)) {
      const explicit = info.enter(contextTag.constructed(0), 'revocationReason');
      reason = readRevocationReason(explicit);
      explicit.finish();
    }
    info.finish();
    return { type: 'revoked', revocationTimeMs, reason };
  }
  const isUnknown = single.nextTag === contextTag.primitive(2);
  const content = single.content(contextTag.primitive(isUnknown ? 2 : 0), 'certStatus');
  if (content.length > 0) throw single.error('ocsp.malformed', 'expected NULL', 'certStatus');
  return { type: isUnknown ? 'unknown' : 'good' };
}

function readOptionalExtensions(reader: DerReader, field: string): ReadonlyMap<string, Extension> {
  return reader.nextTag === contextTag.constructed(1)
    ? readExplicitExtensions(reader, 1, field)
    : noExtensions;
}

/** The nonce of a response (RFC 9654 §2.1); `undefined`: none that can be read. */
export function nonceOf({ extensions }: BasicOcspResponse): Uint8Array | undefined {
  const value = extensions.get(extensionIds.ocspNonce)?.value;
  if (value === undefined) return undefined;
  try {
    return readNonce(new DerReader(value, 'nonce'));
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** `tryLater` and the like, with their numbers; 4 is not used. */
export const responseStatuses = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

/** id-pkix-ocsp-basic. */
export const basicResponseType = '1.3.6.1.5.5.7.48.1.1';

const sha1Bytes = 20;
const noExtensions: ReadonlyMap<string, Extension> = /* @__PURE__ */ new Map<string, Extension>();
