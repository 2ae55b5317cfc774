import { defineMachine, type Move } from '../../machine/define.ts';
import type { Command, Context } from '../../machine/step.ts';
import { tls13Messages, type Tls13Message } from '../../messages/tls13.ts';
import {
  type ConnectedCommand,
  type ConnectedState,
  onConnectedCommand,
  onKeyUpdate,
} from '../post-handshake.ts';
import { onCertificate, onCertificateVerify, onPeerVerdict } from './client-auth.ts';
import { onEncryptedExtensions } from './client-settings.ts';
import { onSecondClientHello } from './client-hello.ts';
import { onEarlyDataVerdict } from './early-data.ts';
import { onEndOfEarlyData, onFinished } from './finish.ts';
import { onIssueTickets, onSealedTicket } from './new-session-ticket.ts';
import { onCredential, onSignature, onStatus } from './own-certificate.ts';
import {
  meanwhile,
  onLaterCertificate,
  onLaterCertificateVerify,
  onLaterFinished,
  onLaterPeerVerdict,
  onRequestClientAuth,
} from './post-handshake-auth.ts';
import { onLeftOutPsks, onLeftOutTicket } from './left-out-keys.ts';
import {
  onExternalPsks,
  onResumedPeerVerdict,
  onSessionPsk,
  onTicket,
  onTicketUse,
} from './pre-shared-keys.ts';
import type { ServerState } from './states.ts';

/** The server of TLS 1.3 (RFC 9846 §A.2), one row a state. */
export const serverMachine = /* @__PURE__ */ defineMachine<ServerState, Tls13Message>()(
  'TLS 1.3 server',
  {
    awaitSecondClientHello: { reads: ['client_hello'], ccs: 'ignore', data: 'refuse', commands: [] },
    decideTicket: { reads: [], asks: 'openTicket', ccs: 'ignore', data: 'refuse', commands: [] },
    decideTicketUse: { reads: [], asks: 'useTicket', ccs: 'ignore', data: 'refuse', commands: [] },
    decideSessionPsk: { reads: [], asks: 'lookupPsk', ccs: 'ignore', data: 'refuse', commands: [] },
    decidePsk: { reads: [], asks: 'lookupPsk', ccs: 'ignore', data: 'refuse', commands: [] },
    decideLeftOutTicket: { reads: [], asks: 'openTicket', ccs: 'ignore', data: 'refuse', commands: [] },
    decideLeftOutPsk: { reads: [], asks: 'lookupPsk', ccs: 'ignore', data: 'refuse', commands: [] },
    decideResumedPeer: { reads: [], asks: 'verifyPeer', ccs: 'ignore', data: 'refuse', commands: [] },
    decideEarlyData: { reads: [], asks: 'acceptEarlyData', ccs: 'ignore', data: 'refuse', commands: [] },
    decideCertificate: { reads: [], asks: 'selectCertificate', ccs: 'ignore', data: 'refuse', commands: [] },
    decideStatus: { reads: [], asks: 'fetchStatus', ccs: 'ignore', data: 'refuse', commands: [] },
    decideSign: { reads: [], asks: 'sign', ccs: 'ignore', data: 'refuse', commands: [] },
    awaitEncryptedExtensions: {
      reads: ['encrypted_extensions'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
    awaitCertificate: {
      reads: ['certificate', 'compressed_certificate'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
    decideVerifyPeer: { reads: [], asks: 'verifyPeer', ccs: 'ignore', data: 'refuse', commands: [] },
    awaitCertificateVerify: { reads: ['certificate_verify'], ccs: 'ignore', data: 'refuse', commands: [] },
    awaitEndOfEarlyData: { reads: ['end_of_early_data'], ccs: 'ignore', data: 'early', commands: [] },
    awaitFinished: { reads: ['finished'], ccs: 'ignore', data: 'refuse', commands: [] },
    connected: {
      reads: ['key_update', 'certificate', 'compressed_certificate'],
      ccs: 'refuse',
      data: 'deliver',
      tasks: ['sealTicket'],
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached', 'requestClientAuth', 'issueTickets'],
      transcribed: false,
    },
    // RFC 9846 §4.7.2: the messages of an answer come one after the other, with nothing in between.
    decideLaterPeer: {
      reads: [],
      asks: 'verifyPeer',
      ccs: 'refuse',
      data: 'refuse',
      tasks: ['sealTicket'],
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached', 'requestClientAuth', 'issueTickets'],
      transcribed: false,
    },
    awaitLaterCertificateVerify: {
      reads: ['certificate_verify'],
      ccs: 'refuse',
      data: 'refuse',
      tasks: ['sealTicket'],
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached', 'requestClientAuth', 'issueTickets'],
      transcribed: false,
    },
    awaitLaterFinished: {
      reads: ['finished'],
      ccs: 'refuse',
      data: 'refuse',
      tasks: ['sealTicket'],
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached', 'requestClientAuth', 'issueTickets'],
      transcribed: false,
    },
  },
  tls13Messages,
  {
    onMessage: {
      awaitSecondClientHello: onSecondClientHello,
      awaitEncryptedExtensions: onEncryptedExtensions,
      awaitCertificate: onCertificate,
      awaitCertificateVerify: onCertificateVerify,
      awaitEndOfEarlyData: onEndOfEarlyData,
      awaitFinished: onFinished,
      connected: (state, message, context) =>
        message.type === 'key_update'
          ? onKeyUpdate(state, message, context)
          : onLaterCertificate(state, message, context),
      awaitLaterCertificateVerify: onLaterCertificateVerify,
      awaitLaterFinished: onLaterFinished,
    },
    onReply: {
      decideTicket: onTicket,
      decideTicketUse: onTicketUse,
      decideSessionPsk: onSessionPsk,
      decidePsk: onExternalPsks,
      decideLeftOutTicket: onLeftOutTicket,
      decideLeftOutPsk: onLeftOutPsks,
      decideResumedPeer: onResumedPeerVerdict,
      decideEarlyData: onEarlyDataVerdict,
      decideCertificate: onCredential,
      decideStatus: onStatus,
      decideSign: onSignature,
      decideVerifyPeer: onPeerVerdict,
      decideLaterPeer: onLaterPeerVerdict,
    },
    onTaskReply: {
      connected: onSealedTicket,
      decideLaterPeer: (state, reply) => meanwhile(state, (connected) => onSealedTicket(connected, reply)),
      awaitLaterCertificateVerify: (state, reply) =>
        meanwhile(state, (connected) => onSealedTicket(connected, reply)),
      awaitLaterFinished: (state, reply) => meanwhile(state, (connected) => onSealedTicket(connected, reply)),
    },
    onCommand: {
      connected: onCommand,
      decideLaterPeer: (state, command, context) =>
        meanwhile(state, (connected) => onCommand(connected, command, context)),
      awaitLaterCertificateVerify: (state, command, context) =>
        meanwhile(state, (connected) => onCommand(connected, command, context)),
      awaitLaterFinished: (state, command, context) =>
        meanwhile(state, (connected) => onCommand(connected, command, context)),
    },
  },
);

function onCommand(
  state: ConnectedState,
  command: ConnectedCommand | Extract<Command, { readonly name: 'requestClientAuth' | 'issueTickets' }>,
  context: Context,
): Move<ConnectedState> {
  switch (command.name) {
    case 'requestClientAuth':
      return onRequestClientAuth(state, command, context);
    case 'issueTickets':
      return onIssueTickets(state, command.count, context);
    default:
      return onConnectedCommand(state, command, context);
  }
}
