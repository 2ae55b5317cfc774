import { ApiMisuseError } from '@sealwire/core';
import { ownBytes } from '../../der/bytes.ts';
import { X509Error, isX509Error } from '../../errors.ts';
import { looksLikeDer } from '../../der/looks-like-der.ts';
import type { DistinguishedName } from '../../names/distinguished-name.ts';
import { parsePem } from '../../pem.ts';
import { type CertificateRevocationList, parseCrlWithAnyTime } from './crl.ts';

/** CRLs as people have them: PEM texts with one or several, DER, or the bytes of a file that holds either. */
export type CrlInput = string | Uint8Array | readonly (string | Uint8Array)[];

/**
 * CRLs by issuer, for any number of checks: read when the first is asked for, signatures that were good remembered. One
 * that cannot be read is left out, and `unreadable` says which: what it would have said is then not known.
 */
export class CrlSet {
  readonly #ders: readonly Uint8Array[];
  #index: { byIssuer: Map<string, CertificateRevocationList[]>; unreadable: UnreadableCrl[] } | undefined;

  /**
   * The bytes are copied. Throws `X509Error` for texts that are damaged PEM or hold no CRL, `ApiMisuseError` for other things
   * than texts and bytes.
   */
  constructor(crls: CrlInput) {
    this.#ders = crlsDer(crls);
  }

  get size(): number {
    return this.#ders.length;
  }

  /** Those that name this issuer, the newest first. */
  byIssuer(issuer: DistinguishedName): readonly CertificateRevocationList[] {
    return this.#indexed().byIssuer.get(issuer.comparisonKey) ?? none;
  }

  get unreadable(): readonly UnreadableCrl[] {
    return this.#indexed().unreadable;
  }

  #indexed() {
    if (this.#index !== undefined) return this.#index;
    const byIssuer = new Map<string, CertificateRevocationList[]>();
    const unreadable: UnreadableCrl[] = [];
    for (const [position, der] of this.#ders.entries()) {
      try {
        const crl = parseCrlWithAnyTime(der);
        const key = crl.issuer.comparisonKey;
        const same = byIssuer.get(key);
        if (same === undefined) byIssuer.set(key, [crl]);
        else same.push(crl);
      } catch (error) {
        if (!isX509Error(error)) throw error;
        unreadable.push({ position, error });
      }
    }
    for (const crls of byIssuer.values()) crls.sort(byAge);
    return (this.#index = { byIssuer, unreadable });
  }
}

export interface UnreadableCrl {
  /** Place among the given CRLs, from 0. */
  readonly position: number;
  readonly error: Error;
}

/** Newest first; those whose time cannot be read last. */
function byAge(a: CertificateRevocationList, b: CertificateRevocationList): number {
  const [one, other] = [a.thisUpdateMs, b.thisUpdateMs];
  if (Number.isNaN(one) || Number.isNaN(other))
    return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  return other - one;
}

function crlsDer(input: CrlInput): Uint8Array[] {
  const entries = typeof input === 'string' || input instanceof Uint8Array ? [input] : input;
  if (!Array.isArray(entries)) throw new ApiMisuseError(`expected CRLs as PEM or DER, got ${typeof input}`);
  return entries.flatMap((entry: unknown) => {
    if (typeof entry !== 'string' && !(entry instanceof Uint8Array))
      throw new ApiMisuseError(`expected a CRL as PEM or DER, got ${typeof entry}`);
    if (typeof entry === 'string') return crlsOfPem(entry);
    if (looksLikeDer(entry)) return [ownBytes(entry)];
    try {
      return crlsOfPem(entry);
    } catch (error) {
      // What somebody has fetched may be anything: bytes that are neither are a CRL that cannot be read.
      if (isX509Error(error)) return [ownBytes(entry)];
      throw error;
    }
  });
}

function crlsOfPem(text: string | Uint8Array): Uint8Array[] {
  const ders = parsePem(text)
    .filter(({ label }) => label === 'X509 CRL')
    .map(({ der }) => der);
  if (ders.length > 0) return ders;
  throw new X509Error('pem.noBlock', 'expected at least one X509 CRL block of PEM, or DER');
}

const none: readonly CertificateRevocationList[] = [];
