import { Socket, type SocketConstructorOpts } from 'node:net';
import { Duplex } from 'node:stream';
import { callable, construct } from '../callable.ts';
import { said } from '../beyond/said.ts';
import { checkedSealwire } from '../beyond/checked.ts';
import { BeyondSocket } from '../beyond/socket.ts';
import { limitHandshake } from '../beyond/time-limit.ts';
import { warnOfUnknown } from '../beyond/warn-unknown.ts';
import { writeNpnProtocols } from '../legacy/npn.ts';
import { createSecureContext, InnerContext, type SecureContext } from '../context/secure-context.ts';
import { codedError } from '../errors/node-codes.ts';
import { validateBoolean, validateFunction, validateString } from '../errors/validators.ts';
import { alpnNames, convertALPNProtocols } from './alpn.ts';
import { observeBySwitches } from './by-switches.ts';
import { debug, sideOf } from '../process/debug.ts';
import { carrierOf } from './carrier.ts';
import { clientEvents } from './client-side.ts';
import { beyondNode, isVerified, pendingSession, renegotiationDisabled } from './fields.ts';
import { TLSSocketMethods } from './methods.ts';
import { readInto } from './onread.ts';
import type { TLSSocketOptions } from './options.ts';
import { serverEvents } from './server-side.ts';
import { TlsHandle } from './tls-handle.ts';

export type TLSSocket = TLSSocketMethods;

/**
 * A TLS connection over `socket`, which may be any duplex stream; without one it is to be connected by `connect`. As in Node it may be
 * made without `tls.connect` and `tls.Server`: then whoever has made it judges the peer's certificate, by `authorized` or
 * `ssl.verifyError()`.
 */
export const TLSSocket = callable<TLSSocketMethods, [socket?: Duplex | null, options?: TLSSocketOptions]>(
  Object.defineProperty(TLSSocketMethods, 'name', { value: 'TLSSocket' }),
  Socket,
  initialise,
);

/** In Node they are methods, so that a class derived from this may do something before or behind them. */
Object.defineProperties(TLSSocketMethods.prototype, {
  _wrapHandle: {
    configurable: true,
    writable: true,
    value(this: TLSSocketMethods, given?: Duplex | null): TlsHandle {
      return handleOf(given ?? undefined, this._tlsOptions);
    },
  },
  _init: {
    configurable: true,
    writable: true,
    value(this: TLSSocketMethods, given: Duplex | null | undefined, handle: TlsHandle): void {
      prepare(this, handle, given ?? undefined);
    },
  },
});

function initialise(self: TLSSocketMethods, given?: Duplex | null, options?: TLSSocketOptions): void {
  const tlsOptions: TLSSocketOptions = { ...options };
  const { enableTrace } = tlsOptions;
  const beyond = checkedSealwire(said(tlsOptions, 'sealwire'), tlsOptions.isServer ? 'server' : 'client');
  warnOfUnknown('tls.TLSSocket', tlsOptions, beyond);
  if (enableTrace != null) validateBoolean(enableTrace, 'options.enableTrace');
  if (tlsOptions.ALPNProtocols) convertALPNProtocols(tlsOptions.ALPNProtocols, tlsOptions as never);
  if (tlsOptions.NPNProtocols) writeNpnProtocols(tlsOptions.NPNProtocols, tlsOptions);
  Object.assign(self, {
    _tlsOptions: tlsOptions,
    _secureEstablished: false,
    _securePending: false,
    _newSessionPending: false,
    _controlReleased: false,
    secureConnecting: true,
    _SNICallback: null,
    servername: null,
    alpnProtocol: null,
    authorized: false,
    authorizationError: null,
    [isVerified]: false,
    [pendingSession]: false,
    [renegotiationDisabled]: false,
    encrypted: true,
  });
  const allowHalfOpen = given ? given.allowHalfOpen : tlsOptions.allowHalfOpen;
  const handle = self._wrapHandle(given);
  construct(Socket, self, {
    handle,
    allowHalfOpen,
    pauseOnCreate: tlsOptions.pauseOnConnect,
    manualStart: true,
    highWaterMark: tlsOptions.highWaterMark,
    onread: given ? null : tlsOptions.onread,
    signal: tlsOptions.signal,
    noDelay: tlsOptions.noDelay,
    keepAlive: tlsOptions.keepAlive,
    keepAliveInitialDelay: tlsOptions.keepAliveInitialDelay,
  } as SocketConstructorOpts);
  self.ssl = handle;
  self.on('error', self._tlsError);
  handle.beyond = beyond;
  self[beyondNode] = new BeyondSocket(self, handle);
  self._init(given, handle);
  limitHandshake(self, beyond);
  if (enableTrace) handle.traces = true;
  // Whoever has made the socket has until then to listen to it.
  process.nextTick(() => {
    if (!self._handle) return;
    // A signal that was aborted before destroys the stream while it is made, and net.Socket takes that back.
    if (tlsOptions.signal?.aborted) {
      self.destroy();
      return;
    }
    if (tlsOptions.isServer && !self.connecting) handle.start();
    self.read(0);
  });
}

function handleOf(given: Duplex | undefined, options: TLSSocketOptions): TlsHandle {
  if (given !== undefined && !(given instanceof Duplex)) requireStream(given);
  const secureContext: SecureContext =
    options.secureContext ?? options.credentials ?? createSecureContext(options as never);
  const { context } = secureContext;
  if (!(context instanceof InnerContext)) throw codedError('ERR_TLS_INVALID_CONTEXT', 'context');
  const { noDelay, keepAlive, keepAliveInitialDelay } = options;
  const carrier = carrierOf(given, { noDelay, keepAlive, keepAliveInitialDelay } as SocketConstructorOpts);
  return new TlsHandle(carrier, context.state, secureContext, mayBeHttp2(options));
}

/** Whatever has the methods that are called will do; those that are missing say so by themselves, as in Node. */
function requireStream(stream: Duplex): void {
  stream.pause();
  stream.on('error', ignore);
  stream.off('error', ignore);
}

function ignore(): void {}

function mayBeHttp2({ ALPNProtocols: names, ALPNCallback: choose }: TLSSocketOptions): boolean {
  return Boolean(choose) || (names instanceof Uint8Array && alpnNames(names).includes('h2'));
}

function prepare(self: TLSSocketMethods, handle: TlsHandle, given: Duplex | undefined): void {
  const options = self._tlsOptions;
  debug('%s _init handle? %s', sideOf(self), true);
  self.server = options.server;
  self._requestCert = !!options.requestCert || !options.isServer;
  self._rejectUnauthorized = !!options.rejectUnauthorized;
  handle.owner = self;
  if (options.isServer) {
    if (options.ALPNCallback) validateFunction(options.ALPNCallback, 'options.ALPNCallback');
    if (options.SNICallback) {
      validateFunction(options.SNICallback, 'options.SNICallback');
      self._SNICallback = options.SNICallback;
    }
  }
  if (options.pskCallback) {
    validateFunction(options.pskCallback, 'pskCallback');
    if (options.pskIdentityHint) validateString(options.pskIdentityHint, 'options.pskIdentityHint');
  }
  const events = options.isServer ? serverEvents : clientEvents;
  handle.events = events(self, handle, given === undefined);
  if (!given && options.onread) handle.onData = readInto(self, handle, options.onread);
  listenForListeners(self, handle);
  observeBySwitches(self);
  self.on('close', () => setImmediate(() => self._destroySSL()));
  if ((options.handshakeTimeout ?? 0) > 0) self.setTimeout(options.handshakeTimeout!, self._handleTimeout);
  if (given instanceof Socket) {
    self._parent = given;
    self.connecting = given.connecting || !(given as unknown as TLSSocketMethods)._handle;
  } else if (given === undefined) self.connecting = true;
  debug('%s initRead handle? %s buffered? %s', sideOf(self), true, !!given && given.readableLength);
  if (given) handle.pump.listen(self.connecting);
}

/** Lines of a key log are made only where somebody listens when the handshake begins. */
function listenForListeners(self: TLSSocketMethods, handle: TlsHandle): void {
  const added = (event: string | symbol): void => {
    if (event !== 'keylog') return;
    handle.wantsKeylog = true;
    self.removeListener('newListener', added);
  };
  self.on('newListener', added);
}
