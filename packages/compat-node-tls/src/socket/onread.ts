import type { TLSSocketFields } from './fields.ts';
import type { TlsHandle } from './tls-handle.ts';

/**
 * The option `onread`: data goes into the application's own buffer, piece by piece, and `callback` is told how much; when it says
 * false, reading stops.
 */
export function readInto(
  socket: TLSSocketFields,
  handle: TlsHandle,
  {
    buffer,
    callback,
  }: { readonly buffer: unknown; readonly callback: (bytes: number, buffer: Uint8Array) => boolean },
): ((bytes: Uint8Array) => void) | undefined {
  if (typeof callback !== 'function' || !(buffer instanceof Uint8Array || typeof buffer === 'function'))
    return undefined;
  return (bytes) => {
    for (let at = 0; at < bytes.length && !socket.destroyed; ) {
      const target = handle.userBuffer!;
      const length = Math.min(target.length, bytes.length - at);
      target.set(bytes.subarray(at, at + length));
      at += length;
      const goesOn = callback.call(socket, length, target);
      if (typeof buffer === 'function') {
        const next: unknown = (buffer as () => unknown)();
        if (next instanceof Uint8Array) handle.useUserBuffer(next);
      }
      if (goesOn === false) handle.stop();
    }
  };
}
