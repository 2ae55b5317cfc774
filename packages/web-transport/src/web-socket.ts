import type { ByteStreams } from './stream-carrier.ts';
import { type LinkEvent, messageStreams, type MessageStreamOptions } from './message-streams.ts';

/** A `WebSocket` of whatever runtime or library. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  /** 0: connecting, 1: open. */
  readonly readyState: number;
  send(message: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: LinkEvent) => void): void;
  /** Of the library `ws`: stops reading. */
  pause?(): void;
  resume?(): void;
}

/**
 * A WebSocket as two streams of bytes, for `secureClient`: a tunnel to a TLS server, by binary messages whose borders mean nothing.
 * Open or still connecting. It is closed when both directions are over.
 *
 * A browser's WebSocket cannot be told to wait: what lies unread is bounded by `maxUnreadBytes`. Where there is `WebSocketStream`, its
 * streams can be used as they are, and have back-pressure.
 */
export function webSocketStreams(
  socket: WebSocketLike,
  options: MessageStreamOptions = {},
): Required<ByteStreams> {
  const canPause = typeof socket.pause === 'function' && typeof socket.resume === 'function';
  const habits = {
    name: 'WebSocket',
    maxMessageBytes: Number.POSITIVE_INFINITY,
    isOpen: () => socket.readyState === 1,
    isConnecting: () => socket.readyState === 0,
    // No event tells of room.
    waitForRoom: () => new Promise<void>((resolve) => setTimeout(resolve, pollMs)),
  };
  const stopping = canPause ? { pause: () => socket.pause?.(), resume: () => socket.resume?.() } : {};
  return messageStreams(socket, { ...habits, ...stopping }, options);
}

const pollMs = 5;
