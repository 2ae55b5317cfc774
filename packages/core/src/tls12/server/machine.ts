import { defineMachine, type DefinedMachine } from '../../machine/define.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { readMessages12, type ReadMessage12 } from '../peer-certificate.ts';
import type { Profile } from '../profile.ts';
import { settled } from '../connected.ts';
import { asking, reading } from '../rows.ts';
import {
  onRenewedTicket,
  onResumedChangeCipherSpec,
  onResumedFinished,
  onResumedNextProtocol,
} from './abbreviated.ts';
import {
  onCertificate,
  onCertificateVerify,
  onChangeCipherSpec,
  onClientKeyExchange,
  onFinished,
  onNextProtocol,
  onPeerVerdict,
  onPremaster,
  onPsk,
} from './client-flight.ts';
import { onCredential, onStatus } from './client-hello.ts';
import { onSignature } from './first-flight.ts';
import { onClientHelloAgain, onRefusal, onRenegotiate } from './renegotiate.ts';
import { onSealedTicket, onStored } from './new-session.ts';
import { onResumedPeerVerdict, onSession, onSessionPsk, onTicket } from './resume.ts';
import type { ServerState } from './states.ts';

/** The server of TLS 1.2 and below, one row for each place in figures 1 and 2 of RFC 5246 §7.3. */
function serverOf(signsWithScheme: boolean): DefinedMachine<ServerState> {
  const machine: DefinedMachine<ServerState> = defineMachine<ServerState, ReadMessage12 | ChangeCipherSpec>()(
    'TLS 1.2 server',
    {
      decideTicket: asking('openTicket'),
      decideSession: asking('lookupSession'),
      decideSessionPsk: asking('lookupPsk'),
      decideResumedPeer: asking('verifyPeer'),
      decideRenewedTicket: asking('sealTicket'),
      awaitResumedChangeCipherSpec: reading('change_cipher_spec'),
      awaitResumedNextProtocol: reading('next_protocol'),
      awaitResumedFinished: reading('finished'),
      decideCertificate: asking('selectCertificate'),
      decideStatus: asking('fetchStatus'),
      decideSign: asking('sign'),
      awaitCertificate: reading('certificate'),
      decideVerifyPeer: asking('verifyPeer'),
      awaitClientKeyExchange: reading('client_key_exchange'),
      decidePsk: asking('lookupPsk'),
      decidePremaster: asking('decryptPremaster'),
      awaitCertificateVerify: reading('certificate_verify'),
      awaitChangeCipherSpec: reading('change_cipher_spec'),
      awaitNextProtocol: reading('next_protocol'),
      awaitFinished: reading('finished'),
      decideSealedTicket: asking('sealTicket'),
      decideStored: asking('storeSession'),
      connected: {
        reads: ['client_hello'],
        ccs: 'refuse',
        data: 'deliver',
        commands: ['renegotiate', 'renegotiationRefused', 'detach'],
        transcribed: false,
      },
    },
    readMessages12(signsWithScheme),
    {
      onMessage: {
        awaitCertificate: onCertificate,
        awaitClientKeyExchange: onClientKeyExchange,
        awaitCertificateVerify: onCertificateVerify,
        awaitChangeCipherSpec: onChangeCipherSpec,
        awaitNextProtocol: onNextProtocol,
        awaitFinished: onFinished,
        awaitResumedChangeCipherSpec: onResumedChangeCipherSpec,
        awaitResumedNextProtocol: onResumedNextProtocol,
        awaitResumedFinished: onResumedFinished,
        connected: (state, message, context) => onClientHelloAgain(state, message, context, machine.enter),
      },
      onReply: {
        decideTicket: onTicket,
        decideSession: onSession,
        decideSessionPsk: onSessionPsk,
        decideResumedPeer: onResumedPeerVerdict,
        decideRenewedTicket: onRenewedTicket,
        decideSealedTicket: onSealedTicket,
        decideStored: onStored,
        decideCertificate: onCredential,
        decideStatus: onStatus,
        decideSign: onSignature,
        decideVerifyPeer: onPeerVerdict,
        decidePsk: onPsk,
        decidePremaster: onPremaster,
      },
      onTaskReply: {},
      onCommand: {
        connected(state, command) {
          switch (command.name) {
            case 'renegotiate':
              return onRenegotiate(state, command);
            case 'renegotiationRefused':
              return onRefusal(state);
            case 'detach':
              return settled(state);
          }
        },
      },
    },
  );
  return machine;
}

const withSchemes = /* @__PURE__ */ serverOf(true);
const withoutSchemes = /* @__PURE__ */ serverOf(false);

export function serverMachine({ signs }: Profile): DefinedMachine<ServerState> {
  return signs.hasSchemeField ? withSchemes : withoutSchemes;
}
