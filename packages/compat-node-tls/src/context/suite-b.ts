import type { CryptoProvider } from '@sealwire/core';
import { type Certificate, signatureAlgorithmOf } from '@sealwire/x509';
import type { CipherPlan } from '../openssl/ciphers.ts';

/**
 * What `SUITEB128`, `SUITEB192` and `SUITEB128ONLY` in `ciphers` have against a chain, the peer's own certificate first (RFC 5759
 * §3, §4): keys are on P-256 or P-384, as far as the level allows them; P-256 signs with SHA-256 and P-384 with SHA-384; and no key
 * on P-256 signs for one on P-384. `undefined`: nothing.
 */
export function suiteBProblem(
  provider: CryptoProvider,
  chain: readonly Certificate[],
  suiteB: NonNullable<CipherPlan['suiteB']>,
): string | undefined {
  let allowed: readonly string[] = curvesOf[suiteB];
  for (const [place, certificate] of chain.entries()) {
    const { version, spki, subject } = certificate;
    const kind = provider.importPublicKey(spki)?.kind;
    const curve = kind?.type === 'ec' ? kind.curve : undefined;
    const who = `the certificate of ${subject}`;
    if (version !== 3) return `${who} is not of version 3`;
    if (curve === undefined || !allowed.includes(curve))
      return `${who} has a key that Suite B does not allow`;
    // Who has signed is the next in the chain; the last has signed for itself.
    const signer = provider.importPublicKey((chain[place + 1] ?? certificate).spki)?.kind;
    const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
    const fits =
      signer?.type === 'ec' &&
      algorithm?.type === 'ecdsa' &&
      algorithm.hash === (signer.curve === 'secp384r1' ? 'sha384' : 'sha256');
    if (!fits) return `${who} is signed in a way that Suite B does not allow`;
    if (curve === 'secp384r1') allowed = allowed.filter((each) => each === 'secp384r1');
  }
  return undefined;
}

const curvesOf = {
  '128': ['secp256r1', 'secp384r1'],
  '128only': ['secp256r1'],
  '192': ['secp384r1'],
} as const;
