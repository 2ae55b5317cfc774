import type { HashFunction, HashName } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';

/** Providers may lack a hash function, and another one would give a fingerprint that means nothing. */
export function requireHash(hash: HashFunction | undefined, name: HashName): void {
  if (hash?.name !== name) {
    throw new ApiMisuseError(`expected the provider's hash function ${name}, got ${hash?.name ?? 'none'}`);
  }
}
