import type { Certificate } from '../certificate/certificate.ts';
import { CertificateCache } from '../certificate/cache.ts';
import { hex, sameBytes } from '../der/bytes.ts';
import { isX509Error } from '../errors.ts';

/**
 * Trust anchors by subject. Nothing is parsed until the first question: a system's bundle has about 150.
 * An anchor that does not parse is left out, for a bundle must not become useless with one of its entries;
 * `unreadable` says which.
 */
export class TrustAnchors {
  readonly #ders: readonly Uint8Array[];
  #index:
    | {
        bySubject: Map<string, Certificate[]>;
        byDer: Map<string, Certificate[]>;
        unreadable: UnreadableAnchor[];
      }
    | undefined;

  constructor(ders: readonly Uint8Array[]) {
    this.#ders = ders;
  }

  get size(): number {
    return this.#ders.length;
  }

  bySubject(comparisonKey: string): readonly Certificate[] {
    return this.#indexed().bySubject.get(comparisonKey) ?? none;
  }

  /** The anchor that is this very certificate. */
  find(certificate: Certificate): Certificate | undefined {
    return sameCertificate(this.#indexed().byDer, certificate);
  }

  get unreadable(): readonly UnreadableAnchor[] {
    return this.#indexed().unreadable;
  }

  #indexed() {
    if (this.#index !== undefined) return this.#index;
    const bySubject = new Map<string, Certificate[]>();
    const byDer = new Map<string, Certificate[]>();
    const unreadable: UnreadableAnchor[] = [];
    const parser = new CertificateCache(0);
    for (const [position, der] of this.#ders.entries()) {
      try {
        const certificate = parser.parse(der);
        if (sameCertificate(byDer, certificate) !== undefined) continue;
        append(byDer, derKey(certificate), certificate);
        append(bySubject, certificate.subject.comparisonKey, certificate);
      } catch (error) {
        if (!isX509Error(error)) throw error;
        unreadable.push({ position, error });
      }
    }
    return (this.#index = { bySubject, byDer, unreadable });
  }
}

export interface UnreadableAnchor {
  /** Place among the given certificates, from 0. */
  readonly position: number;
  readonly error: Error;
}

/** Candidates to have issued `certificate`, the likelier first: key identifiers that agree, then none to compare, then others. */
export function orderByKeyIdentifier(
  certificate: Certificate,
  candidates: readonly Certificate[],
): readonly Certificate[] {
  if (candidates.length < 2) return candidates;
  const wanted = quietly(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  if (wanted === undefined) return candidates;
  const rank = (candidate: Certificate): number => {
    const own = quietly(() => candidate.subjectKeyIdentifier);
    if (own === undefined) return 1;
    return sameBytes(own, wanted) ? 0 : 2;
  };
  return candidates
    .map((candidate) => ({ candidate, rank: rank(candidate) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ candidate }) => candidate);
}

/** A malformed hint is no hint; the certificate is refused later, if it is used. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

function append(map: Map<string, Certificate[]>, key: string, certificate: Certificate): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [certificate]);
  else there.push(certificate);
}

function sameCertificate(
  byDer: ReadonlyMap<string, readonly Certificate[]>,
  certificate: Certificate,
): Certificate | undefined {
  return byDer.get(derKey(certificate))?.find((each) => sameBytes(each.der, certificate.der));
}

/** Length and the last 32 octets, those of the signature: certificates that agree in them are compared whole. */
function derKey(certificate: Certificate): string {
  return `${certificate.der.length}:${hex(certificate.der.subarray(-32))}`;
}

const none: readonly Certificate[] = [];
