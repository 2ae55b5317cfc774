import { defineMachine } from '../../machine/define.ts';
import { tls13Messages, type Tls13Message } from '../../messages/tls13.ts';
import { onConnectedCommand, onKeyUpdate } from '../post-handshake.ts';
import { onEncryptedExtensions, onResumedPeerVerdict } from './encrypted-extensions.ts';
import { onCredential, onFinished, onSignature } from './finish.ts';
import { onNewSessionTicket } from './new-session-ticket.ts';
import { onCertificate, onCertificateRequest, onCertificateVerify, onPeerVerdict } from './server-auth.ts';
import { onAuthenticationReply, onLaterCertificateRequest } from './post-handshake-auth.ts';
import { onSecondServerHello } from './server-hello.ts';
import type { ClientState } from './states.ts';

/** The client of TLS 1.3 (RFC 9846 §A.1), one row a state. */
export const clientMachine = /* @__PURE__ */ defineMachine<ClientState, Tls13Message>()(
  'TLS 1.3 client',
  {
    awaitSecondServerHello: {
      reads: ['server_hello', 'legacy_server_hello'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
    awaitEncryptedExtensions: {
      reads: ['encrypted_extensions'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
    awaitCertificateOrRequest: {
      reads: ['certificate', 'compressed_certificate', 'certificate_request'],
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
    decideResumedPeer: { reads: [], asks: 'verifyPeer', ccs: 'ignore', data: 'refuse', commands: [] },
    awaitCertificateVerify: { reads: ['certificate_verify'], ccs: 'ignore', data: 'refuse', commands: [] },
    awaitFinished: { reads: ['finished'], ccs: 'ignore', data: 'refuse', commands: [] },
    decideCertificate: { reads: [], asks: 'selectCertificate', ccs: 'refuse', data: 'refuse', commands: [] },
    decideSign: { reads: [], asks: 'sign', ccs: 'refuse', data: 'refuse', commands: [] },
    connected: {
      reads: ['new_session_ticket', 'key_update', 'certificate_request'],
      tasks: ['selectCertificate', 'sign'],
      ccs: 'refuse',
      data: 'deliver',
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached'],
      transcribed: false,
    },
  },
  tls13Messages,
  {
    onMessage: {
      awaitSecondServerHello: onSecondServerHello,
      awaitEncryptedExtensions: onEncryptedExtensions,
      awaitCertificateOrRequest: ({ handshake }, message, context) =>
        message.type === 'certificate_request'
          ? onCertificateRequest(handshake, message)
          : onCertificate(handshake, undefined, message, context),
      awaitCertificate: ({ handshake, request }, message, context) =>
        onCertificate(handshake, request, message, context),
      awaitCertificateVerify: onCertificateVerify,
      awaitFinished: onFinished,
      connected(state, message, context) {
        switch (message.type) {
          case 'key_update':
            return onKeyUpdate(state, message, context);
          case 'certificate_request':
            return onLaterCertificateRequest(state, message, context);
          case 'new_session_ticket':
            return onNewSessionTicket(state, message, context);
        }
      },
    },
    onReply: {
      decideVerifyPeer: onPeerVerdict,
      decideResumedPeer: onResumedPeerVerdict,
      decideCertificate: onCredential,
      decideSign: onSignature,
    },
    onTaskReply: { connected: onAuthenticationReply },
    onCommand: { connected: onConnectedCommand },
  },
);
