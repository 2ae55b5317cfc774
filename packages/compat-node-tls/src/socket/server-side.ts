import {
  type Decision,
  type DecisionKind,
  type DecisionOf,
  ownOnly,
  protocolVersions,
  type ServerConfig,
} from '@sealwire/core';
import { provider } from '../process/provider.ts';
import { askForEarlyData, earlyDataBytes } from '../beyond/early-data.ts';
import { askForTicket } from '../beyond/sessions.ts';
import { askVerify } from '../beyond/verify.ts';
import { verifyPeer } from '../context/verify.ts';
import { serverConfigOf, type ServerWishes } from '../context/configs.ts';
import { presentsCertificate } from '../context/preference.ts';
import type { ContextState } from '../context/state.ts';
import { opensslError } from '../errors/openssl-error.ts';
import { allowsUnnamedSignatures } from '../openssl/security.ts';
import { decodeSslSession } from '../session/ssl-session.ts';
import { answerSession, sessionWishes } from '../server/sessions.ts';
import { askAboutHello, type HelloOutcome } from '../server/hello.ts';
import { api } from '../api.ts';
import { codedError, pskHintFailed } from '../errors/node-codes.ts';
import { alpnNames } from './alpn.ts';
import { debug } from '../process/debug.ts';
import { carrierOutcome } from './carrier-events.ts';
import { refuse, showFailure } from './failure.ts';
import { renegotiationDisabled, type TLSSocketFields } from './fields.ts';
import { askForPsk } from './psk.ts';
import { answerShared, madeAnswer } from './shared-side.ts';
import type { Notice } from './pump-listener.ts';
import type { HandleEvents } from './handle-events.ts';
import type { TlsHandle } from './tls-handle.ts';

/** What becomes of a connection that is a server's. */
export function serverEvents(socket: TLSSocketFields, handle: TlsHandle, isOwn: boolean): HandleEvents {
  handle.configOf = () => serverConfigWith(socket, handle);
  return {
    ...carrierOutcome(socket, handle, isOwn),
    handshakeDone() {
      debug('server onhandshakedone');
      socket.servername &&= handle.getServername();
      finish(socket);
    },
    failed: (output) => showFailure(socket, output),
    refused: (error) => refuse(socket, error),
    decision: (decision) => decide(socket, handle, decision),
    notice: (output) => serverNotice(socket, handle, output),
  };
}

/** Where the application is still told of a session, the connection is shown when it has called back. */
function finish(socket: TLSSocketFields): void {
  if (socket.destroyed) return;
  if (socket._newSessionPending) socket._securePending = true;
  else socket._finishInit();
}

function decide(socket: TLSSocketFields, handle: TlsHandle, decision: Decision): void {
  if (decision.kind === 'chooseConfig') chooseConfig(socket, handle, decision);
  else if (decision.kind === 'lookupPsk') askForPsk(socket, handle, decision);
  else if (
    decision.kind === 'sealTicket' ||
    decision.kind === 'storeSession' ||
    decision.kind === 'lookupSession'
  )
    answerSession(socket, handle, decision);
  else if (decision.kind === 'openTicket') askForTicket(socket, handle, decision);
  else if (decision.kind === 'acceptEarlyData') askForEarlyData(handle, decision);
  else if (decision.kind === 'verifyPeer') {
    const version = handle.peerHello?.version;
    const judge = () => verifyPeer(handle.context, provider, decision.ask, version);
    const found = madeAnswer(handle, decision.kind, judge);
    if (found !== undefined) askVerify(socket, handle, decision, found);
  } else if (decision.kind === 'fetchStatus') {
    const { ocspResponse } = handle;
    handle.pump.answer(decision, ocspResponse ? { ok: true, ocspResponse } : { ok: true });
  } else answerShared(handle, decision);
}

function chooseConfig(
  socket: TLSSocketFields,
  handle: TlsHandle,
  decision: DecisionOf<'chooseConfig'>,
): void {
  if (!mayBegin(socket, handle, decision.ask.renegotiation)) {
    const message = 'the server wants no renegotiation';
    handle.pump.answer(decision, { ok: false, reason: 'noRenegotiation', message });
    return;
  }
  askAboutHello(
    socket,
    handle,
    decision,
    (session) => decodeSslSession(session) !== undefined,
    (outcome) => {
      handle.loaded = outcome.session;
      handle.ocspResponse = outcome.ocspResponse;
      const own = handle.context;
      if (outcome.context !== undefined && !handle.hasOwnCertificate)
        handle.hasEmptyContext = !handle.present(outcome.context.state);
      askAsOrdered(socket, handle, outcome, own);
      if (mustSignWeakly(socket, handle)) {
        refuse(socket, opensslError('no suitable signature algorithm'));
        return;
      }
      let config: ServerConfig;
      try {
        config = serverConfigWith(socket, handle, outcome, decision.ask);
      } catch (error) {
        refuse(socket, error as Error);
        return;
      }
      handle.pump.answer(decision, { ok: true, config });
    },
    (error) => {
      const cause = handle.refuseBy(error);
      handle.pump.answer(decision, { ok: false, reason: 'refused', message: error.message, cause });
    },
  );
}

/** Whether a client of TLS 1.0 or 1.1 asks for a signature that the level forbids, which by itself does not forbid the version. */
function mustSignWeakly(socket: TLSSocketFields, { context, peerHello: hello }: TlsHandle): boolean {
  if (hello === undefined || hello.version >= protocolVersions.tls12) return false;
  if (allowsUnnamedSignatures(context.securityLevel)) return false;
  return presentsCertificate(context, hello, !!socket._tlsOptions.pskCallback);
}

/** Whether the client is asked for a certificate: `onClientHello` says so, else the context that serves it, else the server. */
function askAsOrdered(
  socket: TLSSocketFields,
  handle: TlsHandle,
  { orders = ownOnly({}) }: HelloOutcome,
  own: ContextState,
): void {
  const { context } = handle;
  const ordered = orders.requestCert ?? context.beyond.requestCert;
  socket._requestCert = ordered ?? socket._requestCert;
  // Whom others have judged by their authorities is nobody here: OpenSSL would take him for a friend.
  if (ordered === true || (socket._requestCert && !context.trustsAs(own))) handle.context = context.apart();
  socket._rejectUnauthorized =
    orders.rejectUnauthorized ?? context.beyond.rejectUnauthorized ?? socket._rejectUnauthorized;
}

/** Whether another handshake may begin; whoever wants too many, or any where they are forbidden, is told of to the application. */
function mayBegin(socket: TLSSocketFields, handle: TlsHandle, renegotiation: number): boolean {
  const now = performance.now();
  const isFirst = renegotiation === 0;
  const isLate = now - handle.lastHandshakeTime >= api.CLIENT_RENEG_WINDOW * 1000;
  handle.lastHandshakeTime = now;
  if (isFirst) return true;
  handle.handshakes = isLate ? 1 : handle.handshakes + 1;
  if (handle.handshakes > api.CLIENT_RENEG_LIMIT) {
    socket._emitTLSError(codedError('ERR_TLS_SESSION_ATTACK'));
    return false;
  }
  if (!socket[renegotiationDisabled]) return true;
  socket._emitTLSError(codedError('ERR_TLS_RENEGOTIATION_DISABLED'));
  return false;
}

/** As the socket is told now, which may differ from what it began with. */
export function serverConfigWith(
  socket: TLSSocketFields,
  handle = socket._handle!,
  { alpnProtocols, ocspResponse }: HelloOutcome = {},
  hello?: DecisionOf<'chooseConfig'>['ask'],
): ServerConfig {
  const { asks, ...kept } = sessionWishes(socket, handle, hello);
  const { _requestCert: requests, _rejectUnauthorized: rejects, _tlsOptions: options } = socket;
  const { beyond } = handle;
  const asked: DecisionKind[] = ['chooseConfig', 'verifyPeer', ...asks];
  if (beyond.acceptEarlyData) asked.push('acceptEarlyData');
  if (options.pskCallback) asked.push('lookupPsk');
  if (ocspResponse) asked.push('fetchStatus');
  const wishes: ServerWishes = {
    clientAuthentication: requests ? (rejects ? 'require' : 'request') : 'none',
    alpnProtocols: alpnProtocols ?? alpnNames(options.ALPNProtocols),
    npnProtocols: alpnNames(options.NPNProtocols),
    pskIdentityHint: hintOf(options.pskIdentityHint),
    keyLog: handle.wantsKeylog,
    trace: handle.traces,
    ...kept,
    earlyDataBytes: earlyDataBytes(beyond),
    asks: asked,
  };
  return serverConfigOf(handle.context, wishes, handle.peerHello);
}

/** OpenSSL takes none that is longer (PSK_MAX_IDENTITY_LEN). */
function hintOf(text: string | undefined): Uint8Array | undefined {
  if (!text) return undefined;
  const bytes = Buffer.from(text);
  if (bytes.length > 256) throw pskHintFailed();
  return bytes;
}

function serverNotice(socket: TLSSocketFields, handle: TlsHandle, output: Notice): void {
  if (output.type === 'keylog') {
    debug('onkeylog');
    socket.emit('keylog', Buffer.from(`${output.line}\n`));
  } else if (output.type === 'clientAuthentication')
    handle.clientAnswers.came(output.id, output.isAuthenticated);
}
