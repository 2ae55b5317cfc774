import type { CryptoProvider, KeySpec, PrivateKey, RandomSource } from '@sealwire/core';
import { makeCertificate } from './make-certificate.ts';

export interface TestPkiOptions {
  readonly provider: CryptoProvider;
  /** The moment around which certificates are valid: from a day before to 90 days after. */
  readonly nowMs: number;
  /** Kind of all keys. Default P-256. */
  readonly keySpec?: KeySpec;
  /** Default `localhost`. */
  readonly dnsNames?: readonly string[];
  /** Default 127.0.0.1 and ::1. */
  readonly ipAddresses?: readonly string[];
  /** Let the keys of server and client sign delegated credentials (RFC 9345 §4.2). Default false. */
  readonly delegationUsage?: boolean;
  /** Makes everything deterministic, as far as the provider can generate such keys from it. */
  readonly source?: RandomSource;
}

/** One certificate (DER) with its key. */
export interface Issued {
  readonly certificate: Uint8Array;
  readonly key: PrivateKey;
}

export interface TestPki {
  /** Self-signed; what the other side trusts. */
  readonly root: Issued;
  readonly intermediate: Issued;
  /** Leaf and intermediate, as a server sends them; for the given names. */
  readonly server: Issued & { readonly chain: readonly Uint8Array[] };
  /** The same for a client. */
  readonly client: Issued & { readonly chain: readonly Uint8Array[] };
}

/** A root, an intermediate, and one certificate each for a server and a client: for tests and demonstrations. */
export function makeTestPki(options: TestPkiOptions): TestPki {
  const { provider, nowMs, keySpec = { type: 'ec', curve: 'secp256r1' }, source } = options;
  const { dnsNames = ['localhost'], ipAddresses = ['127.0.0.1', '::1'], delegationUsage = false } = options;
  const newKey = (): PrivateKey =>
    source === undefined ? provider.generateKeyPair(keySpec) : provider.generateKeyPair(keySpec, source);
  const shared = {
    provider,
    notBeforeMs: nowMs - dayMs,
    notAfterMs: nowMs + 90 * dayMs,
    ...(source === undefined ? {} : { source }),
  };

  const rootKey = newKey();
  const root: Issued = {
    key: rootKey,
    certificate: makeCertificate({
      ...shared,
      subject: { O: 'Sealwire tests', CN: 'Root' },
      key: rootKey,
      ca: true,
    }),
  };
  const intermediateKey = newKey();
  const intermediate: Issued = {
    key: intermediateKey,
    certificate: makeCertificate({
      ...shared,
      subject: { O: 'Sealwire tests', CN: 'Intermediate' },
      key: intermediateKey,
      issuer: root,
      ca: { pathLength: 0 },
    }),
  };
  const leaf = (role: 'server' | 'client'): TestPki['server'] => {
    const key = newKey();
    const certificate = makeCertificate({
      ...shared,
      subject: { O: 'Sealwire tests', CN: role },
      key,
      issuer: intermediate,
      extendedKeyUsage: [`${role}Auth`],
      delegationUsage,
      ...(role === 'server' ? { dnsNames, ipAddresses } : { emails: ['client@example.org'] }),
    });
    return { key, certificate, chain: [certificate, intermediate.certificate] };
  };
  return { root, intermediate, server: leaf('server'), client: leaf('client') };
}

const dayMs = 86_400_000;
