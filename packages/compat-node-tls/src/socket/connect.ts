import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { said } from '../beyond/said.ts';
import { checkedSealwire } from '../beyond/checked.ts';
import { shownNames } from '../certificates/objects.ts';
import { checkServerIdentity } from '../certificates/server-identity.ts';
import { warnOfUnknown } from '../beyond/warn-unknown.ts';
import { api } from '../api.ts';
import type { SecureContext } from '../context/secure-context.ts';
import { nodeMajor } from '../process/host.ts';
import { invalidArgValue } from '../errors/arguments.ts';
import { codedError, disconnectedBeforeSecure } from '../errors/node-codes.ts';
import { validateFunction, validateNumber } from '../errors/validators.ts';
import { debug } from '../process/debug.ts';
import { allowsUnauthorized } from '../process/unauthorized.ts';
import { type ConnectWishes, connectOptions, isVerified, pendingSession } from './fields.ts';
import type { TLSSocketMethods } from './methods.ts';
import { tellSession } from './sessions.ts';
import { TLSSocket } from './tls-socket.ts';

type Options = ConnectionOptions & Record<string, unknown>;

/** `tls.connect(options[, callback])`, `(path[, options][, callback])`, `(port[, host][, options][, callback])`. */
export function connect(...args: unknown[]): TLSSocketMethods {
  const { given, callback } = readArguments(args);
  const options: Options = {
    rejectUnauthorized: !allowsUnauthorized(),
    ciphers: api.DEFAULT_CIPHERS,
    checkServerIdentity: api.checkServerIdentity as never,
    minDHSize: 1024,
    ...given,
  };
  requireSound(options);
  warnOfUnknown('tls.connect', options, checkedSealwire(said(options, 'sealwire'), 'client'));
  const secureContext =
    (options.secureContext as unknown as SecureContext) ??
    (api.createSecureContext(options as never) as SecureContext);
  if (options.servername && isIP(options.servername)) mindAddress(options.servername);
  const socket = new TLSSocket(
    options.socket as Duplex | undefined,
    {
      ...pick(options, [
        'allowHalfOpen',
        'session',
        'ALPNProtocols',
        'NPNProtocols',
        'requestOCSP',
        'enableTrace',
        'pskCallback',
        'sealwire',
        'highWaterMark',
        'onread',
        'signal',
        // Which Node passes on from 24 on.
        'noDelay',
        'keepAlive',
        'keepAliveInitialDelay',
      ]),
      secureContext,
      isServer: false,
      requestCert: true,
      rejectUnauthorized: options.rejectUnauthorized !== false,
    } as never,
  );
  options.rejectUnauthorized = options.rejectUnauthorized !== false;
  socket[connectOptions] = options as never;
  if (callback) socket.once('secureConnect', callback);
  if (!options.socket) {
    if (options.timeout) socket.setTimeout(options.timeout);
    socket.connect(options, socket._start);
  }
  socket._releaseControl();
  if (socket._handle) socket._handle.host = hostOf(options);
  if (options.session) socket.setSession(options.session);
  if (options.servername) socket.setServername(options.servername);
  if (options.socket) socket._start();
  socket.on('secure', secured);
  socket.prependListener('end', endedEarly);
  return socket;
}

/** RFC 6066 §3: addresses are no server names. Until Node 24 they are sent all the same, with a warning. */
function mindAddress(servername: string): void {
  if (nodeMajor() >= 25)
    throw invalidArgValue(
      'options.servername',
      servername,
      'Setting the TLS ServerName to an IP address is not permitted.',
    );
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    'Setting the TLS ServerName to an IP address is not permitted by RFC 6066. This will be ignored in a future version.',
    'DeprecationWarning',
    'DEP0123',
  );
}

let hasWarned = false;

/** The handshake is done: is the server who it should be? */
function secured(this: TLSSocketMethods): void {
  const options = this[connectOptions]!;
  const key = this.getEphemeralKeyInfo();
  if (key?.['type'] === 'DH' && (key['size'] as number) < options.minDHSize) {
    this.emit('error', codedError('ERR_TLS_DH_PARAM_SIZE', key['size'] as number));
    this.destroy();
    return;
  }
  let problem = this._handle?.verifyError() as (Error & { code?: string }) | undefined;
  if (!problem && !this.isSessionReused()) {
    problem = identityProblem(this, options);
  }
  if (problem) {
    this.authorized = false;
    this.authorizationError = (problem.code || problem.message) as string;
    if (options.rejectUnauthorized !== false) {
      this.destroy(problem);
      return;
    }
    const { rejectUnauthorized } = options;
    debug(
      'client emit secureConnect. rejectUnauthorized: %s, authorizationError: %s',
      rejectUnauthorized,
      this.authorizationError,
    );
  } else {
    this.authorized = true;
    debug('client emit secureConnect. authorized:', true);
  }
  this.secureConnecting = false;
  this.emit('secureConnect');
  this[isVerified] = true;
  const hasSession = this[pendingSession];
  this[pendingSession] = false;
  if (hasSession && this._handle) tellSession(this, this._handle);
  this.removeListener('end', endedEarly);
}

/** Node's own function looks at the names of one certificate; whoever else asks, and an error, gets all that is known of its issuers. */
function identityProblem(
  socket: TLSSocketMethods,
  options: NonNullable<TLSSocketMethods[typeof connectOptions]>,
): Error | undefined {
  const host = hostOf(options);
  const handle = socket._handle;
  const own = handle?.peerChain?.[0];
  if (own !== undefined && (options.checkServerIdentity as unknown) === checkServerIdentity) {
    if (checkServerIdentity(host, shownNames(own)) === undefined) return undefined;
  }
  if (handle) handle.isJudging = true;
  try {
    return options.checkServerIdentity(host, socket.getPeerCertificate(true) as object);
  } finally {
    if (handle) handle.isJudging = false;
  }
}

/** In Node these are assertions, which say how large the mistake was. */
function requireSound({ checkServerIdentity, minDHSize }: Options): void {
  // From Node 22 on a check of arguments, as the others.
  if (nodeMajor() >= 22) {
    validateFunction(checkServerIdentity, 'options.checkServerIdentity');
    validateNumber(minDHSize, 'options.minDHSize', 1);
  }
  if (typeof checkServerIdentity !== 'function') throw codedError('ERR_INTERNAL_ASSERTION', '');
  if (typeof minDHSize !== 'number')
    throw codedError('ERR_INTERNAL_ASSERTION', `options.minDHSize is not a number: ${String(minDHSize)}`);
  if (!(minDHSize > 0))
    throw codedError('ERR_INTERNAL_ASSERTION', `options.minDHSize is not a positive number: ${minDHSize}`);
}

/** Whom the certificate must be for. */
function hostOf({ servername, host, socket }: ConnectWishes | Options): string {
  return servername || host || (socket as { readonly _host?: string } | undefined)?._host || 'localhost';
}

function endedEarly(this: TLSSocketMethods): void {
  if (this._hadError) return;
  this._hadError = true;
  this.destroy(disconnectedBeforeSecure(this[connectOptions] as never));
}

function readArguments(args: readonly unknown[]): { given: Options; callback: (() => void) | undefined } {
  const last = args[args.length - 1];
  const callback = typeof last === 'function' ? (last as () => void) : undefined;
  const [first, second, third] = args;
  const options: Record<string, unknown> = {};
  if (typeof first === 'object' && first !== null) Object.assign(options, first);
  else if (isPipeName(first)) options['path'] = first;
  else {
    options['port'] = first;
    if (typeof second === 'string') options['host'] = second;
  }
  const more = [second, third].find((arg) => typeof arg === 'object' && arg !== null);
  if (typeof first !== 'object' && more) Object.assign(options, more);
  return { given: options as Options, callback };
}

/** What is no number is the path of a local socket. */
function isPipeName(value: unknown): value is string {
  return typeof value === 'string' && !(Number(value) >= 0);
}

function pick(options: Options, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, said(options, name)]));
}
