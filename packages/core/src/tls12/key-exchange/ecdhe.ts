import type { ClientConfig } from '../../config/client.ts';
import type { KeyExchangeKey } from '../../crypto/provider.ts';
import { InternalError, TlsError } from '../../errors/tls-error.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import type { Context } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
  readClientKeyExchange,
} from '../../messages/tls12/client-key-exchange.ts';
import {
  readServerKeyExchange,
  serverKeyExchangeParams,
  type ServerEcdhParams,
} from '../../messages/tls12/server-key-exchange.ts';
import { namedGroups, type NamedGroup } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { encode } from '../../wire/codec.ts';
import { groupOf12, isCurve } from '../groups.ts';
import type { Agreement, ServerTerms } from './exchange.ts';

/** Elliptic curve Diffie-Hellman with a fresh key on both sides (RFC 8422 §2). */
export const ecdhe: Agreement = {
  kind: 'agreement',
  isPossible: ({ groups }, hello) => commonCurve(groups, hello) !== undefined,
  begin(terms, context) {
    const { namedCurve, key } = freshKey(terms, context);
    return {
      key,
      paramsBytes: encode(serverKeyExchangeParams.ecdhe, { namedCurve, public: key.share }),
      facts: { group: namedCurve },
    };
  },
  read(message, form) {
    const { params, ...announced } = readServerKeyExchange(message, serverKeyExchangeParams.ecdhe, form);
    return {
      ...announced,
      respond(config, context) {
        const { share, secret } = answerShare(params, config, context);
        return {
          message: clientKeyExchangeOf(clientKeyExchangeFields.ecdhe, { ecdhYc: share }),
          premaster: secret,
          facts: { group: params.namedCurve },
        };
      },
    };
  },
  finish: (key, message) =>
    secretOf(key, readClientKeyExchange(message, clientKeyExchangeFields.ecdhe).ecdhYc),
};

/** The server's key, on the first curve that both have. */
function freshKey(
  { config, hello }: ServerTerms,
  { provider, entropy }: Context,
): { readonly namedCurve: NamedGroup; readonly key: KeyExchangeKey } {
  const namedCurve = commonCurve(config.groups, hello);
  const group = namedCurve === undefined ? undefined : groupOf12(provider, namedCurve);
  if (namedCurve === undefined || group === undefined) {
    throw new InternalError('an elliptic curve suite without a curve');
  }
  return { namedCurve, key: entropy.generate(group) };
}

/** The client's answer to the server's share (RFC 8422 §5.10). */
function answerShare(
  { namedCurve, public: share }: ServerEcdhParams,
  { groups }: ClientConfig,
  { provider, entropy }: Context,
): { readonly share: Uint8Array; readonly secret: Uint8Array } {
  const at = { section: 'RFC 8422 §5.4', handshakeMessage: 'server_key_exchange' };
  const group =
    groups.includes(namedCurve) && isCurve(namedCurve) ? groupOf12(provider, namedCurve) : undefined;
  if (group === undefined) {
    throw new TlsError(
      'peer.unofferedGroup',
      `the server chose the curve ${registryName(namedGroups, namedCurve)}, which we did not offer`,
      { ...at, field: 'namedcurve' },
    );
  }
  const response = entropy.respond(group, share);
  if (response === undefined) throw invalidShare('server', { ...at, field: 'public' });
  return response;
}

/** The secret on the server's side. */
function secretOf(key: KeyExchangeKey, ecdhYc: Uint8Array): Uint8Array {
  const secret = key.finish(ecdhYc);
  if (secret !== undefined) return secret;
  throw invalidShare('client', {
    section: 'RFC 8422 §5.7',
    handshakeMessage: 'client_key_exchange',
    field: 'ecdh_Yc',
  });
}

/** RFC 8422 §5.1: a client that lists no groups leaves the choice to us, and all have P-256. */
function commonCurve(ours: readonly NamedGroup[], hello: ClientHello): NamedGroup | undefined {
  const listed = hello.extensions.get(supportedGroupsExtension) ?? [namedGroups.secp256r1];
  return ours.find((group) => isCurve(group) && listed.includes(group));
}

function invalidShare(
  whose: 'client' | 'server',
  at: { readonly section: string; readonly handshakeMessage: string; readonly field: string },
): TlsError {
  return new TlsError('peer.invalidKeyShare', `the ${whose}'s public key is no point of the curve`, at);
}
