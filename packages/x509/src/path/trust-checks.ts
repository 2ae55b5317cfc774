import type { Certificate } from '../certificate/certificate.ts';
import type { TrustAnchors } from './anchors.ts';
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
