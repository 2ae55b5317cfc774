import type { Certificate } from '../certificate/certificate.ts';
import type { TrustAnchor } from '../path/anchors.ts';
import type { Problem } from '../path/outcome.ts';
import type { RevocationSettings, WholeContext } from './options.ts';

/** What one source of knowledge says about one certificate. */
export type Status =
  | {
      readonly kind: 'good';
      /** Until when that holds, in ms since the epoch. */
      readonly untilMs: number;
    }
  | { readonly kind: 'revoked'; readonly problem: Problem }
  /** Nothing is known for certain; the problem says why. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** A certificate that is looked up, and where it stands. */
export interface Target {
  readonly certificate: Certificate;
  readonly depth: number;
  /** Those above it, its own issuer first, the trust anchor last; never empty. */
  readonly above: readonly Superior[];
}

/** A CA of the chain: a certificate, or a trust anchor that has none. */
export type Superior = Pick<TrustAnchor, 'subject' | 'spki' | 'certificate' | 'nameConstraints'>;

export function superior(certificate: Certificate): Superior {
  const { subject, spki } = certificate;
  return { subject, spki, certificate, nameConstraints: undefined };
}

/** All of a chain as superiors, with an anchor that has no certificate at the end. */
export function superiorsOf(chain: readonly Certificate[], { anchor }: WholeContext): readonly Superior[] {
  const superiors = chain.map(superior);
  return anchor === undefined || anchor.certificate !== undefined ? superiors : [...superiors, anchor];
}

/** One check of one chain. */
export interface Check {
  readonly settings: RevocationSettings;
  readonly context: WholeContext;
  /** Signatures that may still be checked: what a peer sends must not decide how much we compute. */
  readonly work: { signatureChecks: number };
  /** Certificates whose status is being looked for: who signs CRLs is asked about in turn, and not twice. */
  readonly asked: readonly Certificate[];
}

export function iso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
