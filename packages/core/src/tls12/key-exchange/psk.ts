import type { ClientConfig } from '../../config/client.ts';
import type { Context, Effect } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import {
  clientKeyExchangeFields,
  readClientKeyExchange,
  type ClientKeyExchange,
} from '../../messages/tls12/client-key-exchange.ts';
import {
  readServerKeyExchange,
  serverKeyExchangeOf,
  serverKeyExchangeParams,
  type ServerKeyExchange,
} from '../../messages/tls12/server-key-exchange.ts';
import type { ExternalPsk } from '../../values/external-psk.ts';
import { concat, copyOf } from '../../wire/bytes.ts';
import { decode, encode, opaque16, remainder, struct } from '../../wire/codec.ts';
import type { Announced, PreShared, Response } from './exchange.ts';

/**
 * Pre-shared keys (RFC 4279, RFC 5489). Their messages are those of the other key exchange, if there is one, with a hint or
 * an identity in front; the premaster secret is what that one gives, and the key.
 */

/** Server: hint and parameters; `undefined`: there is nothing to say (RFC 4279 §2, §3, §4). */
export function hintMessage(
  hint: Uint8Array | undefined,
  paramsBytes: Uint8Array | undefined,
): ServerKeyExchange | undefined {
  if (hint === undefined && paramsBytes === undefined) return undefined;
  const pskIdentityHint = hint ?? new Uint8Array(0);
  const params = encode(serverKeyExchangeParams.psk, { pskIdentityHint });
  return serverKeyExchangeOf(concat([params, paramsBytes ?? new Uint8Array(0)]), undefined);
}

/** What a server has said before its ServerHelloDone. */
export interface Hinted {
  readonly hint: Uint8Array | undefined;
  readonly announced: Announced | undefined;
}

/** Client: reads ServerKeyExchange; what does not fit is `peer.malformedMessage`. */
export function readHint({ other }: PreShared, message: ServerKeyExchange | undefined): Hinted {
  if (message === undefined) return { hint: undefined, announced: undefined };
  if (other?.kind !== 'agreement') {
    const { params } = readServerKeyExchange(message, serverKeyExchangeParams.psk, 'none');
    return { hint: given(params.pskIdentityHint), announced: undefined };
  }
  const { prefix, body } = decode(prefixed, message.body, 'server_key_exchange');
  return { hint: given(prefix), announced: other.read({ ...message, body }, 'none') };
}

/** Where a hint has no bytes, there is none. */
function given(hint: Uint8Array): Uint8Array | undefined {
  return hint.length === 0 ? undefined : hint;
}

/** Client: our answer; `spki` is the accepted key of the server, where it has shown a certificate. */
export function answerWith(
  { other }: PreShared,
  { identity, key }: ExternalPsk,
  { announced }: Hinted,
  { config, hello, spki }: AnswerTerms,
  context: Context,
): Response {
  const answer =
    other?.kind === 'transport' ? other.encrypt(hello, spki!, context) : announced?.respond(config, context);
  const ownIdentity = encode(clientKeyExchangeFields.psk, { pskIdentity: identity });
  return {
    message: {
      type: 'client_key_exchange',
      body: concat([ownIdentity, answer?.message.body ?? new Uint8Array(0)]),
    },
    premaster: premasterOf(key, answer?.premaster),
    facts: answer?.facts ?? {},
  };
}

export interface AnswerTerms {
  readonly config: ClientConfig;
  readonly hello: ClientHello;
  readonly spki: Uint8Array | undefined;
}

/** Server: the identity, and what the other key exchange reads. */
export function readIdentity(
  { other }: PreShared,
  message: ClientKeyExchange,
): { readonly identity: Uint8Array; readonly rest: ClientKeyExchange } {
  if (other === undefined) {
    const { pskIdentity } = readClientKeyExchange(message, clientKeyExchangeFields.psk);
    return { identity: pskIdentity, rest: { ...message, body: new Uint8Array(0) } };
  }
  const { prefix, body } = decode(prefixed, message.body, 'client_key_exchange');
  return { identity: prefix, rest: { ...message, body } };
}

/**
 * The premaster secret; `otherSecret`, which is overwritten, is what the other key exchange gives. With the key alone zeros
 * stand in its place, as many as the key has bytes (RFC 4279 §2).
 *
 *     struct {
 *         opaque other_secret<0..2^16-1>;
 *         opaque psk<0..2^16-1>;
 *     };
 */
export function premasterOf(
  psk: Uint8Array,
  otherSecret: Uint8Array = new Uint8Array(psk.length),
): Uint8Array {
  const premaster = concat([lengthOf(otherSecret), otherSecret, lengthOf(psk), psk]);
  otherSecret.fill(0);
  return premaster;
}

/** Whose key it is; from the peer's Finished on. */
export function pskFacts(identity: Uint8Array | undefined): readonly Effect[] {
  return identity === undefined ? [] : [{ do: 'fact', facts: { externalPskIdentity: copyOf(identity) } }];
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return new Uint8Array([length >>> 8, length & 0xff]);
}

/** psk_identity_hint or psk_identity, and a message of another key exchange behind it. */
const prefixed = /* @__PURE__ */ struct({ prefix: /* @__PURE__ */ opaque16(), body: remainder });
