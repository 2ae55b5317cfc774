import { TlsError } from '../../errors/tls-error.ts';
import type { Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect, TaskReply } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import { encodeMessage } from '../../messages/tls13.ts';
import { presented } from '../../auth/own-certificate.ts';
import { signedContent } from '../../auth/signed-content.ts';
import { certificateVerifyOf, signAsk } from '../../auth/sign.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { latin1 } from '../../wire/bytes.ts';
import { finishedMac } from '../key-schedule.ts';
import type { ConnectedState } from '../post-handshake.ts';
import type { ClientAuthentication, OpenAuthentication } from '../post-handshake-auth.ts';
import { hashOf } from '../suites.ts';
import { certificateAsk, chosenCertificate, requireSignatureAlgorithms } from './own-certificate.ts';

/**
 * CertificateRequest after the handshake (RFC 9846 §4.7.2): a task, so that data goes on while the application looks for
 * a certificate. Several may be open; each is answered when it is ready, in one block.
 */
export function onLaterCertificateRequest(
  state: ConnectedState,
  request: CertificateRequest,
  context: Context,
): Move<ConnectedState> {
  const { clientAuthentication: authentication } = state;
  const at = { section: 'RFC 9846 §4.7.2', handshakeMessage: 'certificate_request' };
  if (!context.carrier.postHandshakeAuth) {
    throw new TlsError('peer.postHandshakeAuthInQuic', 'a CertificateRequest after the handshake', {
      ...at,
      section: 'RFC 9001 §4.4',
    });
  }
  if (authentication === undefined) {
    throw new TlsError(
      'peer.unexpectedMessage',
      'a CertificateRequest after the handshake, which we did not offer to answer',
      at,
    );
  }
  requireSignatureAlgorithms(request);
  const name = latin1(request.certificateRequestContext);
  if (authentication.seen.includes(name)) {
    throw new TlsError(
      'peer.certificateRequestContext',
      'certificate_request_context is that of an earlier request',
      { ...at, section: 'RFC 9846 §4.4.2', field: 'certificate_request_context' },
    );
  }
  const { open, next: task } = authentication;
  if (open.size >= context.limits.postHandshakeTasks) {
    throw new TlsError(
      'peer.tooManyPostHandshakeMessages',
      `more than ${context.limits.postHandshakeTasks} CertificateRequests are unanswered`,
      at,
    );
  }
  const transcript = authentication.transcript.append(context.raw);
  return {
    state: {
      ...state,
      clientAuthentication: {
        ...authentication,
        seen: [...authentication.seen.slice(1 - maxSeen), name],
        next: task + 1,
        open: new Map([...open, [task, { request, awaits: 'certificate', transcript }]]),
      },
    },
    effects: [
      { do: 'fact', facts: { certificateRequested: true } },
      ...receiveCustomExtensions(authentication.config.customExtensions, request.extensions),
    ],
    taskAsks: [{ task, ...certificateAsk(request, authentication.certificateTypes, context) }],
  };
}

/** The application has chosen a certificate, or signed with it. */
export function onAuthenticationReply(
  state: ConnectedState,
  answer: TaskReply<'selectCertificate' | 'sign'>,
  context: Context,
): Move<ConnectedState> {
  const authentication = state.clientAuthentication;
  const open = authentication?.open.get(answer.task);
  if (authentication === undefined || open === undefined) return { state };
  if (answer.kind === 'selectCertificate' && open.awaits === 'certificate') {
    return onCertificateChosen(state, authentication, open, answer, context);
  }
  if (answer.kind === 'sign' && open.awaits === 'signature') {
    const flight = open.flight.append(encodeMessage(certificateVerifyOf(open.scheme, answer.reply)));
    const known: Effect = { do: 'fact', facts: { ownSignatureScheme: open.scheme } };
    return answered(state, authentication, answer.task, flight, [known], context);
  }
  return { state };
}

function onCertificateChosen(
  state: ConnectedState,
  authentication: ClientAuthentication,
  { request, transcript }: Extract<OpenAuthentication, { awaits: 'certificate' }>,
  { task, reply }: TaskReply<'selectCertificate'>,
  context: Context,
): Move<ConnectedState> {
  const { config, certificateTypes } = authentication;
  const { signer, part } = chosenCertificate(reply, request, certificateTypes, config, context);
  const flight = Flight.after(transcript).append(part.raw);
  // "If it declines, it MUST send a Certificate message containing no certificates followed by Finished."
  if (signer === undefined) return answered(state, authentication, task, flight, [], context);
  const { scheme } = signer;
  const content = signedContent('client', flight.transcript.digest(hashOf(state.suite, context.provider)));
  return {
    state: withOpen(state, authentication, [
      ...authentication.open,
      [task, { request, awaits: 'signature', flight, scheme }],
    ]),
    effects: [...part.facts, ...presented(signer)],
    taskAsks: [{ task, ...signAsk(signer, content) }],
  };
}

/** All messages leave at once, with a Finished under the traffic secret that is in use now (RFC 9846 §4.5). */
function answered(
  state: ConnectedState,
  authentication: ClientAuthentication,
  task: number,
  flight: Flight,
  known: readonly Effect[],
  context: Context,
): Move<ConnectedState> {
  const hash = hashOf(state.suite, context.provider);
  const verifyData = finishedMac(hash, state.writeSecret, flight.transcript.digest(hash));
  const complete = flight.append(encodeMessage({ type: 'finished', verifyData }));
  return {
    state: withOpen(
      state,
      authentication,
      [...authentication.open].filter(([each]) => each !== task),
    ),
    // No message of this is for the transcript of the handshake.
    effects: [...known, ...complete.finish().filter((effect) => effect.do === 'send')],
  };
}

function withOpen(
  state: ConnectedState,
  authentication: ClientAuthentication,
  open: readonly (readonly [number, OpenAuthentication])[],
): ConnectedState {
  return { ...state, clientAuthentication: { ...authentication, open: new Map(open) } };
}

/** How many contexts of requests are remembered. */
const maxSeen = 64;
