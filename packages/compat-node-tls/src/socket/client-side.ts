import { protocolVersions, type VerifyPeerAsk, type VerifyPeerReply } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { askForCertificate, chosenByItself } from '../beyond/select-certificate.ts';
import { askVerify } from '../beyond/verify.ts';
import { clientConfigOf } from '../context/configs.ts';
import { verifyPeer } from '../context/verify.ts';
import { allowsUnnamedSignatures } from '../openssl/security.ts';
import { refuse, showFailure } from './failure.ts';
import { alpnNames } from './alpn.ts';
import { askForPsk } from './psk.ts';
import { answerShared } from './shared-side.ts';
import { offeredSessions, sessionCame } from './sessions.ts';
import type { TLSSocketFields } from './fields.ts';
import type { Notice } from './pump-listener.ts';
import { debug } from '../process/debug.ts';
import { carrierOutcome } from './carrier-events.ts';
import type { HandleEvents } from './handle-events.ts';
import type { TlsHandle } from './tls-handle.ts';

/** What becomes of a connection that is a client's. */
export function clientEvents(socket: TLSSocketFields, handle: TlsHandle, isOwn: boolean): HandleEvents {
  handle.configOf = () =>
    clientConfigOf(handle.context, {
      sni: handle.sni,
      alpnProtocols: alpnNames(
        (socket._tlsOptions.ALPNProtocols as unknown as Uint8Array) ?? new Uint8Array(0),
      ),
      host: handle.host,
      npnProtocols: alpnNames(socket._tlsOptions.NPNProtocols ?? new Uint8Array(0)),
      requestOcsp: handle.requestsOcsp,
      keyLog: handle.wantsKeylog,
      trace: handle.traces,
      sendEarlyData: handle.beyond.earlyData !== undefined,
      postHandshakeAuth: handle.beyond.postHandshakeAuth === true,
      answers: {
        chooseSession: (ask) => offeredSessions(handle, ask),
        verifyPeer: (ask) => (handle.beyond.verify ? undefined : verifySigner(handle, ask)),
        selectCertificate: (ask) => chosenByItself(handle, ask),
        ...(socket._tlsOptions.pskCallback ? { lookupPsk: () => undefined } : {}),
      },
    });
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
    decision(decision) {
      if (decision.kind === 'lookupPsk') askForPsk(socket, handle, decision);
      else if (decision.kind === 'selectCertificate') askForCertificate(handle, decision);
      else if (decision.kind === 'verifyPeer')
        askVerify(socket, handle, decision, verifySigner(handle, decision.ask));
      else answerShared(handle, decision);
    },
    notice: (output) => clientNotice(socket, handle, output),
  };
}

/** As in OpenSSL a server of TLS 1.0 or 1.1 that signs is refused above level 0, where only its version may be spoken. */
function verifySigner({ context, facts }: TlsHandle, ask: VerifyPeerAsk): VerifyPeerReply {
  const isUnnamed = facts.version !== undefined && facts.version < protocolVersions.tls12;
  if (isUnnamed && ask.keyUse === 'sign' && !allowsUnnamedSignatures(context.securityLevel))
    return { ok: false, reason: 'unavailable', message: 'signatures of this version are too weak' };
  return verifyPeer(context, nodeProvider, ask);
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
