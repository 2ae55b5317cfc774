import type { Certificate } from '../certificate/certificate.ts';
import type { TrustAnchors } from '../path/anchors.ts';
import { hasIssued } from './issuance.ts';
import { type LegacyCertificate, type ShowOptions, legacyCertificate } from './legacy-certificate.ts';

export interface LegacyChainOptions<B extends Uint8Array = Uint8Array> extends ShowOptions<B> {
  /** Where the chain is looked for when the peer has sent no issuer. Absent: nowhere. */
  readonly anchors?: TrustAnchors;
  /** In ms since the epoch: of several anchors the one that is valid then goes first. Default: the newest does. */
  readonly timeMs?: number;
}

/**
 * `getPeerCertificate(true)` of Node: the legacy object of the first certificate, and of each the issuer that comes next in the
 * chain as `issuerCertificate`, which of a self-signed one is itself. What the peer sent is taken before anchors. Nothing here is
 * verified: signatures are not looked at.
 *
 * `presented` are the peer's certificates, its own first, at least one.
 */
export function legacyCertificateChain<B extends Uint8Array = Uint8Array>(
  presented: readonly [Certificate, ...Certificate[]],
  options: LegacyChainOptions<B>,
): LegacyCertificate<B> {
  const [first, ...others] = presented;
  const object = legacyCertificate(first, options);
  let last = { certificate: first, object };
  const append = (certificate: Certificate): void => {
    const next = { certificate, object: legacyCertificate(certificate, options) };
    last.object.issuerCertificate = next.object;
    last = next;
  };
  for (;;) {
    const at = others.findIndex((candidate) => hasIssued(candidate, last.certificate));
    if (at < 0) break;
    append(others.splice(at, 1)[0]!);
    // Node looks no further once it has taken the last of those that are left.
    if (at === others.length) break;
  }
  const seen = new Set<Certificate>([last.certificate]);
  while (!hasIssued(last.certificate, last.certificate)) {
    const issuer = anchorFor(last.certificate, options);
    // Anchors that have issued each other would lead round and round.
    if (issuer === undefined || seen.has(issuer)) break;
    seen.add(issuer);
    append(issuer);
  }
  if (hasIssued(last.certificate, last.certificate)) last.object.issuerCertificate = last.object;
  return object;
}

function anchorFor(
  certificate: Certificate,
  { anchors, timeMs }: Pick<LegacyChainOptions, 'anchors' | 'timeMs'>,
): Certificate | undefined {
  const issuers = (anchors?.bySubject(certificate.issuer.comparisonKey) ?? [])
    .flatMap((anchor) => anchor.certificate ?? [])
    .filter((candidate) => hasIssued(candidate, certificate));
  const valid = issuers.find(
    ({ notBeforeMs, notAfterMs }) => timeMs !== undefined && notBeforeMs <= timeMs && timeMs <= notAfterMs,
  );
  return valid ?? issuers.reduce<Certificate | undefined>(newer, undefined);
}

function newer(best: Certificate | undefined, candidate: Certificate): Certificate {
  return best === undefined || candidate.notAfterMs > best.notAfterMs ? candidate : best;
}
