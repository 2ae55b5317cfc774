import { clientOptionNames, serverOptionNames } from '@sealwire/core';
import type { Replaced, TransportOptions } from './options.ts';

/** The names of the options, as the compiler makes sure: what is misspelt is refused, not left out in silence. */
const transport: Readonly<Record<keyof TransportOptions, true>> = {
  certificate: true,
  clock: true,
  decide: true,
  delegations: true,
  handshakeTimeoutMs: true,
  idleTimeoutMs: true,
  onKeyLog: true,
  onTrace: true,
  passphrase: true,
  privateKey: true,
  provider: true,
  rawPublicKeys: true,
  roots: true,
  truncation: true,
  verify: true,
};

const replaced: Readonly<Record<Replaced, true>> = {
  answers: true,
  keyLog: true,
  provider: true,
  trace: true,
};

/** Options of core that keep their names here. */
export const coreNames = {
  client: clientOptionNames.filter((name) => !Object.hasOwn(replaced, name)),
  server: serverOptionNames.filter((name) => !Object.hasOwn(replaced, name)),
} as const;

export const tlsNames = {
  client: [...Object.keys(transport), 'onSession', 'onSessionInvalid', ...coreNames.client],
  server: [...Object.keys(transport), ...coreNames.server],
} as const;

/** The options of these names alone. */
export function pick<O extends object>(options: O, names: readonly string[]): O {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))) as O;
}
