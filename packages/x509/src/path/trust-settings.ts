import type { TrustedCertificate } from '../containers/trusted-certificate.ts';
import { type KeyPurpose, keyPurposeIds } from '../extensions/registry.ts';

/** What a trust anchor is trusted for, as OpenSSL's `TRUSTED CERTIFICATE` says it: object identifiers of purposes. */
export type TrustSettings = Pick<TrustedCertificate, 'trusted' | 'rejected'>;

/** Rejection counts more; whoever lists purposes trusts for no others. `any` is trusted that is not rejected for all. */
export function isTrustedFor({ trusted, rejected = [] }: TrustSettings, purpose: KeyPurpose): boolean {
  const names = (ids: readonly string[]): boolean =>
    ids.includes(keyPurposeIds[purpose]) || ids.includes(keyPurposeIds.any);
  return !names(rejected) && (purpose === 'any' || trusted === undefined || names(trusted));
}
