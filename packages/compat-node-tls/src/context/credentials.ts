import type { KeyObject } from 'node:crypto';
import {
  type Credential,
  type KeyKind,
  type PrivateKey,
  signatureSchemes as schemeNumbers,
  type X509Credential,
} from '@sealwire/core';
import { provider } from '../process/provider.ts';
import { type Certificate, signatureSchemesFor, type TrustAnchors } from '@sealwire/x509';
import type { SealwireContextOptions } from '../beyond/options.ts';
import { signedBy } from '../beyond/signers.ts';
import type { KeySlots, Slot } from './key-slots.ts';
import { quietly } from './quietly.ts';

/**
 * What the slots of a context make: those whose keys this stack signs with, the one first whose schemes the context wants most. A
 * leaf that was named alone goes out with those above it, as far as the context trusts them.
 */
export function credentialsOf(
  keys: KeySlots,
  sigalgs: readonly number[],
  anchors: () => TrustAnchors,
  { sign, signatureSchemes }: Pick<SealwireContextOptions, 'sign' | 'signatureSchemes'> = {},
): readonly Credential[] {
  const schemesFor = (kind: KeyKind): number[] => {
    const fitting = signatureSchemesFor(kind);
    return [
      ...sigalgs.filter((scheme) => fitting.includes(scheme)),
      // Numbers of our own, which no list of OpenSSL can name: curves that TLS 1.2 uses without a scheme for them.
      ...fitting.filter((scheme) => scheme >= 0xfe00 || (scheme >= 0x081a && scheme <= 0x081c)),
    ];
  };
  const credentialWith = (
    { own, chain }: Required<Pick<Slot, 'own'>> & Slot,
    key: PrivateKey | 'external',
    schemes: readonly number[],
  ): X509Credential[] => {
    if (schemes.length === 0) return [];
    const above = chain.length > 0 ? chain.map(({ der }) => der) : issuersOf(own.certificate, anchors());
    return [{ type: 'x509', chain: [own.der, ...above], key, signatureSchemes: [...new Set(schemes)] }];
  };
  const here = keys.usable.flatMap((slot) => {
    const ours = provider.importPrivateKey(pkcs8Of(slot.key));
    return ours === undefined ? [] : credentialWith(slot, ours, schemesFor(ours.kind));
  });
  const elsewhere =
    sign === undefined
      ? []
      : keys.withoutKey.flatMap((slot) => {
          const kind = provider.importPublicKey(slot.own.certificate.spki)?.kind;
          if (kind === undefined) return [];
          const fitting = schemesFor(kind);
          const named = signatureSchemes?.map(
            (name) => schemeNumbers[name as keyof typeof schemeNumbers] as number,
          );
          const made = credentialWith(
            slot,
            'external',
            named?.filter((each) => fitting.includes(each)) ?? fitting,
          );
          return made.map((each) => signedBy(each, sign));
        });
  const made = [...here, ...elsewhere];
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
