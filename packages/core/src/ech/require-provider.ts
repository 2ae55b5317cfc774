import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';

/** For callers without a type checker. */
export function requireProvider(provider: CryptoProvider): void {
  if (typeof provider?.groups === 'object' && typeof provider.hashes === 'object') return;
  throw new ApiMisuseError('provider must be a CryptoProvider');
}
