import { TlsError } from '../../errors/tls-error.ts';
import { verifyPeerAsk } from '../../auth/peer-certificate.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateRequest12 } from '../../messages/tls12/certificate-request.ts';
import type { CertificateStatus } from '../../messages/tls12/certificate-status.ts';
import { checkServerCertificateType } from '../../negotiate/certificate-type.ts';
import type { ServerHelloDone } from '../../messages/tls12/server-hello-done.ts';
import type { ServerKeyExchange } from '../../messages/tls12/server-key-exchange.ts';
import type { PeerEvidence, PresentedCertificate } from '../../values/peer-evidence.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { Agreed } from '../agreed.ts';
import { identityOf } from '../connected.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { presentedEvidence, type CertificateBytes } from '../peer-certificate.ts';
import { hasCertificate, needsPsk } from '../suites.ts';
import { askForPsk } from './hint.ts';
import { checkSameServer } from '../renegotiation.ts';
import { answerAnonymous } from './second-flight.ts';
import type { ClientHandshake, ClientState, KeyedFlight, ServerFlight } from './states.ts';

/** The server's first flight after its hello (RFC 5246 §7.3, figure 1), collected until ServerHelloDone. */

/** Certificate (RFC 5246 §7.4.2): never empty from a server. */
export function onCertificate(
  { handshake }: Extract<ClientState, { at: 'awaitCertificate' }>,
  message: CertificateBytes,
  context: Context,
): Move<ClientState> {
  const { certificateTypes, config } = handshake;
  const type = checkServerCertificateType(certificateTypes, config.peerCertificateTypes);
  const evidence = presentedEvidence(message, type, context.limits);
  if (evidence === undefined) {
    throw new TlsError('peer.emptyCertificate', 'the server sent no certificate', {
      section: 'RFC 5246 §7.4.2',
      handshakeMessage: 'certificate',
      field: 'certificate_list',
    });
  }
  const signedCertificateTimestamps = handshake.signedCertificateTimestamps;
  const stamped =
    signedCertificateTimestamps === undefined
      ? evidence
      : withOwn(evidence, (own) => ({ ...own, signedCertificateTimestamps }));
  return { state: afterCertificate(handshake, stamped) };
}

/** With another own certificate, if there is one; a raw public key has nothing that could be stapled to it. */
function withOwn(
  evidence: PeerEvidence,
  change: (own: PresentedCertificate) => PresentedCertificate,
): PeerEvidence {
  if (evidence.type !== 'x509') return evidence;
  return { ...evidence, chain: evidence.chain.map((each, i) => (i === 0 ? change(each) : each)) };
}

/** What may come next, by the key exchange of the suite. */
export function afterCertificate(
  handshake: ClientHandshake,
  evidence: PeerEvidence | undefined,
): ClientState {
  const { agreed, origin } = handshake;
  checkSameServer(origin.before, evidence && identityOf(evidence));
  const staples = handshake.staples && hasCertificate(agreed.suite);
  const exchange = keyExchangeOf(agreed.suite);
  const server: ServerFlight = { evidence };
  const unkeyed: KeyedFlight = { evidence, keyExchange: undefined };
  if (
    exchange.kind === 'agreement' ||
    (exchange.kind === 'preShared' && exchange.other?.kind === 'agreement')
  )
    return { at: staples ? 'awaitStatusOrKeyExchange' : 'awaitKeyExchange', handshake, server };
  if (exchange.kind === 'transport')
    return { at: staples ? 'awaitStatusOrDone' : 'awaitRequestOrDone', handshake, server: unkeyed };
  return { at: staples ? 'awaitStatusOrHint' : 'awaitHintOrDone', handshake, server: unkeyed };
}

/** CertificateStatus (RFC 6066 §8), or what follows where it is missing after all. */
export function onStatusOrHint(
  { handshake, server }: Extract<ClientState, { at: 'awaitStatusOrHint' }>,
  message: CertificateStatus | ServerKeyExchange | ServerHelloDone,
  context: Context,
): Move<ClientState> {
  return message.type === 'certificate_status'
    ? { state: { at: 'awaitHintOrDone', handshake, server: stapled(server, message) } }
    : onHintOrDone({ at: 'awaitHintOrDone', handshake, server }, message, context);
}

/** "If no hint is provided, the ServerKeyExchange message is omitted" (RFC 4279 §2). */
export function onHintOrDone(
  { handshake, server }: Extract<ClientState, { at: 'awaitHintOrDone' }>,
  message: ServerKeyExchange | ServerHelloDone,
  context: Context,
): Move<ClientState> {
  return message.type === 'server_hello_done'
    ? onServerHelloDone(handshake, server, context)
    : onServerKeyExchange(handshake, server, message);
}

/** CertificateStatus (RFC 6066 §8): it may be missing even where the server has announced it. */
export function onCertificateStatus(
  handshake: ClientHandshake,
  server: ServerFlight,
  message: CertificateStatus,
): Move<ClientState> {
  return { state: { at: 'awaitKeyExchange', handshake, server: stapled(server, message) } };
}

/** The same where no ServerKeyExchange follows. */
export function onLastCertificateStatus(
  handshake: ClientHandshake,
  server: KeyedFlight,
  message: CertificateStatus,
): Move<ClientState> {
  return { state: { at: 'awaitRequestOrDone', handshake, server: stapled(server, message) } };
}

function stapled<F extends ServerFlight>(server: F, { response }: CertificateStatus): F {
  const evidence = withOwn(server.evidence!, (own) => ({ ...own, ocspResponse: copyOf(response) }));
  return { ...server, evidence };
}

/** ServerKeyExchange (RFC 5246 §7.4.3); read when it is known whose signature it should have. */
export function onServerKeyExchange(
  handshake: ClientHandshake,
  server: ServerFlight,
  keyExchange: ServerKeyExchange,
): Move<ClientState> {
  // No certificate is asked for of a client that has a key (RFC 4279 §2, §4).
  const at = needsPsk(handshake.agreed.suite) ? 'awaitDone' : 'awaitRequestOrDone';
  return { state: { at, handshake, server: { ...server, keyExchange } } };
}

export function onRequestOrDone(
  handshake: ClientHandshake,
  server: KeyedFlight,
  message: CertificateRequest12 | ServerHelloDone,
  context: Context,
): Move<ClientState> {
  const { suite } = handshake.agreed;
  if (suite.authentication === 'anon') {
    if (message.type === 'server_hello_done') return answerAnonymous(handshake, server, context);
    throw new TlsError('peer.illegalCertificateRequest', `a certificate is asked for with ${suite.name}`, {
      section: 'RFC 5246 §7.4.4',
      handshakeMessage: 'certificate_request',
    });
  }
  return message.type === 'certificate_request'
    ? onCertificateRequest(handshake, server, message)
    : onServerHelloDone(handshake, server, context);
}

function onCertificateRequest(
  handshake: ClientHandshake,
  server: KeyedFlight,
  request: CertificateRequest12,
): Move<ClientState> {
  return {
    state: { at: 'awaitDone', handshake, server: { ...server, request } },
    effects: [{ do: 'fact', facts: { certificateRequested: true } }],
  };
}

/** ServerHelloDone (RFC 5246 §7.4.5): everything is there that the application judges the server by. */
export function onServerHelloDone(
  handshake: ClientHandshake,
  server: KeyedFlight,
  context: Context,
): Move<ClientState> {
  context.endFlight('RFC 5246 §7.3');
  const { evidence } = server;
  if (evidence === undefined) return askForPsk(handshake, server, undefined);
  return {
    state: { at: 'decideVerifyPeer', handshake, server, verifiedAtMs: context.receivedAtMs },
    ask: verifyPeerAsk(
      handshake.origin.before === undefined ? 'handshake' : 'renegotiation',
      evidence,
      handshake.config,
      context,
      undefined,
      keyUseOf(handshake.agreed),
    ),
  };
}

/** What the server's certificate must allow its key to do (RFC 5246 §7.4.2). */
export function keyUseOf({ suite }: Agreed): 'sign' | 'encipher' {
  const exchange = keyExchangeOf(suite);
  const { kind } = exchange.kind === 'preShared' ? (exchange.other ?? exchange) : exchange;
  return kind === 'transport' ? 'encipher' : 'sign';
}
