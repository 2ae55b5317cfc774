import type { ExternalPsk } from '../values/external-psk.ts';

/** Whether an external key is for TLS 1.3, or for the versions before it: one is not used for both unless somebody says so. */
export function isUsedIn({ usedIn = 'tls13' }: ExternalPsk, generation: 'tls13' | 'tls12'): boolean {
  return usedIn === 'both' || usedIn === generation;
}
