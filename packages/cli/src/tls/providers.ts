import type { CryptoProvider } from '@sealwire/core';

export const providerNames = ['node', 'noble'] as const;
export type ProviderName = (typeof providerNames)[number];

/** Loaded when it is needed: nobody waits for the cryptography of the other. */
export async function providerNamed(name: ProviderName = 'node'): Promise<CryptoProvider> {
  if (name === 'node') return (await import('./provider.ts')).provider;
  const { withMlDsa } = await import('@sealwire/crypto-noble/ml-dsa');
  return withMlDsa((await import('@sealwire/crypto-noble')).nobleProvider);
}
