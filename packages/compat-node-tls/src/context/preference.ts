import { type CipherSuite, type Credential, protocolVersions } from '@sealwire/core';
import { authenticationOf } from '../openssl/offer.ts';
import { allowsScheme } from '../openssl/security.ts';
import { schemeById } from '../openssl/sigalgs.ts';
import { type Suite, suiteById } from '../openssl/suites.ts';
import { serverOffer } from './offers.ts';
import type { ContextState } from './state.ts';

/** What of a ClientHello decides which of its certificates a server presents. */
export interface OfferedHello {
  /** The version that it leads to. */
  readonly version: number;
  readonly cipherSuites: readonly number[];
  /** SignatureSchemes; absent: it has no such list. */
  readonly signatureSchemes: readonly number[] | undefined;
}

/**
 * The certificates of a server in OpenSSL's order for a client. Before TLS 1.3 the first suite that both have decides, of
 * those that some certificate of ours goes with; then, and in TLS 1.3 alone, the first scheme that both have.
 */
export function preferredCredentials(state: ContextState, hello: OfferedHello): readonly Credential[] {
  const { credentials, openssl } = state;
  if (credentials.length < 2) return credentials;
  const suites = hello.version < protocolVersions.tls13 ? commonSuites(state, hello) : [];
  const schemes = sharedSchemes(state, hello.signatureSchemes ?? []);
  const ranked = credentials.map((credential) => {
    const kinds = credential.signatureSchemes.map((id) => authenticationOf(schemeById(id, openssl)));
    return {
      credential,
      suite: orLast(suites.findIndex(({ authentication }) => kinds.includes(authentication))),
      scheme: orLast(schemes.findIndex((id) => credential.signatureSchemes.includes(id as never))),
    };
  });
  ranked.sort((a, b) => a.suite - b.suite || a.scheme - b.scheme);
  return ranked.map(({ credential }) => credential);
}

/**
 * The suites of a server for a client. SSL_OP_PRIORITIZE_CHACHA: a client whose first suite, of those that OpenSSL knows, is of
 * ChaCha20 has no hardware for AES, and gets what it likes best.
 */
export function preferredSuites(
  state: ContextState,
  own: readonly CipherSuite[],
  { cipherSuites }: OfferedHello,
): readonly CipherSuite[] {
  const first = cipherSuites.map((id) => suiteById(id)).find((suite) => suite !== undefined);
  const { prioritizesChacha } = state.options;
  if (!prioritizesChacha || !state.honorCipherOrder || first === undefined || !isChacha(first)) return own;
  const rank = (id: CipherSuite): number => (isChacha(suiteById(id)) ? 0 : 1);
  return [...own].sort((a, b) => rank(a) - rank(b));
}

function isChacha(suite: Suite | undefined): boolean {
  return suite?.name.includes('CHACHA20') === true;
}

/** Whether a certificate would be presented to this client: not where a key that both know, or none, comes first. */
export function presentsCertificate(state: ContextState, hello: OfferedHello, hasPsk: boolean): boolean {
  const { credentials, openssl } = state;
  const kinds = credentials.flatMap(({ signatureSchemes }) =>
    signatureSchemes.map((id) => authenticationOf(schemeById(id, openssl))),
  );
  const [first] = commonSuites(state, hello).filter(({ authentication }) =>
    authentication === 'PSK' ? hasPsk : authentication === 'None' || kinds.includes(authentication),
  );
  return first !== undefined && kinds.includes(first.authentication);
}

/** What a server and its client both name of SignatureSchemes, in the order of whoever decides. */
export function sharedSchemes(state: ContextState, ofPeer: readonly number[]): readonly number[] {
  const { openssl, securityLevel } = state;
  const own = state.sigalgs.filter((id) => {
    const scheme = schemeById(id, openssl);
    return scheme !== undefined && allowsScheme(securityLevel, scheme);
  });
  const [first, second] = state.honorCipherOrder ? [own, ofPeer] : [ofPeer, own];
  return first.filter((id) => second.includes(id));
}

function commonSuites(state: ContextState, { cipherSuites, version }: OfferedHello): Suite[] {
  const own: readonly number[] = serverOffer(state).cipherSuites;
  const [first, second] = state.honorCipherOrder ? [own, cipherSuites] : [cipherSuites, own];
  return first
    .filter((id) => second.includes(id))
    .flatMap((id) => suiteById(id) ?? [])
    .filter(({ since }) => since !== 'TLSv1.3' && (since !== 'TLSv1.2' || version >= protocolVersions.tls12));
}

function orLast(index: number): number {
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}
