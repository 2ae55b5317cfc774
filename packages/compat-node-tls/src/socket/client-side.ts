import {
  type Decision,
  type DecisionKind,
  protocolVersions,
  type VerifyPeerAsk,
  type VerifyPeerReply,
} from '@sealwire/core';
import { provider } from '../process/provider.ts';
import { askForCertificate } from '../beyond/select-certificate.ts';
import { askVerify } from '../beyond/verify.ts';
import { clientConfigOf } from '../context/configs.ts';
import { maySignOlderThan13 } from '../context/key-usage.ts';
import { verifyPeer } from '../context/verify.ts';
import { opensslError } from '../errors/openssl-error.ts';
import { allowsUnnamedSignatures } from '../openssl/security.ts';
import { refuse, showFailure } from './failure.ts';
import { alpnNames } from './alpn.ts';
import { askForPsk } from './psk.ts';
import { answerShared, madeAnswer } from './shared-side.ts';
import { offeredSessions, sessionCame } from './sessions.ts';
import type { TLSSocketFields } from './fields.ts';
import type { Notice } from './pump-listener.ts';
import { debug } from '../process/debug.ts';
import { carrierOutcome } from './carrier-events.ts';
import type { HandleEvents } from './handle-events.ts';
import type { TlsHandle } from './tls-handle.ts';

/** What becomes of a connection that is a client's. */
export function clientEvents(socket: TLSSocketFields, handle: TlsHandle, isOwn: boolean): HandleEvents {
  handle.configOf = () => {
    const { ALPNProtocols, NPNProtocols, pskCallback } = socket._tlsOptions;
    return clientConfigOf(handle.context, {
      sni: handle.sni,
      alpnProtocols: alpnNames(ALPNProtocols),
      host: handle.host,
      npnProtocols: alpnNames(NPNProtocols),
      requestOcsp: handle.requestsOcsp,
      keyLog: handle.wantsKeylog,
      trace: handle.traces,
      sendEarlyData: handle.beyond.earlyData !== undefined,
      postHandshakeAuth: handle.beyond.postHandshakeAuth === true,
      asks: pskCallback ? ['lookupPsk', ...asks] : asks,
    });
  };
  return {
    ...carrierOutcome(socket, handle, isOwn),
    handshakeDone() {
      if (handle.requestsOcsp && !socket.destroyed) {
        debug('client onocspresponse');
        socket.emit('OCSPResponse', handle.stapledResponse);
      }
      debug('client onhandshakedone');
      if (!socket.destroyed) socket._finishInit();
    },
    failed: (output) => showFailure(socket, output),
    refused: (error) => refuse(socket, error),
    decision: (decision) => decide(socket, handle, decision),
    notice: (output) => clientNotice(socket, handle, output),
  };
}

function decide(socket: TLSSocketFields, handle: TlsHandle, decision: Decision): void {
  const { kind } = decision;
  if (kind === 'chooseSession') {
    const reply = madeAnswer(handle, kind, () => offeredSessions(handle, decision.ask));
    if (reply !== undefined) handle.pump.answer(decision, reply);
  } else if (kind === 'verifyPeer') {
    const found = madeAnswer(handle, kind, () => verifySigner(handle, decision.ask));
    if (found !== undefined) askVerify(socket, handle, decision, found);
  } else if (kind === 'selectCertificate') askForCertificate(handle, decision);
  else if (kind === 'lookupPsk') askForPsk(socket, handle, decision);
  else answerShared(handle, decision);
}

/**
 * As in OpenSSL a server of TLS 1.0 or 1.1 that signs is refused above level 0, where only its version may be spoken; and before TLS 1.3
 * one that signs with a key on a curve that is not for signing.
 */
function verifySigner(handle: TlsHandle, ask: VerifyPeerAsk): VerifyPeerReply {
  const { context, facts } = handle;
  const { version = protocolVersions.tls13 } = facts;
  if (version < protocolVersions.tls13 && ask.keyUse === 'sign') {
    if (version < protocolVersions.tls12 && !allowsUnnamedSignatures(context.securityLevel))
      return { ok: false, reason: 'unavailable', message: 'signatures of this version are too weak' };
    if (ask.cause !== 'resumption' && !maySignOlderThan13(ask.evidence)) {
      const cause = handle.refuseBy(opensslError('ecc cert not for signing'));
      return { ok: false, reason: 'unsupported', message: 'the key may not sign', cause };
    }
  }
  return verifyPeer(context, provider, ask);
}

function clientNotice(socket: TLSSocketFields, handle: TlsHandle, output: Notice): void {
  if (output.type === 'keylog') {
    debug('onkeylog');
    socket.emit('keylog', Buffer.from(`${output.line}\n`));
  } else if (output.type === 'session') sessionCame(socket, handle, output.session);
  else if (output.type === 'writable' && output.as === 'early') sendEarly(handle);
  else if (output.type === 'earlyDataRejected') handle.earlyDataTaken = 0;
}

/** Only what the application has named; what it writes must not become 0-RTT data without its having said so. */
function sendEarly(handle: TlsHandle): void {
  const { earlyData } = handle.beyond;
  if (earlyData !== undefined) handle.earlyDataTaken = handle.connection?.send(earlyData) ?? 0;
}

const asks: readonly DecisionKind[] = ['chooseSession', 'verifyPeer', 'selectCertificate'];
