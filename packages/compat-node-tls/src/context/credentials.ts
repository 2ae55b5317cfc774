import type { KeyObject } from 'node:crypto';
import type { Credential } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { type Certificate, signatureSchemesFor, type TrustAnchors } from '@sealwire/x509';
import type { KeySlots } from './key-slots.ts';
import { quietly } from './quietly.ts';

/**
 * What the slots of a context make: those whose keys this stack signs with, the one first whose schemes the context wants most. A
 * leaf that was named alone goes out with those above it, as far as the context trusts them.
 */
export function credentialsOf(
  keys: KeySlots,
  sigalgs: readonly number[],
  anchors: () => TrustAnchors,
): readonly Credential[] {
  const made = keys.usable.flatMap(({ own, key, chain }) => {
    const ours = nodeProvider.importPrivateKey(pkcs8Of(key));
    if (ours === undefined) return [];
    const fitting = signatureSchemesFor(ours.kind);
    const signatureSchemes = [
      ...sigalgs.filter((scheme) => fitting.includes(scheme)),
      // Numbers of our own, which no list of OpenSSL can name: curves that TLS 1.2 uses without a scheme for them.
      ...fitting.filter((scheme) => scheme >= 0xfe00 || (scheme >= 0x081a && scheme <= 0x081c)),
    ];
    if (signatureSchemes.length === 0) return [];
    const above = chain.length > 0 ? chain.map(({ der }) => der) : issuersOf(own.certificate, anchors());
    return [
      {
        type: 'x509',
        chain: [own.der, ...above],
        key: ours,
        signatureSchemes: [...new Set(signatureSchemes)],
      } as const,
    ];
  });
  const rank = ({ signatureSchemes: [first] }: Credential): number => {
    const place = sigalgs.indexOf(first!);
    return place === -1 ? sigalgs.length : place;
  };
  return made.sort((a, b) => rank(a) - rank(b));
}

/** The certificate that has issued `certificate`, of those that are trusted: by name, and by the key's identifier if both have one. */
export function issuerIn(anchors: TrustAnchors, certificate: Certificate): Certificate | undefined {
  const wanted = quietly(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  const candidates = anchors
    .bySubject(certificate.issuer.comparisonKey)
    .flatMap((each) => each.certificate ?? []);
  return candidates.find((each) => {
    const own = quietly(() => each.subjectKeyIdentifier);
    return wanted === undefined || own === undefined || Buffer.compare(own, wanted) === 0;
  });
}

function issuersOf(own: Certificate, anchors: TrustAnchors): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let last = own; !last.isSelfIssued && above.length < maxIssuers; ) {
    const issuer = issuerIn(anchors, last);
    if (issuer === undefined) break;
    above.push(issuer.der.slice());
    last = issuer;
  }
  return above;
}

function pkcs8Of(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'pkcs8' }) as Buffer;
}

/** As long as a chain may be for OpenSSL to verify it. */
const maxIssuers = 100;
