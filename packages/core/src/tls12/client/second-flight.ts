import { acceptedPeer } from '../../auth/peer-certificate.ts';
import { presented, refuseOtherType, refuseSelection } from '../../auth/own-certificate.ts';
import { signAsk } from '../../auth/sign.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect } from '../../machine/step.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import type { ServerKeyExchange } from '../../messages/tls12/server-key-exchange.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import type { Credential } from '../../values/credential.ts';
import type { SelectCertificateReply, SignReply } from '../../values/decisions.ts';
import type { PeerEvidence, VerifyPeerReply } from '../../values/peer-evidence.ts';
import { concat } from '../../wire/bytes.ts';
import type { ProvenPeer } from '../../auth/proven-peer.ts';
import type { Agreement, Response, Transport } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { derived, mainSecretOf, secretsOf, verifyDataOf, type MainSecrets } from '../keys.ts';
import { certificateOf12 } from '../peer-certificate.ts';
import { impliedSchemes, scheme12, schemesOfTypes } from '../signature-schemes.ts';
import { verifyServerSignature } from '../signatures.ts';
import { signatureOf, signingScheme } from '../signing.ts';
import { hasCertificate, needsPsk } from '../suites.ts';
import { askForPsk } from './hint.ts';
import { chooseProtocol } from './next-protocol.ts';
import type { ClientHandshake, ClientState, Exchanged, KeyedFlight } from './states.ts';

/** The server is judged: its signature is checked, our share made; then who we are, if the server asks. */
export function onPeerVerdict(
  { handshake, server, verifiedAtMs }: Extract<ClientState, { at: 'decideVerifyPeer' }>,
  reply: VerifyPeerReply,
  context: Context,
): Move<ClientState> {
  // Somebody was judged.
  const evidence = server.evidence as PeerEvidence;
  const { publicKey, verdict, validUntilMs } = acceptedPeer(reply, evidence);
  if (needsPsk(handshake.agreed.suite)) {
    const peer: ProvenPeer = { evidence, verdict, verifiedAtMs, validUntilMs };
    return askForPsk(handshake, server, { peer, spki: publicKey });
  }
  const { scheme, response } = exchangeWith(handshake, server.keyExchange, publicKey, context);
  const { message, premaster, facts } = response;
  const peer: ProvenPeer = { evidence, verdict, verifiedAtMs, validUntilMs, scheme };
  const known: Effect = { do: 'fact', facts };
  const exchanged: Exchanged = { peer, message, premaster };
  const { request } = server;
  if (request === undefined) {
    return preceded(
      [known],
      exchangeKeys(handshake, exchanged, Flight.after(context.after), undefined, context),
    );
  }
  const state = { at: 'decideCertificate', handshake, request, exchanged } as const;
  if (handshake.hasRejectedEch)
    return preceded([known], onCredential(state, { ok: true, credential: undefined }, context));
  const listed = request.supportedSignatureAlgorithms ?? impliedSchemes(handshake.agreed.profile);
  return {
    state,
    effects: [known, { do: 'holdForHandshake', secrets: [premaster] }],
    ask: {
      kind: 'selectCertificate',
      ask: {
        role: 'client',
        version: handshake.agreed.profile.version,
        certificateTypes: [handshake.certificateTypes.client ?? 'x509'],
        signatureSchemes: schemesOfTypes(listed, request.certificateTypes),
        certificateSignatureSchemes: listed,
        delegatedSignatureSchemes: [],
        groups: undefined,
        certificateAuthorities: request.certificateAuthorities,
        serverName: undefined,
        nowMs: context.nowMs,
      },
    },
  };
}

/** Nobody is there to be judged; what the server sends is not signed (RFC 5246 §7.4.3). */
export function answerAnonymous(
  handshake: ClientHandshake,
  { keyExchange }: KeyedFlight,
  context: Context,
): Move<ClientState> {
  const exchange = keyExchangeOf(handshake.agreed.suite) as Agreement;
  const { facts, ...answer } = exchange.read(keyExchange!, 'none').respond(handshake.config, context);
  const flight = Flight.after(context.after);
  return preceded(
    [{ do: 'fact', facts }],
    exchangeKeys(handshake, { peer: undefined, ...answer }, flight, undefined, context),
  );
}

/** Our side of the key exchange: with what the server has signed, or with its key itself. */
function exchangeWith(
  { config, hello, agreed }: ClientHandshake,
  message: ServerKeyExchange | undefined,
  publicKey: Uint8Array,
  context: Context,
): { readonly scheme: SignatureScheme | undefined; readonly response: Response } {
  const exchange = keyExchangeOf(agreed.suite) as Agreement | Transport;
  if (exchange.kind === 'transport') {
    return { scheme: undefined, response: exchange.encrypt(hello, publicKey, context) };
  }
  const { profile, clientRandom, serverRandom } = agreed;
  const form = profile.signs.hasSchemeField ? 'withScheme' : 'bare';
  const content = exchange.read(message!, form);
  const scheme = verifyServerSignature(context.provider, agreed, config, {
    message: 'server_key_exchange',
    scheme: content.signed?.algorithm,
    signature: content.signed!.signature,
    content: concat([clientRandom, serverRandom, content.paramsBytes]),
    spki: publicKey,
  });
  return { scheme, response: content.respond(config, context) };
}

/** Our Certificate, empty without a credential (RFC 5246 §7.4.6). */
export function onCredential(
  { handshake, request, exchanged }: Extract<ClientState, { at: 'decideCertificate' }>,
  reply: SelectCertificateReply,
  context: Context,
): Move<ClientState> {
  if (!reply.ok) refuseSelection(reply);
  const { credential } = reply;
  if (credential !== undefined) refuseOtherType(credential, [handshake.certificateTypes.client ?? 'x509']);
  const flight = Flight.after(context.after).append(certificateOf12(credential));
  const listed = request.supportedSignatureAlgorithms;
  const schemes = listed && schemesOfTypes(listed, request.certificateTypes);
  const signer = credential && {
    credential,
    scheme: signingScheme(credential, schemes, handshake.agreed.profile),
  };
  return exchangeKeys(handshake, exchanged, flight, signer, context);
}

interface OwnSigner {
  readonly credential: Credential;
  readonly scheme: ReturnType<typeof signingScheme>;
}

/** ClientKeyExchange, from which on there are keys; CertificateVerify if we have shown a certificate. */
export function exchangeKeys(
  handshake: ClientHandshake,
  { peer, message, premaster }: Exchanged,
  before: Flight,
  signer: OwnSigner | undefined,
  context: Context,
): Move<ClientState> {
  const { agreed } = handshake;
  const flight = before.append(encodeMessage12(message));
  const main = mainSecretOf(agreed, premaster, flight.transcript, context);
  const secrets = secretsOf(agreed, main, context);
  const logged = derived(agreed, secrets);
  if (signer === undefined) return preceded(logged, finish(handshake, flight, secrets, peer, context));
  const shown = { ...signer, delegation: undefined };
  return {
    state: { at: 'decideSign', handshake, flight, scheme: signer.scheme, secrets, peer },
    effects: [...logged, ...presented(shown)],
    // RFC 5246 §7.4.8: "all handshake messages sent or received", the messages themselves.
    ask: signAsk(shown, flight.transcript.bytes, scheme12(signer.scheme)?.algorithm),
  };
}

export function onSignature(
  { handshake, flight, scheme, secrets, peer }: Extract<ClientState, { at: 'decideSign' }>,
  reply: SignReply,
  context: Context,
): Move<ClientState> {
  const signed = signatureOf(scheme, handshake.agreed.profile, reply, 'certificate_verify');
  const complete = flight.append(encodeMessage12({ type: 'certificate_verify', ...signed }));
  const known: Effect = { do: 'fact', facts: { ownSignatureScheme: scheme } };
  return preceded([known], finish(handshake, complete, secrets, peer, context));
}

/** change_cipher_spec and our Finished, the first record under the new keys. */
function finish(
  handshake: ClientHandshake,
  flight: Flight,
  secrets: MainSecrets,
  peer: ProvenPeer | undefined,
  context: Context,
): Move<ClientState> {
  const { agreed } = handshake;
  const chosen = chooseProtocol(
    flight.doing({ do: 'sendChangeCipherSpec' }, { do: 'installWriteKeys', keys: secrets.client }),
    agreed,
    handshake.config,
  );
  const verifyData = verifyDataOf(agreed, secrets.main, 'client', chosen.flight.transcript, context);
  const complete = chosen.flight.append(encodeMessage12({ type: 'finished', verifyData }));
  const finishing = { handshake, secrets, peer, verifyData };
  return {
    state: handshake.expectsTicket
      ? { at: 'awaitTicket', ...finishing }
      : { at: 'awaitChangeCipherSpec', ...finishing, ticket: undefined },
    effects: [
      ...chosen.effects,
      ...complete.finish(),
      ...(mayStart(handshake) ? [{ do: 'writable', as: 'falseStart' } as const] : []),
    ],
  };
}

/**
 * Whether data may leave before the server's Finished: what a list of allowed symmetric ciphers, versions and key exchanges comes
 * to (RFC 7918 §5.1 to §5.3). AEADs came with TLS 1.2.
 */
function mayStart({ config, agreed, origin, hasRejectedEch }: ClientHandshake): boolean {
  const { suite, alpnProtocol, nextProtocols } = agreed;
  const isStrong = suite.cipher.type === 'aead' && suite.keyExchange === 'ecdhe' && hasCertificate(suite);
  if (!isStrong || origin.before !== undefined || hasRejectedEch) return false;
  if (config.falseStart === 'always') return true;
  return config.falseStart === 'withAlpn' && (alpnProtocol !== null || nextProtocols !== undefined);
}
