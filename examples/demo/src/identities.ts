import { givenEntropy, type Entropy, type RandomSource } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { seededRandom } from '@sealwire/testkit';
import { encodePem, makeCertificate } from '@sealwire/x509';

/** A private certification authority and a server certified by it for `localhost`, as PEM. */
export interface Identities {
  readonly root: string;
  /** The server's first; one or more. */
  readonly certificate: string;
  readonly privateKey: string;
  /** To be stapled, and asked for. */
  readonly ocspResponse?: Uint8Array;
}

/** Made anew for every run; the same for the same seed. */
export function makeIdentities(seed: string | undefined): Identities {
  const source = randomFor(seed, 'certificates');
  const given = source === undefined ? {} : { source };
  const newKey = () => provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }, source);
  const shared = { provider, ...validityFor(seed), ...given };

  const rootKey = newKey();
  const root = makeCertificate({
    ...shared,
    subject: { O: 'Sealwire', CN: 'Demonstration Root' },
    key: rootKey,
    ca: true,
  });
  const key = newKey();
  const certificate = makeCertificate({
    ...shared,
    subject: { O: 'Sealwire', CN: 'localhost' },
    key,
    issuer: { certificate: root, key: rootKey },
    extendedKeyUsage: ['serverAuth'],
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
  });
  return {
    root: encodePem('CERTIFICATE', root),
    certificate: encodePem('CERTIFICATE', certificate),
    privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()),
  };
}

/** A fixed time makes the bytes of a seed the same tomorrow; otherwise a day on each side suffices. */
export function validityFor(seed: string | undefined) {
  return seed === undefined
    ? { notBeforeMs: Date.now() - dayMs, notAfterMs: Date.now() + dayMs }
    : { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2046, 0, 1) - 1_000 };
}

/** Randomness of one end: a function of the seed, or the provider's own. */
export function entropyFor(seed: string | undefined, end: string): { readonly entropy?: Entropy } {
  const source = randomFor(seed, end);
  return source === undefined ? {} : { entropy: givenEntropy(source) };
}

export function randomFor(seed: string | undefined, purpose: string): RandomSource | undefined {
  return seed === undefined ? undefined : seededRandom(`${seed} ${purpose}`);
}

const dayMs = 86_400_000;
