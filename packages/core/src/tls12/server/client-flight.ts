import { acceptedPeer, verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { TlsError } from '../../errors/tls-error.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateVerify12 } from '../../messages/tls12/certificate-verify.ts';
import type { ClientKeyExchange } from '../../messages/tls12/client-key-exchange.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { NextProtocol } from '../../messages/tls12/next-protocol.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import type { DecryptPremasterReply } from '../../values/decisions.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import { copyOf, sameBytes } from '../../wire/bytes.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { checkFinished } from '../finished.ts';
import type { Agreement, PreShared, Transport } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { premasterOf, readIdentity } from '../key-exchange/psk.ts';
import { derived, mainSecretOf, secretsOf } from '../keys.ts';
import { presentedEvidence, type CertificateBytes } from '../peer-certificate.ts';
import { impliedSchemes } from '../signature-schemes.ts';
import { verifySignature } from '../signatures.ts';
import { keepSession } from './new-session.ts';
import type { AcceptedClient, ServerHandshake, ServerState } from './states.ts';

/** The client's flight and our last one (RFC 5246 §7.3, figure 1). */

/** Certificate (RFC 5246 §7.4.6): empty where the client has none. */
export function onCertificate(
  { handshake }: Extract<ServerState, { at: 'awaitCertificate' }>,
  message: CertificateBytes,
  context: Context,
): Move<ServerState> {
  const type = handshake.clientCertificateType ?? 'x509';
  const evidence = presentedEvidence(message, type, context.limits);
  if (evidence !== undefined) {
    const cause = handshake.origin.before === undefined ? 'handshake' : 'renegotiation';
    return {
      state: { at: 'decideVerifyPeer', handshake, evidence, verifiedAtMs: context.receivedAtMs },
      ask: verifyPeerAsk(cause, evidence, handshake.config, context),
    };
  }
  if (handshake.config.clientAuthentication === 'require') {
    throw new TlsError(
      'incompatible.certificateRequired',
      'the client has no certificate, and must have one',
      { section: 'RFC 5246 §7.4.6', handshakeMessage: 'certificate', field: 'certificate_list' },
    );
  }
  return { state: { at: 'awaitClientKeyExchange', handshake, client: undefined } };
}

export function onPeerVerdict(
  { handshake, evidence, verifiedAtMs }: Extract<ServerState, { at: 'decideVerifyPeer' }>,
  reply: VerifyPeerReply,
): Move<ServerState> {
  const { publicKey, verdict } = acceptedPeer(reply, evidence);
  return {
    state: {
      at: 'awaitClientKeyExchange',
      handshake,
      client: { evidence, publicKey, verdict, verifiedAtMs },
    },
  };
}

/** ClientKeyExchange (RFC 5246 §7.4.7): from here on there are keys. */
export function onClientKeyExchange(
  { handshake, client }: Extract<ServerState, { at: 'awaitClientKeyExchange' }>,
  message: ClientKeyExchange,
  context: Context,
): Move<ServerState> {
  const exchange = keyExchangeOf(handshake.agreed.suite);
  if (exchange.kind !== 'preShared')
    return exchangeWith(exchange, handshake, client, message, undefined, context);
  const { identity, rest } = readIdentity(exchange, message);
  return {
    state: {
      at: 'decidePsk',
      handshake,
      identity: copyOf(identity),
      rest: { ...rest, body: copyOf(rest.body) },
    },
    ask: {
      kind: 'lookupPsk',
      ask: {
        role: 'server',
        identities: [copyOf(identity)],
        serverName: handshake.serverName,
        version: handshake.agreed.profile.version,
        hint: undefined,
      },
    },
  };
}

/**
 * The key of the client's identity. An identity that nobody knows gets a random one, with which the handshake ends as with
 * any key that the client does not have: a server that hides what it knows "MAY continue the protocol as if the PSK identity
 * existed but the key was incorrect" (RFC 4279 §2). The decrypt_error that is named there cannot be: keys that differ end
 * in a record that does not verify, before there is a Finished to be wrong.
 */
export function onPsk(
  { handshake, identity, rest }: Extract<ServerState, { at: 'decidePsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ServerState> {
  const random = context.entropy.random(32);
  const known = reply.ok
    ? reply.psks.find((each) => isUsedIn(each, 'tls12') && sameBytes(each.identity, identity))
    : undefined;
  if (known === undefined && reply.ok && reply.tellUnknown === true) {
    throw new TlsError('incompatible.pskIdentity', 'the client shows an identity that we do not know', {
      section: 'RFC 4279 §2',
      handshakeMessage: 'client_key_exchange',
      field: 'psk_identity',
    });
  }
  const { other } = keyExchangeOf(handshake.agreed.suite) as PreShared;
  const psk = known === undefined ? random : copyOf(known.key);
  const identified = { ...handshake, pskIdentity: identity };
  return other === undefined
    ? withPremaster(identified, undefined, premasterWith(psk, undefined), context)
    : exchangeWith(other, identified, undefined, rest, psk, context);
}

/** What a key exchange with public keys comes to; `psk` is mixed into it. */
function exchangeWith(
  exchange: Agreement | Transport,
  handshake: ServerHandshake,
  client: AcceptedClient | undefined,
  message: ClientKeyExchange,
  psk: Uint8Array | undefined,
  context: Context,
): Move<ServerState> {
  const { key, credential } = handshake;
  if (exchange.kind === 'transport') {
    const ciphertext = exchange.ciphertextOf(message);
    const fallback = exchange.drawFallback(context);
    return {
      state: { at: 'decidePremaster', handshake, client, fallback, psk },
      effects: [{ do: 'holdForHandshake', secrets: psk === undefined ? [fallback] : [fallback, psk] }],
      ask: {
        kind: 'decryptPremaster',
        ask: { credential: credential!, ciphertext, fallback: copyOf(fallback) },
      },
    };
  }
  const secret = exchange.finish(key!, message);
  key!.wipe();
  return withPremaster(handshake, client, psk === undefined ? secret : premasterWith(psk, secret), context);
}

/** Both are overwritten. */
function premasterWith(psk: Uint8Array, otherSecret: Uint8Array | undefined): Uint8Array {
  const premaster = premasterOf(psk, otherSecret);
  psk.fill(0);
  return premaster;
}

/** Whatever came of the ciphertext, from here on it is the same. */
export function onPremaster(
  { handshake, client, fallback, psk }: Extract<ServerState, { at: 'decidePremaster' }>,
  reply: DecryptPremasterReply,
  context: Context,
): Move<ServerState> {
  const exchange = keyExchangeOf(handshake.agreed.suite);
  const transport = (exchange.kind === 'preShared' ? exchange.other : exchange) as Transport;
  const secret = transport.secretOf(reply, fallback, handshake.clientVersion);
  fallback.fill(0);
  return withPremaster(handshake, client, psk === undefined ? secret : premasterWith(psk, secret), context);
}

function withPremaster(
  handshake: ServerHandshake,
  client: AcceptedClient | undefined,
  premaster: Uint8Array,
  context: Context,
): Move<ServerState> {
  const { agreed } = handshake;
  const main = mainSecretOf(agreed, premaster, context.after, context);
  const secrets = secretsOf(agreed, main, context);
  return {
    state:
      client === undefined
        ? { at: 'awaitChangeCipherSpec', handshake, secrets, peer: undefined }
        : { at: 'awaitCertificateVerify', handshake, secrets, client },
    effects: derived(agreed, secrets),
  };
}

/** CertificateVerify (RFC 5246 §7.4.8): the client has the key of its certificate. */
export function onCertificateVerify(
  { handshake, secrets, client }: Extract<ServerState, { at: 'awaitCertificateVerify' }>,
  message: CertificateVerify12,
  context: Context,
): Move<ServerState> {
  const { agreed, config } = handshake;
  const { publicKey, ...accepted } = client;
  const { hasSchemeField } = agreed.profile.signs;
  const offered = hasSchemeField ? config.signatureSchemes : impliedSchemes(agreed.profile);
  const { scheme } = verifySignature(context.provider, agreed, offered, {
    message: 'certificate_verify',
    scheme: message.algorithm,
    signature: message.signature,
    content: context.before.bytes,
    spki: publicKey,
  });
  return { state: { at: 'awaitChangeCipherSpec', handshake, secrets, peer: { ...accepted, scheme } } };
}

export function onChangeCipherSpec(
  { handshake, secrets, peer }: Extract<ServerState, { at: 'awaitChangeCipherSpec' }>,
  _message: ChangeCipherSpec,
  context: Context,
): Move<ServerState> {
  const { nextProtocols } = handshake.agreed;
  return {
    state: {
      at: nextProtocols === undefined ? 'awaitFinished' : 'awaitNextProtocol',
      handshake,
      secrets,
      peer,
    },
    effects: [{ do: 'installReadKeys', keys: secrets.client, boundary: context.boundary() }],
  };
}

/** The client's choice, which may be one that we have not listed (draft-agl-tls-nextprotoneg-04 §4). */
export function onNextProtocol(
  state: Extract<ServerState, { at: 'awaitNextProtocol' }>,
  { selectedProtocol }: NextProtocol,
): Move<ServerState> {
  return {
    state: { ...state, at: 'awaitFinished' },
    effects: [{ do: 'fact', facts: { npnProtocol: selectedProtocol } }],
  };
}

/** The client's Finished (RFC 5246 §7.4.9), answered by our own when the session is kept. */
export function onFinished(
  { handshake, secrets, peer }: Extract<ServerState, { at: 'awaitFinished' }>,
  message: Finished12,
  context: Context,
): Move<ServerState> {
  const { agreed } = handshake;
  checkFinished(agreed, secrets.main, 'client', message, context);
  return keepSession({ handshake, secrets, peer, verifyData: message.verifyData }, context);
}
