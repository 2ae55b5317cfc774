import type { PeerEvidence, VerifyPeerAsk } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { ownBytes, sameBytes } from '../der/bytes.ts';
import { isX509Error } from '../errors.ts';
import { statusRequestFeature } from '../extensions/tls-feature.ts';
import { withoutThrowing } from '../path/certificate-checks.ts';
import { type Problem, problem } from '../path/outcome.ts';
import { type RevocationOptions, type StapledResponse, revocationSettings } from './options.ts';
import { parseOcspResponse } from './ocsp/response.ts';

/** What peers of TLS connections staple to their certificates, and what is to come of it on resumption. */

/** Options with everything in them read, for all connections that ask. */
export function readOnce(options: RevocationOptions): RevocationOptions {
  const { crls, crlIssuers, ocspResponders } = revocationSettings(options);
  const [issuers, responders] = [crlIssuers, ocspResponders].map((list) => list.map(({ der }) => der));
  return { ...options, crls, crlIssuers: issuers!, ocspResponders: responders! };
}

/** In TLS 1.3 any certificate may have one, before it the peer's own alone. */
export function stapledIn(evidence: PeerEvidence): readonly StapledResponse[] {
  if (evidence.type !== 'x509') return [];
  return evidence.chain.flatMap(({ certificate, ocspResponse }) =>
    ocspResponse === undefined ? [] : [{ certificate, ocspResponse }],
  );
}

/** Those of a stored verdict, if they are any. */
export function storedStaples(stored: unknown): readonly StapledResponse[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (each): each is StapledResponse =>
      each?.certificate instanceof Uint8Array && each?.ocspResponse instanceof Uint8Array,
  );
}

export function copiesOf(stapled: readonly StapledResponse[]): readonly StapledResponse[] {
  return stapled.map(({ certificate, ocspResponse }) => ({
    certificate: ownBytes(certificate),
    ocspResponse: ownBytes(ocspResponse),
  }));
}

/**
 * Whether the server's certificate came without the response that it had to come with: "must staple" of RFC 7633, where
 * the handshake has asked for one, or the caller's own wish.
 */
export function checkStapling(
  certificate: Certificate,
  { cause, purpose, statusRequested }: VerifyPeerAsk,
  stapled: readonly StapledResponse[],
  stapling: 'checked' | 'required' | 'ignored',
): Problem | undefined {
  if (stapling === 'ignored' || purpose !== 'serverAuth' || cause === 'resumption') return undefined;
  return withoutThrowing(0, () => {
    const isPromised =
      statusRequested === true && certificate.tlsFeature?.includes(statusRequestFeature) === true;
    if (stapling !== 'required' && !isPromised) return undefined;
    if (stapled.some((each) => sameBytes(each.certificate, certificate.der))) return undefined;
    const why = isPromised ? ', as its certificate promises' : '';
    return problem('OCSP_VERIFY_NEEDED', 0, `expected a stapled OCSP response${why}`);
  });
}

/** Until when what was stapled says something: the first end of an answer that has one. */
export function staplesEndMs(stapled: readonly StapledResponse[]): number {
  const ends = stapled.flatMap(({ ocspResponse }) => {
    try {
      const response = parseOcspResponse(ocspResponse);
      if (response.status !== 'successful') return [];
      return response.basic.responses.flatMap(({ nextUpdateMs }) => nextUpdateMs ?? []);
    } catch (error) {
      if (isX509Error(error)) return [];
      throw error;
    }
  });
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}
