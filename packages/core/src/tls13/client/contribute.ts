import { groupOf } from '../../config/defaults.ts';
import type { ClientConfig } from '../../config/client.ts';
import { InternalError } from '../../errors/tls-error.ts';
import { extension } from '../../extensions/definition.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import type { Context, HelloContribution } from '../../machine/step.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { tls13Suites } from '../suites.ts';
import { certificateOffers } from './offers.ts';
import type { OfferedShares } from './states.ts';

/** What TLS 1.3 adds to a ClientHello: its suites and a key share of each group that the configuration names. */
export function contributeHello(config: ClientConfig, context: Context): HelloContribution {
  const shares = new Map<number, KeyExchangeKey>();
  for (const group of config.keyShares) shares.set(group, generateShare(group, context));
  const carry: OfferedShares = shares;
  return {
    cipherSuites: tls13Suites.map((suite) => suite.id),
    extensions: [...certificateOffers(config), keyShareOf(shares)],
    carry,
  };
}

export function generateShare(group: number, context: Context): KeyExchangeKey {
  const implementation = groupOf(context.provider, group);
  if (implementation === undefined) throw new InternalError(`${context.provider.name} has no group ${group}`);
  return context.entropy.generate(implementation);
}

export function keyShareOf(shares: OfferedShares) {
  return extension(
    'CH',
    keyShareExtension,
    [...shares].map(([group, { share }]) => ({ group: group as NamedGroup, keyExchange: share })),
  );
}
