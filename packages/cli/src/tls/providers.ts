import type { CryptoProvider } from '@sealwire/core';

export const providerNames = ['node', 'noble'] as const;
export type ProviderName = (typeof providerNames)[number];

/** Loaded when it is needed: nobody waits for the cryptography of the other. */
export async function providerNamed(name: ProviderName = 'node'): Promise<CryptoProvider> {
  if (name === 'noble') return (await import('@sealwire/crypto-noble')).nobleProvider;
  return (await import('@sealwire/crypto-node')).nodeProvider;
}
