import { ApiMisuseError } from '../errors/tls-error.ts';
import type { Context, Effect, Exporter, TrafficKeys } from '../machine/step.ts';
import { copyOf } from '../wire/bytes.ts';
import {
  exportKeyingMaterial,
  extendedMainSecret,
  keyBlock,
  keySizes,
  mainSecret,
  verifyData,
} from './key-schedule.ts';
import { finishedHash, prf } from './prf.ts';
import { DirectionTrafficKeys } from './traffic-keys.ts';
import type { Agreed } from './agreed.ts';
import type { Transcript } from '../transcript/transcript.ts';

/** The master secret, and all that comes of it: keys of both directions, Finished, exported keying material. */
export interface MainSecrets {
  readonly main: Uint8Array;
  readonly client: TrafficKeys;
  readonly server: TrafficKeys;
}

/**
 * From the premaster secret, which is overwritten (RFC 5246 §8.1). `session`: all messages up to and with
 * ClientKeyExchange, which the extended master secret covers (RFC 7627 §3).
 */
export function mainSecretOf(
  agreed: Agreed,
  premaster: Uint8Array,
  session: Transcript,
  { provider }: Context,
): Uint8Array {
  const { profile, suite, clientRandom, serverRandom } = agreed;
  const pseudoRandom = prf(profile, suite, provider);
  const main = agreed.extendedMainSecret
    ? extendedMainSecret(pseudoRandom, premaster, session.digest(finishedHash(profile, suite, provider)))
    : mainSecret(pseudoRandom, premaster, clientRandom, serverRandom);
  premaster.fill(0);
  return main;
}

/** Keys of both directions, to be installed where their change_cipher_spec stands. */
export function secretsOf(agreed: Agreed, main: Uint8Array, context: Context): MainSecrets {
  const { profile, suite, clientRandom, serverRandom } = agreed;
  const { provider } = context;
  const pseudoRandom = prf(profile, suite, provider);
  const sizes = keySizes(profile, suite, provider);
  const block = keyBlock(pseudoRandom, sizes, main, clientRandom, serverRandom);
  return {
    main,
    client: new DirectionTrafficKeys(agreed, block.client, context),
    server: new DirectionTrafficKeys(agreed, block.server, context),
  };
}

/** verify_data of a Finished after `transcript` (RFC 5246 §7.4.9). */
export function verifyDataOf(
  { profile, suite }: Agreed,
  main: Uint8Array,
  sender: 'client' | 'server',
  transcript: Transcript,
  { provider }: Context,
): Uint8Array {
  const hash = transcript.digest(finishedHash(profile, suite, provider));
  return verifyData(prf(profile, suite, provider), main, sender, hash);
}

/** RFC 5705, bound to this handshake. */
export function exporterOf(
  { profile, suite, clientRandom, serverRandom, extendedMainSecret }: Agreed,
  main: Uint8Array,
  { provider }: Context,
): Exporter {
  if (!extendedMainSecret) return refuseToExport;
  const pseudoRandom = prf(profile, suite, provider);
  const randoms = { client: copyOf(clientRandom), server: copyOf(serverRandom) };
  return (label, context, length) =>
    exportKeyingMaterial(pseudoRandom, main, randoms, label, context, length);
}

/** RFC 7627 §5.4: "it MUST disable [RFC5705]"; a man in the middle may have the same main secret on two connections. */
function refuseToExport(): never {
  throw new ApiMisuseError(
    'keying material can be exported only where both sides know the extended main secret (RFC 7627 §5.4)',
  );
}

/** For the key log (RFC 9850 §2.1), where one line opens both directions; and keys that wait for their change_cipher_spec. */
export function derived({ clientRandom }: Agreed, { main, client, server }: MainSecrets): readonly Effect[] {
  return [
    { do: 'keylog', label: 'CLIENT_RANDOM', clientRandom, secret: main },
    { do: 'hold', secrets: [client.secret, server.secret] },
  ];
}
