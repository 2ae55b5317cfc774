import { defineMachine } from '../../machine/define.ts';
import { tls13Messages, type Tls13Message } from '../../messages/tls13.ts';
import { onConnectedCommand, onKeyUpdate } from '../post-handshake.ts';
import { onCertificate, onCertificateVerify, onPeerVerdict } from './client-auth.ts';
import { onSecondClientHello } from './client-hello.ts';
import { onFinished } from './finish.ts';
import { onCredential, onSignature, onStatus } from './own-certificate.ts';
import type { ServerState } from './states.ts';

/** The server of TLS 1.3 (RFC 9846 §A.2), one row a state. */
export const serverMachine = /* @__PURE__ */ defineMachine<ServerState, Tls13Message>()(
  'TLS 1.3 server',
  {
    awaitSecondClientHello: { reads: ['client_hello'], ccs: 'ignore', data: 'refuse', commands: [] },
    decideCertificate: { reads: [], asks: 'selectCertificate', ccs: 'ignore', data: 'refuse', commands: [] },
    decideStatus: { reads: [], asks: 'fetchStatus', ccs: 'ignore', data: 'refuse', commands: [] },
    decideSign: { reads: [], asks: 'sign', ccs: 'ignore', data: 'refuse', commands: [] },
    awaitCertificate: {
      reads: ['certificate', 'compressed_certificate'],
      ccs: 'ignore',
      data: 'refuse',
      commands: [],
    },
    decideVerifyPeer: { reads: [], asks: 'verifyPeer', ccs: 'ignore', data: 'refuse', commands: [] },
    awaitCertificateVerify: { reads: ['certificate_verify'], ccs: 'ignore', data: 'refuse', commands: [] },
    awaitFinished: { reads: ['finished'], ccs: 'ignore', data: 'refuse', commands: [] },
    connected: {
      reads: ['key_update'],
      ccs: 'refuse',
      data: 'deliver',
      commands: ['updateKeys', 'answerKeyUpdate', 'writeLimitReached'],
      transcribed: false,
    },
  },
  tls13Messages,
  {
    onMessage: {
      awaitSecondClientHello: onSecondClientHello,
      awaitCertificate: onCertificate,
      awaitCertificateVerify: onCertificateVerify,
      awaitFinished: onFinished,
      connected: onKeyUpdate,
    },
    onReply: {
      decideCertificate: onCredential,
      decideStatus: onStatus,
      decideSign: onSignature,
      decideVerifyPeer: onPeerVerdict,
    },
    onTaskReply: {},
    onCommand: { connected: onConnectedCommand },
  },
);
