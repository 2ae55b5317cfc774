import { compressionFacts, uncompressed } from '../../auth/compressed-certificate.ts';
import { acceptedPeer, evidenceOf, verifyPeerAsk } from '../../auth/peer-certificate.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { verifyHandshakeSignature } from '../../auth/verify-signature.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { CertificateVerify } from '../../messages/certificate-verify.ts';
import type { Certificate } from '../../messages/certificate.ts';
import type { CompressedCertificate } from '../../messages/compressed-certificate.ts';
import type { Finished } from '../../messages/finished.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { receiveFromCertificate } from '../../negotiate/custom-extensions.ts';
import type { ClientAuthOptions } from '../../values/client-auth-options.ts';
import type { VerifyPeerReply } from '../../values/peer-evidence.ts';
import { hex } from '../../wire/bytes.ts';
import { checkFinished } from '../finished.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { SentRequest } from '../post-handshake-auth.ts';
import { peerFacts, sessionPeer, type ProvenPeer } from '../../auth/proven-peer.ts';
import { hashOf } from '../suites.ts';
import { certificateRequestOf } from './own-messages.ts';
import type { LaterAuthState, ServerState } from './states.ts';

/**
 * Asks the client for a certificate after the handshake (RFC 9846 §4.7.2). Not obeyed where the client has not offered
 * to answer, takes no type of certificate that we take, or owes too many answers.
 */
export function onRequestClientAuth(
  state: ConnectedState,
  { id, options }: { readonly id: number; readonly options: ClientAuthOptions },
  context: Context,
): Move<ConnectedState> {
  const { serverAuthentication: authentication } = state;
  const refused = { state, obeyed: false } as const;
  if (authentication === undefined) return refused;
  const { config, certificateType, open } = authentication;
  if (!config.peerCertificateTypes.includes(certificateType)) return refused;
  if (open.size >= context.limits.postHandshakeTasks) return refused;
  const authorities = options.certificateAuthorities ?? config.certificateAuthorities;
  const request: CertificateRequest = {
    ...certificateRequestOf({ ...config, certificateAuthorities: authorities }, context.entropy),
    // "MUST be unique within the scope of this connection", "unpredictable to the client" (RFC 9846 §4.4.2).
    certificateRequestContext: context.entropy.random(32),
  };
  const raw = encodeMessage(request);
  const sent: SentRequest = { id, isRequired: options.require ?? false, request, raw };
  return {
    state: {
      ...state,
      serverAuthentication: {
        ...authentication,
        open: new Map([...open, [hex(request.certificateRequestContext), sent]]),
      },
    },
    effects: [{ do: 'send', messages: [raw] }],
  };
}

/** The client's Certificate (RFC 9846 §4.5.1), which begins the answer to one of our requests, whichever. */
export function onLaterCertificate(
  state: ConnectedState,
  received: Certificate | CompressedCertificate,
  context: Context,
): Move<ServerState> {
  const { serverAuthentication: authentication } = state;
  const at = { section: 'RFC 9846 §4.7.2', handshakeMessage: received.type };
  if (authentication === undefined || authentication.open.size === 0) {
    throw new TlsError('peer.unexpectedMessage', 'a Certificate that no request of ours is open for', at);
  }
  const { config } = authentication;
  const offered = authentication.open.values().next().value?.request.extensions;
  const message = uncompressed(
    received,
    offered?.get(compressCertificateExtension),
    config.certificateCompression,
    context,
  );
  const name = hex(message.certificateRequestContext);
  const answered = authentication.open.get(name);
  if (answered === undefined) {
    throw new TlsError(
      'peer.certificateContextMismatch',
      'certificate_request_context is that of no unanswered request',
      { ...at, section: 'RFC 9846 §4.5.1', field: 'certificate_request_context' },
    );
  }
  const open = new Map(authentication.open);
  open.delete(name);
  const connected = { ...state, serverAuthentication: { ...authentication, open } };
  const transcript = authentication.transcript.append(answered.raw).append(context.raw);
  const later: LaterAuthState = { connected, config, id: answered.id, transcript };
  const effects = compressionFacts(received);
  if (message.certificateList.length === 0) {
    if (answered.isRequired) {
      throw new TlsError(
        'incompatible.certificateRequired',
        'the client declines to authenticate, and must',
        { ...at, section: 'RFC 9846 §4.5.1.3', field: 'certificate_list' },
      );
    }
    return { state: { at: 'awaitLaterFinished', later, peer: undefined }, effects };
  }
  const evidence = evidenceOf(
    message,
    answered.request.extensions,
    context.limits,
    authentication.certificateType,
  );
  return {
    state: { at: 'decideLaterPeer', later, evidence, verifiedAtMs: context.receivedAtMs },
    effects: [
      ...effects,
      ...receiveFromCertificate(config.customExtensions, message, answered.request.extensions),
    ],
    ask: verifyPeerAsk('postHandshake', evidence, config, context),
  };
}

export function onLaterPeerVerdict(
  { later, evidence, verifiedAtMs }: Extract<ServerState, { at: 'decideLaterPeer' }>,
  reply: VerifyPeerReply,
): Move<ServerState> {
  const { publicKey, verdict } = acceptedPeer(reply, evidence);
  return {
    state: { at: 'awaitLaterCertificateVerify', later, evidence, publicKey, verdict, verifiedAtMs },
  };
}

export function onLaterCertificateVerify(
  state: Extract<ServerState, { at: 'awaitLaterCertificateVerify' }>,
  message: CertificateVerify,
  context: Context,
): Move<ServerState> {
  const { later, evidence, publicKey, verdict, verifiedAtMs } = state;
  const { connected, config, transcript } = later;
  verifyHandshakeSignature(context.provider, config.signatureSchemes, evidence, {
    signer: 'client',
    scheme: message.algorithm,
    signature: message.signature,
    content: signedContent('client', transcript.digest(hashOf(connected.suite, context.provider))),
    spki: publicKey,
  });
  return {
    state: {
      at: 'awaitLaterFinished',
      later: { ...later, transcript: transcript.append(context.raw) },
      peer: { evidence, verdict, verifiedAtMs, scheme: message.algorithm },
    },
  };
}

/** Finished under the client's traffic secret of this moment (RFC 9846 §4.5); only now is it known who the client is. */
export function onLaterFinished(
  { later, peer }: Extract<ServerState, { at: 'awaitLaterFinished' }>,
  message: Finished,
  context: Context,
): Move<ServerState> {
  const { connected, transcript, id } = later;
  const hash = hashOf(connected.suite, context.provider);
  checkFinished(hash, connected.readSecret, transcript.digest(hash), message);
  return {
    state: peer === undefined ? connected : knowing(connected, peer),
    effects: [
      ...(peer === undefined ? [] : [peerFacts(peer)]),
      { do: 'clientAuthentication', id, isAuthenticated: peer !== undefined },
    ],
  };
}

/** Tickets that are issued from now on say who the client is (RFC 9846 §4.7.1). */
function knowing(connected: ConnectedState, peer: ProvenPeer): ConnectedState {
  const { resumption } = connected;
  if (resumption === undefined) return connected;
  const base = { ...resumption.base, peer: sessionPeer(peer) };
  return { ...connected, resumption: { ...resumption, base } };
}

/** What the connected state does meanwhile, such as a change of our keys, happens inside the state that waits. */
export function meanwhile<S extends { readonly later: LaterAuthState }>(
  state: S & ServerState,
  move: (connected: ConnectedState) => Move<ConnectedState>,
): Move<ServerState> {
  const moved = move(state.later.connected);
  if (moved.machine !== undefined) return moved;
  return { ...moved, state: { ...state, later: { ...state.later, connected: moved.state } } };
}
