import type { ByteStream, EndOptions, TransportUnderTest } from '@sealwire/testkit';
import { createVerifier } from '@sealwire/x509';
import {
  type ByteStreams,
  type Decide,
  type SecureClientOptions,
  secureClient,
  secureServer,
  type TlsStreams,
} from '../src/index.ts';

/** PEM: what the ends of a contract are told. */
export interface Identities {
  readonly roots: string;
  /** Certified nobody. */
  readonly otherRoots: string;
  readonly server: { readonly certificate: string; readonly privateKey: string };
  /** The same name with an RSA key. */
  readonly rsaServer: { readonly certificate: string; readonly privateKey: string };
}

type Provider = NonNullable<SecureClientOptions['provider']>;

/** This transport as its contract drives it, in whatever runtime. */
export function webTransport(identities: Identities, provider: Provider): TransportUnderTest {
  return {
    async secure(below, role, options) {
      const own = connectionOf(streamsOver(below), role, options, identities, provider);
      await own.opened;
      return linkOf(own);
    },
  };
}

/** Opens TLS on these streams, as the contract's options say. */
export function connectionOf(
  streams: ByteStreams,
  role: 'client' | 'server',
  options: EndOptions,
  identities: Identities,
  provider: Provider,
): TlsStreams {
  if (role === 'client') return secureClient(streams, clientOptions(options, identities, provider));
  return secureServer(streams, {
    provider,
    ...(options.certificate === 'rsa' ? identities.rsaServer : identities.server),
    ...limits(options),
    ...options.tls,
  });
}

function clientOptions(
  options: EndOptions,
  { roots, otherRoots }: Identities,
  provider: Provider,
): SecureClientOptions {
  const { trust = 'server', tls } = options;
  const common = { provider, serverName: 'localhost', ...limits(options), ...tls };
  if (trust === 'unsaid') return common;
  if (typeof trust === 'string') return { ...common, roots: trust === 'server' ? roots : otherRoots };
  const verify = createVerifier({ provider, roots });
  const no = { ok: false, reason: 'accessDenied', message: 'not today' } as const;
  const verifyPeer: Decide['verifyPeer'] = async (ask, { signal }) =>
    (await trust(signal)) ? verify(ask) : no;
  return { ...common, decide: { ...tls?.decide, verifyPeer } };
}

function limits({ alreadyRead, clock, handshakeTimeoutMs, idleTimeoutMs, signal }: EndOptions) {
  return {
    ...(alreadyRead === undefined ? {} : { alreadyRead }),
    ...(clock === undefined ? {} : { clock }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Bytes that the contract carries, as the streams below. */
export function streamsOver(below: ByteStream): ByteStreams {
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await below.read();
        if (bytes === undefined) controller.close();
        else controller.enqueue(bytes);
      },
      cancel: () => below.destroy(),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (bytes) => below.write(bytes),
    close: () => below.end(),
    abort: () => below.destroy(),
  });
  return { readable, writable };
}

/** Streams as the contract reads and writes them. */
export function linkOf(streams: Pick<TlsStreams, 'readable' | 'writable' | 'abort'>): ByteStream {
  const reader = streams.readable.getReader();
  const writer = streams.writable.getWriter();
  return {
    write: (bytes) => writer.write(bytes),
    // Some runtimes have empty bytes at the end.
    async read() {
      const { value, done } = await reader.read();
      return done ? undefined : value;
    },
    end: () => writer.close(),
    destroy: () => streams.abort(new Error('destroyed by the contract')),
  };
}
