import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext } from '../context/secure-context.ts';
import type { TLSSocketMethods } from '../socket/methods.ts';
import type { TLSSocketOptions } from '../socket/options.ts';
import { TLSSocket } from '../socket/tls-socket.ts';
import { deprecated } from './deprecations.ts';
import { PairedStream, pairOfStreams } from './duplex-pair.ts';

/**
 * A TLS connection between two streams: records go in and out at `encrypted`, what is in them at `cleartext`. The peer's
 * certificate is judged by whoever has made it. `secure` is emitted when the handshake is complete.
 */
export class SecurePair extends EventEmitter {
  readonly server: unknown;
  readonly credentials: SecureContext;
  readonly encrypted: Duplex;
  readonly cleartext: TLSSocketMethods;

  constructor(
    secureContext: SecureContext = createSecureContext(),
    isServer = false,
    requestCert: boolean = !isServer,
    rejectUnauthorized = false,
    options: TLSSocketOptions = {},
  ) {
    super();
    const [encrypted, carrier] = pairOfStreams();
    this.server = options.server;
    this.credentials = secureContext;
    this.encrypted = encrypted;
    this.cleartext = new TLSSocket(carrier, {
      secureContext,
      isServer,
      requestCert,
      rejectUnauthorized,
      ...options,
    });
    this.cleartext.once('secure', () => this.emit('secure'));
    streams.add(this.cleartext);
  }

  destroy(): void {
    this.cleartext.destroy();
    this.encrypted.destroy();
  }
}

const streams = new WeakSet<object>();

type PairArguments = ConstructorParameters<typeof SecurePair>;

/** `tls.createSecurePair([context][, isServer][, requestCert][, rejectUnauthorized][, options])`, which Node 24 has no more. */
export const createSecurePair = deprecated(
  'createSecurePair',
  (...args: PairArguments): SecurePair => new SecurePair(...args),
);

export const DeprecatedSecurePair = deprecated(
  'SecurePair',
  SecurePair as unknown as () => unknown,
) as unknown as typeof SecurePair;

/** What both ends of a pair were an instance of; they are a `TLSSocket` and a stream now. */
export const CryptoStream = deprecated('CryptoStream', () => {
  throw new TypeError('Streams of a pair are made by tls.createSecurePair()');
});
Object.defineProperty(CryptoStream, Symbol.hasInstance, {
  value: (value: unknown) =>
    value instanceof PairedStream || (typeof value === 'object' && value !== null && streams.has(value)),
});
