import { createHash } from 'node:crypto';
import { captureRejectionSymbol } from 'node:events';
import { Server as NetServer, type Socket } from 'node:net';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { said } from '../beyond/said.ts';
import { checkedSealwire } from '../beyond/checked.ts';
import { warnOfUnknown } from '../beyond/warn-unknown.ts';
import { callable, construct } from '../callable.ts';
import { createSecureContext, SecureContext } from '../context/secure-context.ts';
import { invalidArgType } from '../errors/arguments.ts';
import { writeNpnProtocols } from '../legacy/npn.ts';
import { codedError, socketHangUp } from '../errors/node-codes.ts';
import {
  validateBuffer,
  validateFunction,
  validateNumber,
  validateObject,
  validateString,
} from '../errors/validators.ts';
import { convertALPNProtocols } from '../socket/alpn.ts';
import type { TLSSocketMethods } from '../socket/methods.ts';
import {
  contextOptions,
  lastingOptions,
  type ServerFields,
  type ServerSettings,
  settings,
} from './fields.ts';
import { debug } from '../process/debug.ts';
import { nodeMajor } from '../process/host.ts';
import { TLSSocket } from '../socket/tls-socket.ts';

/** `net.Server`, which a server of ours is, with the fields that are added to each. */
const Parent = NetServer as unknown as new () => ServerFields;

type Options = TlsOptions & Record<string, unknown>;

export class ServerMethods extends Parent {
  setSecureContext(options: Options): void {
    validateObject(options, 'options');
    const self = this as unknown as Record<string, unknown>;
    for (const name of contextOptions) self[name] = options[name] || undefined;
    Object.assign(self, {
      sigalgs: options.sigalgs,
      ecdhCurve: options.ecdhCurve,
      privateKeyIdentifier: options['privateKeyIdentifier'],
      privateKeyEngine: options['privateKeyEngine'],
      honorCipherOrder: options.honorCipherOrder === undefined ? true : !!options.honorCipherOrder,
      sessionIdContext: options.sessionIdContext || defaultSessionIdContext(),
    });
    for (const name of lastingOptions) if (options[name]) self[name] = options[name];
    const chosen = [...contextOptions, ...lastingOptions].map((name) => [name, self[name]]);
    const sealwire = said(options, 'sealwire');
    this._sharedCreds = createSecureContext({
      ...Object.fromEntries(chosen),
      ...(sealwire !== undefined && { sealwire }),
    } as SecureContextOptions);
  }

  _getServerData(): { ticketKeys: string } {
    return { ticketKeys: this.getTicketKeys().toString('hex') };
  }

  _setServerData({ ticketKeys }: { readonly ticketKeys: string }): void {
    this.setTicketKeys(Buffer.from(ticketKeys, 'hex'));
  }

  getTicketKeys(): Buffer {
    return this._sharedCreds.context.getTicketKeys();
  }

  setTicketKeys(keys: Uint8Array): void {
    validateBuffer(keys);
    if (keys.byteLength !== 48)
      throw codedError('ERR_INTERNAL_ASSERTION', 'Session ticket keys must be a 48-byte buffer');
    this._sharedCreds.context.setTicketKeys(keys);
  }

  /** What is thrown in a listener of `secureConnection`, with `captureRejections`, ends that connection alone. */
  override [captureRejectionSymbol](error: Error, event: string, socket: TLSSocketMethods): void {
    if (event === 'secureConnection') socket.destroy(error);
    else Reflect.apply(NetServer.prototype[captureRejectionSymbol] ?? ignore, this, [error, event, socket]);
  }

  addContext(servername: string, context: SecureContext | Options): void {
    if (!servername) throw codedError('ERR_TLS_REQUIRED_SERVER_NAME');
    const pattern = servername.replace(/[.^$+?\-\\[\]{}]/g, '\\$&').replaceAll('*', '[^.]*');
    const made = context instanceof SecureContext ? context : createSecureContext(context as Options);
    // Names of the DNS have no case; Node has known that since 22.
    const flags = nodeMajor() >= 22 ? 'i' : '';
    this._contexts.push([new RegExp(`^${pattern}$`, flags), made.context]);
  }
}

export type Server = ServerMethods;

/** A server of TLS connections. `secureConnection` is emitted for each, when its handshake is complete. */
export const Server = callable<
  ServerMethods,
  [
    options?: Options | null | ((socket: TLSSocketMethods) => void),
    listener?: (socket: TLSSocketMethods) => void,
  ]
>(Object.defineProperty(ServerMethods, 'name', { value: 'Server' }), NetServer, initialise);

export function createServer(
  options?: Options | null | ((socket: TLSSocketMethods) => void),
  listener?: (socket: TLSSocketMethods) => void,
): Server {
  return new Server(options, listener);
}

function initialise(
  self: ServerMethods,
  given?: Options | null | ((socket: TLSSocketMethods) => void),
  second?: (socket: TLSSocketMethods) => void,
): void {
  const listener = typeof given === 'function' ? given : second;
  if (typeof given !== 'function' && given != null && typeof given !== 'object')
    throw invalidArgType('options', 'Object', given);
  const options: Options = typeof given === 'function' ? {} : (given ?? {});
  const beyond = checkedSealwire(said(options, 'sealwire'), 'server');
  warnOfUnknown('tls.Server', options, beyond);
  self._contexts = [];
  self.requestCert = said(options, 'requestCert') === true;
  self.rejectUnauthorized = said(options, 'rejectUnauthorized') !== false;
  self.ALPNCallback = options.ALPNCallback;
  if (options.ALPNCallback && options.ALPNProtocols) throw codedError('ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS');
  if (options.ALPNProtocols) convertALPNProtocols(options.ALPNProtocols, self as never);
  if (options['NPNProtocols'])
    writeNpnProtocols(options['NPNProtocols'], self as { NPNProtocols?: Uint8Array });
  self.setSecureContext(options);
  const made: ServerSettings = {
    handshakeTimeout: options.handshakeTimeout || 120_000,
    SNICallback: options.SNICallback,
    pskCallback: options.pskCallback,
    pskIdentityHint: options.pskIdentityHint,
    enableTrace: options.enableTrace,
    sealwire: said(options, 'sealwire') === undefined ? undefined : beyond,
  };
  validateNumber(made.handshakeTimeout, 'options.handshakeTimeout');
  if (made.SNICallback) validateFunction(made.SNICallback, 'options.SNICallback');
  if (made.pskCallback) validateFunction(made.pskCallback, 'options.pskCallback');
  if (made.pskIdentityHint) validateString(made.pskIdentityHint, 'options.pskIdentityHint');
  self[settings] = made;
  construct(NetServer, self, options, accept);
  if (listener) self.on('secureConnection', listener);
}

function accept(this: ServerMethods, raw: Socket): void {
  debug('net.Server.on(connection): new TLSSocket');
  const { handshakeTimeout, SNICallback, pskCallback, pskIdentityHint, enableTrace, sealwire } =
    this[settings];
  const socket = new TLSSocket(raw, {
    secureContext: this._sharedCreds,
    isServer: true,
    server: this,
    requestCert: this.requestCert,
    rejectUnauthorized: this.rejectUnauthorized,
    handshakeTimeout,
    ALPNProtocols: this.ALPNProtocols,
    NPNProtocols: this.NPNProtocols,
    ALPNCallback: this.ALPNCallback,
    SNICallback,
    enableTrace,
    pauseOnConnect: this.pauseOnConnect,
    pskCallback,
    pskIdentityHint,
    sealwire,
  } as never);
  let hasErred = false;
  const failed = (error: Error): void => {
    if (socket._controlReleased || hasErred) return;
    hasErred = true;
    // The name of the event before Node 6.
    const name = this.listenerCount('tlsClientError') > 0 ? 'tlsClientError' : 'clientError';
    this.emit(name, error, socket);
  };
  socket.on('secure', () => secured(this, socket));
  if (this.listenerCount('keylog') > 0) socket.on('keylog', (line) => this.emit('keylog', line, socket));
  socket.on('close', (isError) => {
    if (!isError && !socket._controlReleased) failed(socketHangUp());
  });
  socket.on('_tlsError', failed);
  socket.on('error', failed);
}

function secured(server: ServerMethods, socket: TLSSocketMethods): void {
  if (socket._requestCert) {
    const problem = socket._handle?.verifyError() as (Error & { code: string }) | undefined;
    // Another handshake may bring another certificate: what was found of the one before does not vouch for it.
    socket.authorized = !problem;
    if (problem) {
      socket.authorizationError = problem.code;
      if (socket._rejectUnauthorized) socket.destroy();
    }
  }
  if (socket.destroyed || !socket._releaseControl()) return;
  socket.secureConnecting = false;
  debug('server emit secureConnection');
  server.emit('secureConnection', socket);
}

function defaultSessionIdContext(): string {
  return createHash('sha1').update(process.argv.join(' ')).digest('hex').slice(0, 32);
}

function ignore(): void {}
