import type { KeySpec, PrivateKey } from '@sealwire/core';
import { type CertificateContents, type Issued, makeCertificate } from '../src/index.ts';
import { nodeProvider } from '@sealwire/crypto-node';

/** Certificates for tests, with as little said as possible: P-256, valid in 2026. */
export const nowMs: number = Date.UTC(2026, 5, 15);
export const provider = nodeProvider;

export type Contents = Partial<Omit<CertificateContents, 'issuer' | 'key' | 'provider'>> & {
  readonly key?: PrivateKey;
  readonly keySpec?: KeySpec;
  /** The name of the issuer instead of its certificate's, with its key. */
  readonly issuer?: Issued;
};

export function issue(commonName: string, contents: Contents = {}): Issued {
  const { key = newKey(contents.keySpec), keySpec: _, issuer, ...rest } = contents;
  const certificate = makeCertificate({
    provider,
    subject: { CN: commonName },
    notBeforeMs: Date.UTC(2026, 0),
    notAfterMs: Date.UTC(2027, 0),
    ...rest,
    key,
    ...(issuer === undefined ? {} : { issuer }),
  });
  return { certificate, key };
}

export function authority(commonName: string, contents: Contents = {}): Issued {
  return issue(commonName, { ca: true, ...contents });
}

export function newKey(spec: KeySpec = { type: 'ec', curve: 'secp256r1' }): PrivateKey {
  return provider.generateKeyPair(spec);
}

/** Anything signed by the given key's certificate that names another issuer: `issuer` with a replaced key. */
export function withKey(issued: Issued, key: PrivateKey): Issued {
  return { certificate: issued.certificate, key };
}
