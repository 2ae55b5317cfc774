import { nodeProvider } from '@sealwire/crypto-node';
import {
  type ByteStreams,
  type SecureClientOptions,
  secureClient,
  type SecureServerOptions,
  secureServer,
  type TlsStreams,
} from '../src/index.ts';
import { makeIdentities } from './identities.ts';

export const identities = makeIdentities();

/** Two ends of a pipe in memory; each direction takes 16 chunks ahead. */
export function streamPair(): readonly [ByteStreams, ByteStreams] {
  const [there, back] = [lane(), lane()];
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

function lane(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream(undefined, { highWaterMark: 16 });
}

/** Two of our ends, whose handshake is under way. */
export function tlsPair(
  options: {
    readonly client?: Partial<SecureClientOptions>;
    readonly server?: Partial<SecureServerOptions>;
  } = {},
  [near, far] = streamPair(),
): readonly [TlsStreams, TlsStreams] {
  return [
    secureClient(near, {
      provider: nodeProvider,
      serverName: 'localhost',
      roots: identities.roots,
      ...options.client,
    }),
    secureServer(far, { provider: nodeProvider, ...identities.server, ...options.server }),
  ];
}

/** Writes all of it and closes. */
export async function send(end: TlsStreams, text: string): Promise<void> {
  const writer = end.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
}

export function textOf(end: Pick<TlsStreams, 'readable'>): Promise<string> {
  return new Response(end.readable).text();
}

/** The error that a promise ends in; fails if it has none. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<Error & { readonly code?: string; readonly receivedAlert?: number }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a rejection');
}
