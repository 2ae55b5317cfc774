import type { ClientHelloView, DecisionOf } from '@sealwire/core';
import { answered, isThenable } from '../beyond/answer.ts';
import { askOnClientHello, type HelloOrders } from '../beyond/hello.ts';
import { storesSessions } from '../beyond/sessions.ts';
import { InnerContext, SecureContext } from '../context/secure-context.ts';
import { codedError, invalidSniContext } from '../errors/node-codes.ts';
import { alpnNames } from '../socket/alpn.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { debug } from '../process/debug.ts';
import type { ServerFields } from './fields.ts';

/** What the application's callbacks have made of a ClientHello. */
export interface HelloOutcome {
  /** The context that serves the client; absent: that of the socket. */
  context?: InnerContext;
  /** What is negotiated from; absent: the socket's own option. */
  alpnProtocols?: readonly string[];
  ocspResponse?: Uint8Array;
  /** What `resumeSession` gave: OpenSSL's form. */
  session?: Uint8Array;
  /** What `sealwire.onClientHello` has decided. */
  orders?: HelloOrders;
}

type Step = (next: () => void) => void;

/**
 * Asks the application what a ClientHello needs, one callback after the other in the order of Node: sessions come first, and before
 * TLS 1.3 a client that resumes one is asked nothing more about certificates. `done` is not called when one of them has ended
 * the connection.
 */
export function askAboutHello(
  socket: TLSSocketFields,
  handle: TlsHandle,
  { ask }: DecisionOf<'chooseConfig'>,
  isResumable: (session: Uint8Array) => boolean,
  done: (outcome: HelloOutcome) => void,
  refuse: (error: Error) => void,
): void {
  const { hello, version } = ask;
  const outcome: HelloOutcome = {};
  handle.peerHello = {
    version,
    cipherSuites: hello.cipherSuites,
    signatureSchemes: hello.extensionTypes.includes(signatureAlgorithms) ? hello.signatureSchemes : undefined,
  };
  if (hello.serverName !== undefined) socket.servername = hello.serverName;
  const orders: Step = (next) =>
    askOnClientHello(
      handle,
      ask,
      (decided) => {
        outcome.orders = decided;
        if (decided.context !== undefined) outcome.context = decided.context;
        next();
      },
      refuse,
    );
  // One that is stored under the name of its ticket is asked for by that.
  const asksByTicket = version === 0x0304 && storesSessions(socket, handle);
  const session: Step = (next) => (asksByTicket ? next() : askForSession(socket, hello, outcome, next));
  const sni: Step = (next) => askForContext(socket, hello, outcome, next);
  const status: Step = (next) => askForStatus(socket, hello, outcome, next);
  const alpn: Step = (next) => askForProtocol(socket, hello, outcome, { next, refuse });
  const told: Step = (next) => {
    if (asksAboutCertificates(socket)) debug('server certcb done');
    next();
  };
  const certificates = [sni, status, told];
  run([orders, session], () => {
    debug('server onhandshakestart');
    const resumes = outcome.session !== undefined && isResumable(outcome.session);
    if (version === 0x0304) run([alpn, ...certificates], () => done(outcome));
    else run(resumes ? [alpn] : [...certificates, alpn], () => done(outcome));
  });
}

function run([first, ...others]: readonly Step[], done: () => void): void {
  if (first === undefined) done();
  else first(() => run(others, done));
}

/** A callback of the application's that may be called once, and after which the socket must still be there. */
function answerOnce<T>(
  socket: TLSSocketFields,
  take: (value: T | null | undefined) => void,
): (error: Error | null | undefined, value?: T | null) => void {
  let isAnswered = false;
  return (error, value) => {
    if (isAnswered) socket.destroy(codedError('ERR_MULTIPLE_CALLBACK'));
    else if (error) socket.destroy(error);
    else if (socket._handle === null) socket.destroy(codedError('ERR_SOCKET_CLOSED'));
    else {
      isAnswered = true;
      take(value);
      return;
    }
    isAnswered = true;
  };
}

function askForSession(
  socket: TLSSocketFields,
  { sessionId, hasTicket }: ClientHelloView,
  outcome: HelloOutcome,
  next: () => void,
): void {
  const server = socket.server as ServerFields | undefined;
  if (sessionId.length === 0 || hasTicket || !server?.listenerCount('resumeSession')) {
    next();
    return;
  }
  debug('server onclienthello', 'sessionid.len', sessionId.length, 'ticket?', hasTicket);
  const answer = answerOnce<Uint8Array>(socket, (session) => {
    if (session) outcome.session = session;
    next();
  });
  server.emit('resumeSession', Buffer.from(sessionId), (error: Error | null, session?: Uint8Array | null) => {
    debug('server resumeSession callback(err %j, sess? %s)', error, !!session);
    answer(error, session);
  });
}

function asksAboutCertificates({ _tlsOptions: { SNICallback }, server: of }: TLSSocketFields): boolean {
  // It may be any server of Node's, such as one that takes plain sockets and makes these of them.
  const server = of as Partial<Pick<ServerFields, '_contexts' | 'listenerCount'>> | undefined;
  return (
    SNICallback !== undefined ||
    !!server?._contexts?.length ||
    (server?.listenerCount?.('OCSPRequest') ?? 0) > 0
  );
}

function askForContext(
  socket: TLSSocketFields,
  { serverName }: ClientHelloView,
  outcome: HelloOutcome,
  next: () => void,
): void {
  const custom = socket._tlsOptions.SNICallback;
  const contexts = (socket.server as ServerFields | undefined)?._contexts ?? [];
  const isChosen = outcome.orders?.context !== undefined;
  if (isChosen || serverName === undefined || (custom === undefined && contexts.length === 0)) {
    next();
    return;
  }
  if (custom === undefined) {
    const found = contexts.findLast(([pattern]) => pattern.test(serverName));
    if (found !== undefined) outcome.context = found[1];
    next();
    return;
  }
  const answer = answerOnce<unknown>(socket, (context) => {
    if (context != null && context !== false) {
      const inner = context instanceof SecureContext ? context.context : context;
      if (!(inner instanceof InnerContext)) {
        socket.destroy(invalidSniContext());
        return;
      }
      outcome.context = inner;
    }
    next();
  });
  guarded(socket, () => custom.call(socket, serverName, answer as never));
}

function askForStatus(
  socket: TLSSocketFields,
  { extensionTypes }: ClientHelloView,
  outcome: HelloOutcome,
  next: () => void,
): void {
  const server = socket.server as ServerFields | undefined;
  if (!extensionTypes.includes(statusRequest) || !server?.listenerCount('OCSPRequest')) {
    next();
    return;
  }
  const { state } = outcome.context ?? server._sharedCreds.context;
  const [certificate, issuer] = state.ownChain?.() ?? [];
  const answer = answerOnce<Uint8Array>(socket, (response) => {
    if (response) outcome.ocspResponse = response;
    next();
  });
  debug('server oncertcb emit OCSPRequest');
  let isOnce = false;
  server.emit(
    'OCSPRequest',
    buffer(certificate),
    buffer(issuer),
    (error: Error | null, response?: Uint8Array | null) => {
      const about = ['handle?', !!socket._handle, 'once?', isOnce, 'response?', !!response, 'err?', error];
      debug('server OCSPRequest done', ...about);
      isOnce = true;
      answer(error, response);
    },
  );
}

function askForProtocol(
  socket: TLSSocketFields,
  { alpnProtocols, serverName }: ClientHelloView,
  outcome: HelloOutcome,
  { next, refuse }: { readonly next: () => void; readonly refuse: (error: Error) => void },
): void {
  const callback = socket._tlsOptions.ALPNCallback as
    | ((ask: { servername: string | false; protocols: string[] }) => unknown)
    | undefined;
  const own = alpnNames(socket._tlsOptions.ALPNProtocols);
  const ordered = outcome.orders?.alpnProtocols;
  outcome.alpnProtocols = ordered ?? own;
  if (!callback || ordered !== undefined || alpnProtocols.length === 0) {
    next();
    return;
  }
  guarded(socket, () => {
    const chosen = callback.call(socket, { servername: serverName ?? false, protocols: [...alpnProtocols] });
    if (isThenable(chosen)) {
      answered<unknown, Error | undefined>(
        () => chosen,
        { of: choose, refusal: (error) => error },
        (error) => (error === undefined ? next() : refuse(error)),
      );
      return;
    }
    choose(chosen);
    next();
  });

  function choose(chosen: unknown): undefined {
    if (chosen !== undefined && !alpnProtocols.includes(chosen as string))
      throw codedError('ERR_TLS_ALPN_CALLBACK_INVALID_RESULT', chosen, alpnProtocols);
    outcome.alpnProtocols = [chosen === undefined ? nameNotIn(alpnProtocols) : (chosen as string)];
  }
}

/** What the application throws in a callback ends the connection. */
function guarded(socket: TLSSocketFields, call: () => void): void {
  try {
    call();
  } catch (error) {
    socket.destroy(error as Error);
  }
}

/** To negotiate in vain: the client is told that no protocol is agreed on. */
function nameNotIn(names: readonly string[]): string {
  let name = '\0';
  while (names.includes(name)) name += '\0';
  return name;
}

function buffer(bytes: Uint8Array | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(bytes);
}

const statusRequest = 5;
const signatureAlgorithms = 13;
