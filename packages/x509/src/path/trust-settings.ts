import { type KeyPurpose, keyPurposeIds } from '../extensions/registry.ts';

/** What a trust anchor is trusted for. */
export interface TrustSettings {
  /** As OpenSSL's `TRUSTED CERTIFICATE` says it: object identifiers of purposes; `undefined`: nothing is said. */
  readonly trusted?: readonly string[] | undefined;
  /** Those that it is not trusted for. */
  readonly rejected?: readonly string[] | undefined;
  /**
   * In ms since the epoch: a chain that ends here is refused if the server's certificate begins later (notBefore). It is how
   * Mozilla lets a CA go whose older certificates are still in use. Clients' certificates are not concerned.
   */
  readonly distrustAfterMs?: number | undefined;
}

/** A certificate in DER that is trusted within limits. */
export interface LimitedAnchor extends TrustSettings {
  readonly certificate: Uint8Array;
}

/** Rejection counts more; whoever lists purposes trusts for no others. `any` is trusted that is not rejected for all. */
export function isTrustedFor({ trusted, rejected = [] }: TrustSettings, purpose: KeyPurpose): boolean {
  const names = (ids: readonly string[]): boolean =>
    ids.includes(keyPurposeIds[purpose]) || ids.includes(keyPurposeIds.any);
  return !names(rejected) && (purpose === 'any' || trusted === undefined || names(trusted));
}
