import type { Certificate } from '../certificate/certificate.ts';
import type { TrustAnchor, TrustAnchors } from './anchors.ts';
import type { Use } from './certificate-checks.ts';
import { type Problem, problem } from './outcome.ts';
import { isTrustedFor } from './trust-settings.ts';

/** What our own side says against a certificate, before anything that it says itself. */
export function checkTrust(
  certificate: Certificate,
  depth: number,
  { anchors, use }: { readonly anchors: TrustAnchors; readonly use: Use },
): Problem | undefined {
  const settings = anchors.find(certificate)?.settings;
  const isTrusted = settings === undefined || isTrustedFor(settings, use.purpose);
  if (isTrusted && !anchors.isDistrusted(certificate)) return undefined;
  return problem('CERT_REJECTED', depth, `expected no certificate that is not trusted for ${use.purpose}`);
}

/**
 * What an anchor that is trusted for older certificates alone says against a chain that ends there. Where the purpose is not
 * looked at, it may be a server's.
 */
export function checkDistrustAfter(
  endEntity: Certificate,
  { settings }: TrustAnchor,
  depth: number,
  { purpose }: Use,
): Problem | undefined {
  const after = settings?.distrustAfterMs;
  const isConcerned = purpose === 'serverAuth' || purpose === 'any';
  if (after === undefined || !isConcerned || endEntity.notBeforeMs <= after) return undefined;
  const [last, begin] = [after, endEntity.notBeforeMs].map((ms) => new Date(ms).toISOString());
  const message = `expected a certificate from ${last} or before, after which its root is trusted no more, got one from ${begin}`;
  return problem('ISSUER_NO_LONGER_TRUSTED', depth, message);
}
