import type { CryptoProvider, PrivateKey } from '@sealwire/core';
import { type Certificate, parseCertificate } from '../../certificate/certificate.ts';
import { hex, sameBytes } from '../../der/bytes.ts';
import { isX509Error } from '../../errors.ts';
import { maxChainComparisons, maxPresentedCertificates } from '../../limits.ts';
import type { Pkcs12Certificate, Pkcs12Key } from './safe-contents.ts';

/** A private key with its certificate and those above it, as `loadCredential` takes them. */
export interface Pkcs12Identity {
  readonly key: PrivateKey;
  /** The certificate of the key, then each one's issuer as far as the file has them; DER. Nothing is verified. */
  readonly chain: readonly Uint8Array[];
  /** Of the key, or else of its certificate. */
  readonly friendlyName?: string;
}

/**
 * Which certificate belongs to which key: the one that certifies it. Where several do (one renewed with the same key), the
 * one with the key's localKeyId; a localKeyId alone makes nothing belong together. Keys that have no certificate here, or
 * that the provider does not know, are left out.
 */
export function identitiesOf(
  keys: readonly Pkcs12Key[],
  certificates: readonly Pkcs12Certificate[],
  provider: CryptoProvider,
): Pkcs12Identity[] {
  if (keys.length === 0) return [];
  const parsed = certificates.flatMap(parsedEntry);
  const bySpki = grouped(parsed, ({ certificate }) => hex(certificate.spki));
  const bySubject = grouped(parsed, ({ certificate }) => certificate.subject.comparisonKey);
  const work = { left: maxChainComparisons };
  // Making a key ready takes up to milliseconds; a key that comes back has been made already.
  const known = new Map<string, PrivateKey | undefined>();
  const keyOf = (pkcs8: Uint8Array): PrivateKey | undefined => {
    const id = hex(pkcs8);
    if (!known.has(id)) known.set(id, provider.importPrivateKey(pkcs8));
    return known.get(id);
  };
  return keys.flatMap((entry) => {
    const key = keyOf(entry.pkcs8);
    const candidates = key === undefined ? undefined : bySpki.get(hex(key.publicKey.spki));
    if (key === undefined || candidates === undefined) return [];
    const own = candidates.find(({ localKeyId }) => isSame(localKeyId, entry.localKeyId)) ?? candidates[0]!;
    const friendlyName = entry.friendlyName ?? own.friendlyName;
    const chain = chainFrom(own.certificate, bySubject, work).map(({ der }) => der);
    return [{ key, chain, ...(friendlyName === undefined ? {} : { friendlyName }) }];
  });
}

interface Parsed {
  readonly certificate: Certificate;
  readonly friendlyName: string | undefined;
  readonly localKeyId: Uint8Array | undefined;
}

/** What we cannot read belongs to no key of ours; it stays among the certificates of the file. */
function parsedEntry({ certificate: der, friendlyName, localKeyId }: Pkcs12Certificate): Parsed[] {
  try {
    const certificate = parseCertificate(der);
    void certificate.subject.comparisonKey;
    void certificate.issuer.comparisonKey;
    return [{ certificate, friendlyName, localKeyId }];
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

function chainFrom(
  own: Certificate,
  bySubject: ReadonlyMap<string, readonly Parsed[]>,
  work: { left: number },
): Certificate[] {
  const chain = [own];
  for (let last = own; !last.isSelfIssued && chain.length < maxPresentedCertificates; ) {
    const issuer = bySubject.get(last.issuer.comparisonKey)?.find(({ certificate }) => {
      if (work.left-- <= 0) return false;
      return !chain.includes(certificate) && fits(certificate, last);
    });
    if (issuer === undefined) break;
    last = issuer.certificate;
    chain.push(last);
  }
  return chain;
}

/** Key identifiers, where both have one, tell issuers of one name apart (RFC 5280 §4.2.1.1). */
function fits(issuer: Certificate, subject: Certificate): boolean {
  try {
    const wanted = subject.authorityKeyIdentifier?.keyIdentifier;
    const own = issuer.subjectKeyIdentifier;
    return wanted === undefined || own === undefined || sameBytes(wanted, own);
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && sameBytes(a, b);
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
