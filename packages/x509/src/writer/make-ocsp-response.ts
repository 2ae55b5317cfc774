import {
  ApiMisuseError,
  type CryptoProvider,
  type PrivateKey,
  type RandomSource,
  type SignatureAlgorithm,
} from '@sealwire/core';
import { parseCertificate } from '../certificate/certificate.ts';
import { contextTag, tags } from '../der/reader.ts';
import { derElement, derExplicit, derObjectIdentifier, derOctetString, derSequence } from '../der/write.ts';
import { derGeneralizedTime } from '../der/write-time.ts';
import { keyBits } from '../revocation/ocsp/cert-id.ts';
import type { certIdHashes } from '../revocation/ocsp/cert-id.ts';
import type { RevocationReason } from '../revocation/crl/entry.ts';
import { type OcspResponseStatus, basicResponseType, responseStatuses } from '../revocation/ocsp/response.ts';
import { toDer } from './asn1.ts';
import { type ExtensionInput, writeExtension } from './extensions.ts';
import { writeReason } from './make-crl.ts';
import { writeCertId, writeNonce } from './ocsp-parts.ts';
import { usualSignatureAlgorithm } from '../keys/usual-algorithm.ts';
import { signatureOver } from './signed.ts';

/** What is said about one certificate (RFC 6960 §4.2.1). */
export interface OcspAnswerInput {
  /** DER certificate, and that of its issuer. */
  readonly certificate: Uint8Array;
  readonly issuer: Uint8Array;
  readonly status:
    | 'good'
    | 'unknown'
    | { readonly revocationTimeMs: number; readonly reason?: RevocationReason };
  /** Ms since the epoch, cut to whole seconds; `nextUpdateMs` absent: newer information is available all the time. */
  readonly thisUpdateMs: number;
  readonly nextUpdateMs?: number;
  /** Of names and keys in CertID. Default `sha1`. */
  readonly hash?: (typeof certIdHashes)[number];
  readonly extensions?: readonly ExtensionInput[];
}

export interface OcspResponseContents {
  readonly provider: CryptoProvider;
  /** Who signs: DER certificate and key, the issuer's or those of somebody whom it has certified for that. */
  readonly responder: { readonly certificate: Uint8Array; readonly key: PrivateKey };
  readonly answers: readonly OcspAnswerInput[];
  /** Ms since the epoch. Default: the latest `thisUpdateMs`. */
  readonly producedAtMs?: number;
  /** How the responder is named. Default `byKey`. */
  readonly responderId?: 'byName' | 'byKey';
  /** The nonce of the request. */
  readonly nonce?: Uint8Array;
  /** DER certificates to put along. Default: the responder's, if it is not the issuer's of every answer. */
  readonly certificates?: readonly Uint8Array[];
  readonly extensions?: readonly ExtensionInput[];
  /** Default: what suits the signer's key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Where the signature's randomness comes from. */
  readonly source?: RandomSource;
}

/** Makes and signs a successful OCSPResponse (RFC 6960 §4.2.1); DER. Throws `ApiMisuseError` for contents that cannot be written. */
export function makeOcspResponse(contents: OcspResponseContents): Uint8Array {
  const { provider, responder, answers, nonce, source } = contents;
  if (answers.length === 0 && contents.producedAtMs === undefined)
    throw new ApiMisuseError('expected answers, or producedAtMs');
  const algorithm = contents.signatureAlgorithm ?? usualSignatureAlgorithm(responder.key.kind);
  const extensions = [
    ...(nonce === undefined ? [] : [writeNonce(nonce)]),
    ...(contents.extensions ?? []).map((extension) => toDer(writeExtension(extension))),
  ];
  const tbs = derSequence(
    responderId(contents),
    derGeneralizedTime(contents.producedAtMs ?? Math.max(...answers.map(({ thisUpdateMs }) => thisUpdateMs))),
    derSequence(...answers.map((answer) => writeAnswer(answer, provider))),
    ...(extensions.length === 0 ? [] : [derExplicit(1, derSequence(...extensions))]),
  );
  const own = parseCertificate(responder.certificate);
  const isIssuer = answers.every(({ issuer }) => parseCertificate(issuer).subject.equals(own.subject));
  const certificates = contents.certificates ?? (isIssuer ? [] : [responder.certificate]);
  const basic = derSequence(
    tbs,
    ...signatureOver(tbs, algorithm, responder.key, source),
    ...(certificates.length === 0 ? [] : [derExplicit(0, derSequence(...certificates))]),
  );
  return derSequence(
    status('successful'),
    derExplicit(0, derSequence(derObjectIdentifier(basicResponseType), derOctetString(basic))),
  );
}

/** An OCSPResponse that answers nothing: `tryLater` and the like, which nobody signs. */
export function makeOcspErrorResponse(reason: Exclude<OcspResponseStatus, 'successful'>): Uint8Array {
  if (!(reason in responseStatuses) || (reason as string) === 'successful')
    throw new ApiMisuseError(`expected a status of an error, got ${JSON.stringify(reason)}`);
  return derSequence(status(reason));
}

function status(name: OcspResponseStatus): Uint8Array {
  return derElement(tags.enumerated, Uint8Array.of(responseStatuses[name]));
}

function responderId({ responder, responderId: form = 'byKey', provider }: OcspResponseContents): Uint8Array {
  const { subject, spki } = parseCertificate(responder.certificate);
  if (form === 'byName') return derExplicit(1, subject.der);
  const { sha1 } = provider.hashes;
  if (sha1 === undefined) throw new ApiMisuseError(`expected a provider with sha1, got ${provider.name}`);
  return derExplicit(2, derOctetString(sha1.digest([keyBits(spki)])));
}

function writeAnswer(answer: OcspAnswerInput, provider: CryptoProvider): Uint8Array {
  const { certificate, issuer, hash = 'sha1', extensions = [], nextUpdateMs } = answer;
  return derSequence(
    writeCertId(parseCertificate(certificate), parseCertificate(issuer), hash, provider),
    writeStatus(answer.status),
    derGeneralizedTime(answer.thisUpdateMs),
    ...(nextUpdateMs === undefined ? [] : [derExplicit(0, derGeneralizedTime(nextUpdateMs))]),
    ...(extensions.length === 0
      ? []
      : [derExplicit(1, derSequence(...extensions.map((extension) => toDer(writeExtension(extension)))))]),
  );
}

function writeStatus(given: OcspAnswerInput['status']): Uint8Array {
  if (typeof given === 'string') {
    if (given !== 'good' && given !== 'unknown')
      throw new ApiMisuseError(
        `expected 'good', 'unknown' or { revocationTimeMs }, got ${JSON.stringify(given)}`,
      );
    return derElement(contextTag.primitive(given === 'good' ? 0 : 2));
  }
  const { revocationTimeMs, reason } = given;
  return derElement(
    contextTag.constructed(1),
    derGeneralizedTime(revocationTimeMs),
    ...(reason === undefined ? [] : [derExplicit(0, writeReason(reason))]),
  );
}
