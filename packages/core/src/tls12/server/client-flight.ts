import { acceptedPeer, verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { TlsError } from '../../errors/tls-error.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateVerify12 } from '../../messages/tls12/certificate-verify.ts';
import type { Certificate12 } from '../../messages/tls12/certificate.ts';
import type { ClientKeyExchange } from '../../messages/tls12/client-key-exchange.ts';
import type { Finished12 } from '../../messages/tls12/finished.ts';
import type { DecryptPremasterReply } from '../../values/decisions.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { checkFinished } from '../finished.ts';
import type { Transport } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { keyLogged, mainSecretOf, secretsOf } from '../keys.ts';
import { presentedChain } from '../peer-chain.ts';
import { impliedSchemes } from '../signature-schemes.ts';
import { verifySignature } from '../signatures.ts';
import { keepSession } from './new-session.ts';
import type { AcceptedClient, ServerHandshake, ServerState } from './states.ts';

/** The client's flight and our last one (RFC 5246 §7.3, figure 1). */

/** Certificate (RFC 5246 §7.4.6): empty where the client has none. */
export function onCertificate(
  { handshake }: Extract<ServerState, { at: 'awaitCertificate' }>,
  message: Certificate12,
  context: Context,
): Move<ServerState> {
  const chain = presentedChain(message, context.limits);
  if (chain.length > 0) {
    const evidence = { type: 'x509', chain } as const;
    return {
      state: { at: 'decideVerifyPeer', handshake, chain, verifiedAtMs: context.receivedAtMs },
      ask: verifyPeerAsk('handshake', evidence, handshake.config, context),
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
  { handshake, chain, verifiedAtMs }: Extract<ServerState, { at: 'decideVerifyPeer' }>,
  reply: VerifyPeerReply,
): Move<ServerState> {
  const evidence = { type: 'x509', chain } as const;
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
  const { agreed, key, credential } = handshake;
  const exchange = keyExchangeOf(agreed.suite)!;
  if (exchange.kind === 'transport') {
    const ciphertext = exchange.ciphertextOf(message);
    const fallback = exchange.drawFallback(context);
    return {
      state: { at: 'decidePremaster', handshake, client, fallback },
      ask: {
        kind: 'decryptPremaster',
        ask: { credential: credential!, ciphertext, fallback: copyOf(fallback) },
      },
    };
  }
  const premaster = exchange.finish(key!, message);
  key!.wipe();
  return withPremaster(handshake, client, premaster, context);
}

/** Whatever came of the ciphertext, from here on it is the same. */
export function onPremaster(
  { handshake, client, fallback }: Extract<ServerState, { at: 'decidePremaster' }>,
  reply: DecryptPremasterReply,
  context: Context,
): Move<ServerState> {
  const exchange = keyExchangeOf(handshake.agreed.suite)! as Transport;
  const premaster = exchange.secretOf(reply, fallback, handshake.clientVersion);
  fallback.fill(0);
  return withPremaster(handshake, client, premaster, context);
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
    effects: [keyLogged(agreed, main)],
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
  const scheme = verifySignature(context.provider, agreed, offered, {
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
  return {
    state: { at: 'awaitFinished', handshake, secrets, peer },
    effects: [{ do: 'installReadKeys', keys: secrets.client, boundary: context.boundary() }],
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
  return keepSession({ handshake, secrets, peer }, context);
}
