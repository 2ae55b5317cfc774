import type { TLSSocketFields } from './fields.ts';
import type { HandleEvents } from './handle-events.ts';
import type { TlsHandle } from './tls-handle.ts';

/** What a socket tells of its carrier: its own as if it were it, a given one as something beneath it. */
export function carrierOutcome(
  socket: TLSSocketFields,
  handle: TlsHandle,
  isOwn: boolean,
): Pick<HandleEvents, 'carrierConnected' | 'carrierFailed'> {
  return {
    carrierConnected() {
      if (!socket.connecting) return;
      socket.connecting = false;
      if (socket._tlsOptions.isServer) handle.start();
      socket.emit('connect');
      if (!isOwn) return;
      socket.emit('ready');
      if (!socket.isPaused()) socket.read(0);
    },
    carrierFailed(error) {
      if (isOwn) socket.destroy(error);
      else socket._emitTLSError(error);
    },
  };
}
