import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { tls13 } from '@sealwire/core/tls13';
import type { Flavour } from './flavour.ts';
import type { Stack } from './stack.ts';

/** What has the functions of `node:tls`, as far as they are used here. */
export type TlsLike = Pick<typeof tls, 'connect' | 'createServer'> &
  Partial<Pick<typeof tls, 'createSecureContext'>>;

/** Options of the module's own, in place of those of `node:tls` that it does not know. */
export interface TlsLikeOptions {
  readonly client?: object;
  readonly server?: object;
  /** Whether `authorized` says anything. */
  readonly saysAuthorized?: boolean;
}

/** A stack on a module with the API of `node:tls`. */
export function tlsLike(
  name: string,
  module: TlsLike,
  { version, suite, cipher, identity }: Flavour,
  options: TlsLikeOptions = {},
): Stack<Duplex> {
  const { root, chain, key } = identity();
  const versionName = version === tls13 ? 'TLSv1.3' : 'TLSv1.2';
  const ecdhCurve = version === tls13 ? 'X25519' : 'X25519:P-256';
  const own = { minVersion: versionName, maxVersion: versionName, ciphers: cipher, ecdhCurve } as const;
  // Made once, as programs with many connections do.
  const trust =
    options.client === undefined
      ? { secureContext: module.createSecureContext!({ ...own, ca: root }) }
      : { ca: root, ...options.client };
  const { saysAuthorized = true } = options;
  const connected = async (socket: tls.TLSSocket) => {
    socket.setNoDelay();
    await once(socket, 'secureConnect');
    const { standardName } = socket.getCipher();
    if (standardName !== suite) throw new Error(`${name} speaks ${standardName}, expected ${suite}`);
    if (saysAuthorized && !socket.authorized) throw new Error(`${name} does not trust its peer`);
    return socket;
  };
  const target = { ...trust, servername: 'localhost', host: '127.0.0.1' } as const;
  return {
    name,
    async listen(onConnection) {
      const server = module.createServer(
        { ...own, ...options.server, cert: chain, key, noDelay: true },
        onConnection,
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return {
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((resolve) => server.close(() => resolve())),
      };
    },
    connect: (port) => connected(module.connect({ port, ...target })),
    resuming() {
      let session: Buffer | undefined;
      return async (port) => {
        const offered = session;
        const socket = module.connect({ port, ...(offered && { session: offered }), ...target });
        socket.on('session', (latest: Buffer) => (session = latest));
        await connected(socket);
        if (offered !== undefined && !socket.isSessionReused()) throw new Error('not resumed');
        return socket;
      };
    },
  };
}
