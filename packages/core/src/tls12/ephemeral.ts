import { groupOf } from '../config/defaults.ts';
import type { KeyExchangeKey } from '../crypto/provider.ts';
import { InternalError, TlsError } from '../errors/tls-error.ts';
import type { Context } from '../machine/step.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
  readClientKeyExchange,
  type ClientKeyExchange,
} from '../messages/tls12/client-key-exchange.ts';
import type { ServerEcdhParams } from '../messages/tls12/server-key-exchange.ts';
import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { registryName } from '../registry/registered.ts';
import { isCurve } from './groups.ts';

/** Elliptic curve Diffie-Hellman with a fresh key on both sides (RFC 8422 §2). */

/** The server's key; its share goes into ServerKeyExchange. */
export function freshKey(group: NamedGroup, { provider, entropy }: Context): KeyExchangeKey {
  const implementation = groupOf(provider, group);
  if (implementation === undefined) throw new InternalError(`the provider lost group ${group}`);
  return entropy.generate(implementation);
}

/** The client's answer to the server's share, and the premaster secret (RFC 8422 §5.10). */
export function answerShare(
  { namedCurve, public: share }: ServerEcdhParams,
  offered: readonly NamedGroup[],
  { provider, entropy }: Context,
): { readonly message: ClientKeyExchange; readonly premaster: Uint8Array } {
  const at = { section: 'RFC 8422 §5.4', handshakeMessage: 'server_key_exchange' };
  const group =
    offered.includes(namedCurve) && isCurve(namedCurve) ? groupOf(provider, namedCurve) : undefined;
  if (group === undefined) {
    throw new TlsError(
      'peer.unofferedGroup',
      `the server chose the curve ${registryName(namedGroups, namedCurve)}, which we did not offer`,
      { ...at, field: 'namedcurve' },
    );
  }
  const response = entropy.respond(group, share);
  if (response === undefined) throw invalidShare('server', { ...at, field: 'public' });
  return {
    message: clientKeyExchangeOf(clientKeyExchangeFields.ecdhe, { ecdhYc: response.share }),
    premaster: response.secret,
  };
}

/** The premaster secret on the server's side. */
export function premasterOf(key: KeyExchangeKey, message: ClientKeyExchange): Uint8Array {
  const { ecdhYc } = readClientKeyExchange(message, clientKeyExchangeFields.ecdhe);
  const secret = key.finish(ecdhYc);
  if (secret === undefined) {
    throw invalidShare('client', {
      section: 'RFC 8422 §5.7',
      handshakeMessage: 'client_key_exchange',
      field: 'ecdh_Yc',
    });
  }
  return secret;
}

function invalidShare(
  whose: 'client' | 'server',
  at: { readonly section: string; readonly handshakeMessage: string; readonly field: string },
): TlsError {
  return new TlsError('peer.invalidKeyShare', `the ${whose}'s public key is no point of the curve`, at);
}
