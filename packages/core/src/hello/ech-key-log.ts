import type { EchKeys } from '../machine/ech.ts';
import type { Effect } from '../machine/step.ts';

/**
 * The lines of an encrypted hello (RFC 9850 §2.3), always with the random of the outer one: on a client whether it is
 * taken or not, on a server once it is decrypted. Nobody needs the secret after that.
 */
export function echKeyLog(keys: EchKeys | undefined): readonly Effect[] {
  if (keys === undefined) return [];
  const { clientRandom, secret, config } = keys;
  return [
    { do: 'keylog', label: 'ECH_SECRET', clientRandom, secret },
    { do: 'keylog', label: 'ECH_CONFIG', clientRandom, secret: config },
    { do: 'wipe', secrets: [secret, config] },
  ];
}
