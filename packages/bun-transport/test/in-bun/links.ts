import type { ByteStream } from '@sealwire/testkit';
import type { TlsSocket } from '../../src/index.ts';

export function linkOf(socket: TlsSocket): ByteStream {
  const chunks = socket[Symbol.asyncIterator]();
  return {
    write: (bytes) => socket.send(bytes),
    read: async () => (await chunks.next()).value ?? undefined,
    end: async () => void socket.end(),
    destroy: () => socket.terminate(),
  };
}
