import { clientConfigOf } from '../context/configs.ts';
import { refuse, showFailure } from './failure.ts';
import { alpnNames } from './alpn.ts';
import { answerPsk } from './psk.ts';
import { offeredSessions, sessionCame } from './sessions.ts';
import type { TLSSocketFields } from './fields.ts';
import type { Notice } from './pump.ts';
import { carrierOutcome } from './carrier-events.ts';
import type { HandleEvents, TlsHandle } from './tls-handle.ts';

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
      answers: {
        chooseSession: (ask) => offeredSessions(handle, ask),
        ...(socket._tlsOptions.pskCallback ? { lookupPsk: () => undefined } : {}),
      },
    });
  return {
    ...carrierOutcome(socket, handle, isOwn),
    handshakeDone() {
      if (handle.requestsOcsp && !socket.destroyed) socket.emit('OCSPResponse', handle.stapledResponse);
      if (!socket.destroyed) socket._finishInit();
    },
    failed: (output) => showFailure(socket, output),
    refused: (error) => refuse(socket, error),
    decision(decision) {
      if (decision.kind === 'lookupPsk') handle.pump.answer(decision, answerPsk(socket, decision));
    },
    notice: (output) => clientNotice(socket, handle, output),
  };
}

function clientNotice(socket: TLSSocketFields, handle: TlsHandle, output: Notice): void {
  if (output.type === 'keylog') socket.emit('keylog', Buffer.from(`${output.line}\n`));
  else if (output.type === 'session') sessionCame(socket, handle, output.session);
}
