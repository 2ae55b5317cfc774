import type { ClientConfig } from '../../config/client.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { DhParameters, KeyExchangeGroup, KeyExchangeKey } from '../../crypto/provider.ts';
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
  type ServerDhParams,
} from '../../messages/tls12/server-key-exchange.ts';
import { namedGroups, type NamedGroup } from '../../registry/groups.ts';
import type { Facts } from '../../values/facts.ts';
import { encode } from '../../wire/codec.ts';
import { groupOf12 } from '../groups.ts';
import { bitsOf, padded, withoutZeros } from '../numbers.ts';
import type { Agreement, ServerTerms } from './exchange.ts';
import { fieldNumbers, fields } from './finite-fields.ts';

/** Diffie-Hellman in a finite field with a fresh key on both sides (RFC 5246 §7.4.3, §8.1.2; RFC 7919). */
export const dhe: Agreement = {
  kind: 'agreement',
  isPossible: (config, hello, context) => groupFor(config, hello, 0, context) !== undefined,
  begin(terms, context) {
    const { params, key, facts } = freshKey(terms, context);
    return { key, paramsBytes: encode(serverKeyExchangeParams.dhe, params), facts };
  },
  read(message, form) {
    const { params, ...announced } = readServerKeyExchange(message, serverKeyExchangeParams.dhe, form);
    return {
      ...announced,
      respond(config, context) {
        const { share, secret, facts } = answerShare(params, config, context);
        return {
          message: clientKeyExchangeOf(clientKeyExchangeFields.dhe, { dhYc: share }),
          premaster: secret,
          facts,
        };
      },
    };
  },
  finish: (key, message) => secretOf(key, readClientKeyExchange(message, clientKeyExchangeFields.dhe).dhYc),
};

function freshKey(
  { config, hello, certificateKey }: ServerTerms,
  context: Context,
): { readonly params: ServerDhParams; readonly key: KeyExchangeKey; readonly facts: Partial<Facts> } {
  const bits = certificateKey !== undefined && 'bits' in certificateKey ? certificateKey.bits : 0;
  const chosen = groupFor(config, hello, bits, context);
  if (chosen === undefined) throw new InternalError('a finite-field suite without a group');
  const { group, numbers } = chosen;
  const key = context.entropy.generate(group);
  return {
    params: { dhP: numbers.prime, dhG: numbers.generator, dhYs: key.share },
    key,
    facts: factsOf(group, numbers),
  };
}

/** The client's answer to the server's share, in a group that is good enough. */
function answerShare(
  { dhP, dhG, dhYs }: ServerDhParams,
  { minDhBits }: ClientConfig,
  { provider, entropy }: Context,
): { readonly share: Uint8Array; readonly secret: Uint8Array; readonly facts: Partial<Facts> } {
  const at = { handshakeMessage: 'server_key_exchange', section: 'RFC 5246 §7.4.3' };
  const numbers: DhParameters = { prime: withoutZeros(dhP), generator: withoutZeros(dhG) };
  const bits = bitsOf(numbers.prime);
  if (bits < minDhBits) {
    throw new TlsError(
      'incompatible.dhGroupTooSmall',
      `the server's Diffie-Hellman group has ${bits} bits, we take ${minDhBits} or more`,
      { ...at, section: 'RFC 7919 §3', field: 'dh_p' },
    );
  }
  const group = provider.dh?.(numbers);
  if (group === undefined) {
    throw new TlsError(
      'peer.illegalDhParameters',
      `the server's Diffie-Hellman parameters of ${bits} bits are none that can be used`,
      { ...at, field: 'dh_p' },
    );
  }
  const response = entropy.respond(group, padded(dhYs, group.clientShareBytes));
  if (response === undefined) throw invalidShare('server', { ...at, section: 'RFC 7919 §3', field: 'dh_Ys' });
  return {
    share: response.share,
    secret: premasterOf(response.secret),
    facts: factsOf(group, numbers),
  };
}

/** The secret on the server's side. */
function secretOf(key: KeyExchangeKey, dhYc: Uint8Array): Uint8Array {
  const secret = key.finish(padded(dhYc, key.share.length));
  if (secret !== undefined) return premasterOf(secret);
  throw invalidShare('client', {
    section: 'RFC 7919 §4',
    handshakeMessage: 'client_key_exchange',
    field: 'dh_Yc',
  });
}

/** "Leading bytes of Z that contain all zero bits are stripped before it is used as the pre_master_secret" (RFC 5246 §8.1.2). */
function premasterOf(secret: Uint8Array): Uint8Array {
  const premaster = withoutZeros(secret);
  secret.fill(0);
  return premaster;
}

interface Chosen {
  readonly group: KeyExchangeGroup;
  readonly numbers: DhParameters;
}

/**
 * RFC 7919 §4: a client that lists groups of finite fields gets one of those, or no such suite; any other gets what we like
 * best, which may be a group of the application's own. Whoever does not follow the RFC gives everybody what he likes best.
 */
function groupFor(
  { groups, dhParameters, followDhGroups }: ServerConfig,
  hello: ClientHello,
  certificateBits: number,
  { provider }: Context,
): Chosen | undefined {
  const named = hello.extensions.get(supportedGroupsExtension) ?? [];
  const listed = followDhGroups ? named.filter(isField) : [];
  if (listed.length === 0 && dhParameters !== 'auto') {
    const group = provider.dh?.(dhParameters);
    return group === undefined ? undefined : { group, numbers: dhParameters };
  }
  const chosen = followDhGroups ? groups.filter((group) => fields.has(group)) : [];
  const ours = chosen.length > 0 ? chosen : bestFields(certificateBits);
  for (const id of ours) {
    const group = groupOf12(provider, id);
    if (group === undefined || (listed.length > 0 && !listed.includes(id))) continue;
    return { group, numbers: fieldNumbers(id) };
  }
  return undefined;
}

/** As strong as the certificate's RSA key and no slower than that needs; then the stronger ones, then the weaker. */
function bestFields(certificateBits: number): readonly NamedGroup[] {
  const all = [...fields];
  const strong = all.filter(([, bits]) => bits >= Math.min(certificateBits, 8192));
  const weak = all.filter((each) => !strong.includes(each)).toReversed();
  return [...strong, ...weak].map(([group]) => group);
}

/** Whether a client lists groups of finite fields (RFC 7919 §4). */
export function listsFields(hello: ClientHello): boolean {
  return hello.extensions.get(supportedGroupsExtension)?.some(isField) ?? false;
}

/** RFC 7919 §2: all of 256 to 511 are such groups, known or not. */
function isField(group: number): boolean {
  return group >= 0x0100 && group <= 0x01ff;
}

function factsOf({ name }: KeyExchangeGroup, { prime }: DhParameters): Partial<Facts> {
  const dhBits = bitsOf(prime);
  return name === 'dh' ? { dhBits } : { dhBits, group: namedGroups[name] };
}

function invalidShare(
  whose: 'client' | 'server',
  at: { readonly section: string; readonly handshakeMessage: string; readonly field: string },
): TlsError {
  return new TlsError('peer.invalidDhShare', `the ${whose}'s public key is no element of the group`, at);
}
