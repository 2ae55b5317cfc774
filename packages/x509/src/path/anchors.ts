import { ApiMisuseError } from '@sealwire/core';
import { type Certificate, parseCertificate } from '../certificate/certificate.ts';
import { lastOctets, ownBytes, sameBytes } from '../der/bytes.ts';
import { isX509Error, X509Error } from '../errors.ts';
import { DerReader, tags } from '../der/reader.ts';
import { type NameConstraints, readNameConstraints } from '../extensions/name-constraints.ts';
import type { LimitedAnchor, TrustSettings } from './trust-settings.ts';
import { type DistinguishedName, readDistinguishedName } from '../names/distinguished-name.ts';

/** Somebody whom chains may end at (RFC 5280 §6.1.1 (d)). */
export interface TrustAnchor {
  readonly subject: DistinguishedName;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Absent where the anchor is a name and a key; otherwise what it says of itself is enforced (RFC 5937). */
  readonly certificate: Certificate | undefined;
  /** Those of an anchor without a certificate. */
  readonly nameConstraints: NameConstraints | undefined;
  /** Absent: trusted for everything. */
  readonly settings?: TrustSettings | undefined;
}

/** What `TrustAnchors` may have beside certificates that are trusted. */
export interface OtherAnchors {
  readonly named?: readonly NamedAnchor[];
  /** Certificates in DER that no chain may have in it, wherever. */
  readonly distrusted?: readonly Uint8Array[];
}

/** A trust anchor as a name and a key: it has no validity, and no limits but those given here. */
export interface NamedAnchor {
  /** DER of the Name, which is not empty. */
  readonly subject: Uint8Array;
  /** DER SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** DER of NameConstraints (RFC 5280 §4.2.1.10), without an extension around it. */
  readonly nameConstraints?: Uint8Array;
  /** As `TrustSettings` has it. */
  readonly distrustAfterMs?: number;
}

/**
 * Trust anchors by subject. Nothing is parsed until the first question: a system's bundle has about 150.
 * An anchor that does not parse is left out, for a bundle must not become useless with one of its entries;
 * `unreadable` says which.
 */
export class TrustAnchors {
  readonly #certificates: readonly (Uint8Array | LimitedAnchor)[];
  readonly #named: readonly TrustAnchor[];
  readonly #distrusted: ReadonlyMap<number, readonly Uint8Array[]>;
  #index: Index | undefined;

  /**
   * Certificates in DER, with limits or without (`readTrustedCertificate` gives those of a `TRUSTED CERTIFICATE`), and what
   * there is beside them; `X509Error` for an anchor without a certificate that is malformed.
   */
  constructor(
    certificates: readonly (Uint8Array | LimitedAnchor)[],
    { named = [], distrusted = [] }: OtherAnchors = {},
  ) {
    for (const given of [...certificates, ...named]) if (!(given instanceof Uint8Array)) requireDate(given);
    // In copies: who is trusted, and who is not, must not change with a buffer that is used again.
    this.#certificates = certificates.map((each) =>
      each instanceof Uint8Array ? ownBytes(each) : { ...each, certificate: ownBytes(each.certificate) },
    );
    this.#named = named.map(readNamedAnchor);
    const byEnd = new Map<number, Uint8Array[]>();
    for (const der of distrusted) append(byEnd, lastOctets(der), ownBytes(der));
    this.#distrusted = byEnd;
  }

  get size(): number {
    return this.#certificates.length + this.#named.length;
  }

  /** Whether the certificate is one of `distrusted`, which nothing leads past. */
  isDistrusted({ der }: Certificate): boolean {
    return this.#distrusted.get(lastOctets(der))?.some((one) => sameBytes(one, der)) === true;
  }

  bySubject(comparisonKey: string): readonly TrustAnchor[] {
    return this.#indexed().bySubject.get(comparisonKey) ?? none;
  }

  /** The anchor that is this very certificate. */
  find(certificate: Certificate): TrustAnchor | undefined {
    return sameCertificate(this.#indexed().byDer, certificate);
  }

  get unreadable(): readonly UnreadableAnchor[] {
    return this.#indexed().unreadable;
  }

  #indexed(): Index {
    if (this.#index !== undefined) return this.#index;
    const bySubject = new Map<string, TrustAnchor[]>();
    const byDer = new Map<number, TrustAnchor[]>();
    const unreadable: UnreadableAnchor[] = [];
    for (const [position, given] of this.#certificates.entries()) {
      const settings = given instanceof Uint8Array ? { certificate: given } : given;
      const der = settings.certificate;
      try {
        const certificate = parseCertificate(der);
        if (sameCertificate(byDer, certificate) !== undefined) continue;
        const { subject, spki } = certificate;
        const anchor: TrustAnchor = { subject, spki, certificate, nameConstraints: undefined, settings };
        append(byDer, lastOctets(der), anchor);
        append(bySubject, subject.comparisonKey, anchor);
      } catch (error) {
        if (!isX509Error(error)) throw error;
        unreadable.push({ position, error });
      }
    }
    for (const anchor of this.#named) append(bySubject, anchor.subject.comparisonKey, anchor);
    return (this.#index = { bySubject, byDer, unreadable });
  }
}

interface Index {
  readonly bySubject: ReadonlyMap<string, readonly TrustAnchor[]>;
  /** By their `lastOctets`: nobody but who names our anchors can make many of them alike. */
  readonly byDer: ReadonlyMap<number, readonly TrustAnchor[]>;
  readonly unreadable: readonly UnreadableAnchor[];
}

export interface UnreadableAnchor {
  /** Place among the given certificates, from 0. */
  readonly position: number;
  readonly error: Error;
}

/** Candidates to have issued `certificate`, the likelier first: key identifiers that agree, then none to compare, then others. */
export function orderByKeyIdentifier<T>(
  certificate: Certificate,
  candidates: readonly T[],
  certificateOf: (candidate: T) => Certificate | undefined,
): readonly T[] {
  if (candidates.length < 2) return candidates;
  const wanted = quietly(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  if (wanted === undefined) return candidates;
  const rank = (candidate: T): number => {
    const own = quietly(() => certificateOf(candidate)?.subjectKeyIdentifier);
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

/** No comparison with what is no number says "later". */
function requireDate({ distrustAfterMs: date }: TrustSettings): void {
  if (date !== undefined && (typeof date !== 'number' || Number.isNaN(new Date(date).getTime())))
    throw new ApiMisuseError(`expected distrustAfterMs in ms since the epoch, got ${date}`);
}

function readNamedAnchor({
  subject: name,
  publicKey,
  nameConstraints,
  distrustAfterMs,
}: NamedAnchor): TrustAnchor {
  const reader = new DerReader(ownBytes(name), 'TrustAnchor.subject');
  const subject = readDistinguishedName(reader, 'subject');
  reader.finish();
  // No certificate has such an issuer (RFC 5280 §4.1.2.4).
  if (subject.isEmpty) throw new X509Error('certificate.badName', 'expected a name that is not empty');
  const key = new DerReader(publicKey, 'TrustAnchor.publicKey');
  key.element('publicKey', tags.sequence);
  key.finish();
  const constraints =
    nameConstraints === undefined
      ? undefined
      : readNameConstraints(new DerReader(ownBytes(nameConstraints), 'TrustAnchor.nameConstraints'));
  return {
    subject,
    spki: ownBytes(publicKey),
    certificate: undefined,
    nameConstraints: constraints,
    settings: distrustAfterMs === undefined ? undefined : { distrustAfterMs },
  };
}

function append<K, T>(map: Map<K, T[]>, key: K, one: T): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [one]);
  else there.push(one);
}

function sameCertificate(
  byDer: ReadonlyMap<number, readonly TrustAnchor[]>,
  { der }: Certificate,
): TrustAnchor | undefined {
  return byDer.get(lastOctets(der))?.find(({ certificate }) => sameBytes(certificate!.der, der));
}

const none: readonly TrustAnchor[] = [];
