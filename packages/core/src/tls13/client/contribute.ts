import { groupOf } from '../../config/defaults.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import { InternalError } from '../../errors/tls-error.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import type { Context, Effect, HelloContribution, HelloPlan, SentHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import type { Transcript } from '../../transcript/transcript.ts';
import { EarlySecrets, exportKeyingMaterial } from '../key-schedule.ts';
import { hashOf, suite13, suitesOver, trafficKeys } from '../suites.ts';
import { certificateOffers } from './offers.ts';
import { allowsEarlyData, earlyDataOf, pskExtension, pskOffer, withBinders } from './pre-shared-keys.ts';
import type { ClientOffer, OfferedShares } from './states.ts';

/** What TLS 1.3 adds to a ClientHello: its suites, a key share of each group that the configuration names, pre-shared keys. */
export function contributeHello(plan: HelloPlan, context: Context): HelloContribution {
  const { config } = plan;
  const shares = new Map<number, KeyExchangeKey>();
  for (const group of config.keyShares) shares.set(group, generateShare(group, context));
  const psks = pskOffer(plan, context);
  const early = allowsEarlyData(config, psks);
  const extensions: RawExtension[] = [...certificateOffers(config, context.carrier), keyShareOf(shares)];
  // Also without a key to offer: only who sends it is sent tickets (RFC 9846 §4.3.9).
  if (config.pskModes.length > 0)
    extensions.push(extension('CH', pskKeyExchangeModesExtension, config.pskModes));
  const settings = config.applicationSettings?.offer(config.alpnProtocols);
  if (settings !== undefined) extensions.push(settings);
  if (early) extensions.push(extension('CH', earlyDataExtension, true));
  const carry: ClientOffer = { shares, psks, early };
  return {
    cipherSuites: suitesOver(context.carrier).map((suite) => suite.id),
    extensions,
    ...(psks.length > 0 ? { last: pskExtension(psks, context) } : {}),
    carry,
  };
}

export function completeHello(
  { hello, carry }: SentHello,
  before: Transcript,
  context: Context,
): ClientHello {
  return withBinders(hello, (carry as ClientOffer).psks, before, context);
}

/** 0-RTT data follows the ClientHello (RFC 9846 §4.3.10). */
export function afterHello(
  { hello, carry }: SentHello,
  raw: Uint8Array,
  context: Context,
): readonly Effect[] {
  const { shares, psks, early } = carry as ClientOffer;
  const held: Effect = { do: 'holdForHandshake', secrets: [...shares.values()] };
  const first = psks[0];
  const allowance = first === undefined ? undefined : earlyDataOf(first);
  const suite = allowance === undefined ? undefined : suite13(allowance.cipherSuite);
  if (!early || first === undefined || allowance === undefined || suite === undefined) return [held];
  const hash = hashOf(suite, context.provider);
  const secrets = new EarlySecrets(hash, first.key);
  // The suite of the connection is not known yet: this hash is of its own, not the transcript's.
  const helloHash = hash.digest([raw]);
  const secret = secrets.clientEarlyTrafficSecret(helloHash);
  const exporterSecret = secrets.earlyExporterSecret(helloHash);
  secrets.wipe();
  const clientRandom = hello.random;
  const keys = trafficKeys(suite, context.provider, 'early', secret, context.limits.recordsPerKey);
  return [
    held,
    // RFC 9846 §E.4: with early data right after the first ClientHello.
    ...(hello.legacySessionId.length > 0 ? [{ do: 'sendChangeCipherSpec' } as const] : []),
    { do: 'keylog', label: 'CLIENT_EARLY_TRAFFIC_SECRET', clientRandom, secret },
    { do: 'keylog', label: 'EARLY_EXPORTER_SECRET', clientRandom, secret: exporterSecret },
    { do: 'installWriteKeys', keys },
    {
      do: 'earlyExporter',
      exporter: (label, exportContext, length) =>
        exportKeyingMaterial(hash, exporterSecret, label, exportContext, length),
    },
    { do: 'writable', as: 'early', limitBytes: allowance.maxBytes },
  ];
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
