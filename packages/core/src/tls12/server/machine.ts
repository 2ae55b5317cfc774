import { defineMachine, type DefinedMachine } from '../../machine/define.ts';
import { tls12Messages, type Tls12Message } from '../../messages/tls12.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import type { Profile } from '../profile.ts';
import { onRenewedTicket, onResumedChangeCipherSpec, onResumedFinished } from './abbreviated.ts';
import {
  onCertificate,
  onCertificateVerify,
  onChangeCipherSpec,
  onClientKeyExchange,
  onFinished,
  onPeerVerdict,
  onPremaster,
} from './client-flight.ts';
import { onCredential, onStatus } from './client-hello.ts';
import { onSignature } from './first-flight.ts';
import { onSealedTicket, onStored } from './new-session.ts';
import { onResumedPeerVerdict, onSession, onTicket } from './resume.ts';
import type { ServerState } from './states.ts';

/** The server of TLS 1.2 and below, one row for each place in figures 1 and 2 of RFC 5246 §7.3. */
function serverOf(signsWithScheme: boolean): DefinedMachine<ServerState> {
  return defineMachine<ServerState, Tls12Message | ChangeCipherSpec>()(
    'TLS 1.2 server',
    {
      decideTicket: { reads: [], asks: 'openTicket', ccs: 'refuse', data: 'refuse', commands: [] },
      decideSession: { reads: [], asks: 'lookupSession', ccs: 'refuse', data: 'refuse', commands: [] },
      decideResumedPeer: { reads: [], asks: 'verifyPeer', ccs: 'refuse', data: 'refuse', commands: [] },
      decideRenewedTicket: { reads: [], asks: 'sealTicket', ccs: 'refuse', data: 'refuse', commands: [] },
      awaitResumedChangeCipherSpec: {
        reads: ['change_cipher_spec'],
        ccs: 'refuse',
        data: 'refuse',
        commands: [],
      },
      awaitResumedFinished: { reads: ['finished'], ccs: 'refuse', data: 'refuse', commands: [] },
      decideCertificate: {
        reads: [],
        asks: 'selectCertificate',
        ccs: 'refuse',
        data: 'refuse',
        commands: [],
      },
      decideStatus: { reads: [], asks: 'fetchStatus', ccs: 'refuse', data: 'refuse', commands: [] },
      decideSign: { reads: [], asks: 'sign', ccs: 'refuse', data: 'refuse', commands: [] },
      awaitCertificate: { reads: ['certificate'], ccs: 'refuse', data: 'refuse', commands: [] },
      decideVerifyPeer: { reads: [], asks: 'verifyPeer', ccs: 'refuse', data: 'refuse', commands: [] },
      awaitClientKeyExchange: {
        reads: ['client_key_exchange'],
        ccs: 'refuse',
        data: 'refuse',
        commands: [],
      },
      decidePremaster: { reads: [], asks: 'decryptPremaster', ccs: 'refuse', data: 'refuse', commands: [] },
      awaitCertificateVerify: { reads: ['certificate_verify'], ccs: 'refuse', data: 'refuse', commands: [] },
      awaitChangeCipherSpec: {
        reads: ['change_cipher_spec'],
        ccs: 'refuse',
        data: 'refuse',
        commands: [],
      },
      awaitFinished: { reads: ['finished'], ccs: 'refuse', data: 'refuse', commands: [] },
      decideSealedTicket: { reads: [], asks: 'sealTicket', ccs: 'refuse', data: 'refuse', commands: [] },
      decideStored: { reads: [], asks: 'storeSession', ccs: 'refuse', data: 'refuse', commands: [] },
      connected: { reads: [], ccs: 'refuse', data: 'deliver', commands: [], transcribed: false },
    },
    tls12Messages(signsWithScheme),
    {
      onMessage: {
        awaitCertificate: onCertificate,
        awaitClientKeyExchange: onClientKeyExchange,
        awaitCertificateVerify: onCertificateVerify,
        awaitChangeCipherSpec: onChangeCipherSpec,
        awaitFinished: onFinished,
        awaitResumedChangeCipherSpec: onResumedChangeCipherSpec,
        awaitResumedFinished: onResumedFinished,
      },
      onReply: {
        decideTicket: onTicket,
        decideSession: onSession,
        decideResumedPeer: onResumedPeerVerdict,
        decideRenewedTicket: onRenewedTicket,
        decideSealedTicket: onSealedTicket,
        decideStored: onStored,
        decideCertificate: onCredential,
        decideStatus: onStatus,
        decideSign: onSignature,
        decideVerifyPeer: onPeerVerdict,
        decidePremaster: onPremaster,
      },
      onTaskReply: {},
      onCommand: {},
    },
  );
}

const withSchemes = /* @__PURE__ */ serverOf(true);
const withoutSchemes = /* @__PURE__ */ serverOf(false);

export function serverMachine({ signs }: Profile): DefinedMachine<ServerState> {
  return signs.hasSchemeField ? withSchemes : withoutSchemes;
}
