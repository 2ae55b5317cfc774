import { defineMachine, type DefinedMachine } from '../../machine/define.ts';
import type { ChangeCipherSpec } from '../change-cipher-spec.ts';
import { readMessages12, type ReadMessage12 } from '../peer-certificate.ts';
import type { Profile } from '../profile.ts';
import { settled } from '../connected.ts';
import { asking, reading } from '../rows.ts';
import { onChangeCipherSpec, onFinished, onTicket } from './finish.ts';
import { onPsk } from './pre-shared-key.ts';
import {
  onResumedChangeCipherSpec,
  onResumedFinished,
  onResumedPeerVerdict,
  onResumedTicket,
} from './resume.ts';
import { onHelloRequest, onRefusal, onRenegotiate, onServerHelloAgain } from './renegotiate.ts';
import { onCredential, onPeerVerdict, onSignature } from './second-flight.ts';
import {
  onCertificate,
  onCertificateStatus,
  onHintOrDone,
  onLastCertificateStatus,
  onRequestOrDone,
  onServerHelloDone,
  onServerKeyExchange,
  onStatusOrHint,
} from './server-flight.ts';
import type { ClientState } from './states.ts';

/** The client of TLS 1.2 and below, one row for each place in figures 1 and 2 of RFC 5246 §7.3. */
function clientOf(signsWithScheme: boolean): DefinedMachine<ClientState> {
  const machine: DefinedMachine<ClientState> = defineMachine<ClientState, ReadMessage12 | ChangeCipherSpec>()(
    'TLS 1.2 client',
    {
      awaitCertificate: reading('certificate'),
      awaitStatusOrKeyExchange: reading('certificate_status', 'server_key_exchange'),
      awaitKeyExchange: reading('server_key_exchange'),
      awaitStatusOrDone: reading('certificate_status', 'certificate_request', 'server_hello_done'),
      awaitRequestOrDone: reading('certificate_request', 'server_hello_done'),
      awaitDone: reading('server_hello_done'),
      awaitStatusOrHint: reading('certificate_status', 'server_key_exchange', 'server_hello_done'),
      awaitHintOrDone: reading('server_key_exchange', 'server_hello_done'),
      decideVerifyPeer: asking('verifyPeer'),
      decidePsk: asking('lookupPsk'),
      decideCertificate: asking('selectCertificate'),
      decideSign: asking('sign'),
      awaitTicket: reading('new_session_ticket'),
      awaitChangeCipherSpec: reading('change_cipher_spec'),
      awaitFinished: reading('finished'),
      decideResumedPeer: asking('verifyPeer'),
      awaitResumedTicket: reading('new_session_ticket'),
      awaitResumedChangeCipherSpec: reading('change_cipher_spec'),
      awaitResumedFinished: reading('finished'),
      connected: {
        reads: ['hello_request'],
        ccs: 'refuse',
        data: 'deliver',
        commands: ['renegotiate', 'detach'],
        transcribed: false,
      },
      // What the server has sent before it read our ClientHello may still arrive.
      awaitServerHello: {
        reads: ['server_hello'],
        ccs: 'refuse',
        data: 'deliver',
        commands: ['renegotiationRefused'],
      },
    },
    readMessages12(signsWithScheme),
    {
      onMessage: {
        awaitCertificate: onCertificate,
        awaitStatusOrKeyExchange: ({ handshake, server }, message) =>
          message.type === 'certificate_status'
            ? onCertificateStatus(handshake, server, message)
            : onServerKeyExchange(handshake, server, message),
        awaitKeyExchange: ({ handshake, server }, message) => onServerKeyExchange(handshake, server, message),
        awaitStatusOrDone: ({ handshake, server }, message, context) =>
          message.type === 'certificate_status'
            ? onLastCertificateStatus(handshake, server, message)
            : onRequestOrDone(handshake, server, message, context),
        awaitStatusOrHint: onStatusOrHint,
        awaitHintOrDone: onHintOrDone,
        awaitRequestOrDone: ({ handshake, server }, message, context) =>
          onRequestOrDone(handshake, server, message, context),
        awaitDone: ({ handshake, server }, _message, context) =>
          onServerHelloDone(handshake, server, context),
        awaitTicket: onTicket,
        awaitChangeCipherSpec: onChangeCipherSpec,
        awaitFinished: onFinished,
        awaitResumedTicket: onResumedTicket,
        awaitResumedChangeCipherSpec: onResumedChangeCipherSpec,
        awaitResumedFinished: onResumedFinished,
        connected: (state, _message, context) => onHelloRequest(state, context, machine.enter),
        awaitServerHello: onServerHelloAgain,
      },
      onReply: {
        decideVerifyPeer: onPeerVerdict,
        decidePsk: onPsk,
        decideResumedPeer: onResumedPeerVerdict,
        decideCertificate: onCredential,
        decideSign: onSignature,
      },
      onTaskReply: {},
      onCommand: {
        connected: (state, command, context) =>
          command.name === 'detach' ? settled(state) : onRenegotiate(state, command, context, machine.enter),
        awaitServerHello: onRefusal,
      },
    },
  );
  return machine;
}

const withSchemes = /* @__PURE__ */ clientOf(true);
const withoutSchemes = /* @__PURE__ */ clientOf(false);

export function clientMachine({ signs }: Profile): DefinedMachine<ClientState> {
  return signs.hasSchemeField ? withSchemes : withoutSchemes;
}
