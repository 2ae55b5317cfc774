import { ApiMisuseError } from '@sealwire/core';
import { TransportError } from '@sealwire/transport';
import { carriedBytes, joined } from './bytes.ts';
import type { ByteStreams } from './stream-carrier.ts';

/** What WebSockets and data channels have in common: whole messages, in order, and no word about how fast the reader is. */
export interface MessageLink {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly readyState: unknown;
  send(message: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: LinkEvent) => void): void;
}

/** What is used of the events of links, by their names in the DOM. */
export interface LinkEvent {
  readonly type?: string;
  readonly data?: unknown;
  readonly wasClean?: boolean;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface MessageStreamOptions {
  /**
   * The most that may lie unread, in bytes, of which a message counts 256 at least; a peer that sends more breaks the link, because
   * nothing else can stop it. Default 16 MiB: as much as a fast network brings while a page is busy for a second.
   */
  readonly maxUnreadBytes?: number;
}

/** How one kind of link is used. */
export interface LinkHabits {
  readonly name: string;
  readonly maxMessageBytes: number;
  isOpen(): boolean;
  isConnecting(): boolean;
  /** Resolves when there may be room. */
  waitForRoom(): Promise<void>;
  /** For links whose reading can be stopped. */
  readonly pause?: () => void;
  readonly resume?: () => void;
}

/**
 * Messages as two streams of bytes. The link cannot end one direction alone: it is closed when both are over, or one is given up.
 */
export function messageStreams(
  link: MessageLink,
  habits: LinkHabits,
  { maxUnreadBytes = defaultUnreadBytes }: MessageStreamOptions,
): Required<ByteStreams> {
  if (!(maxUnreadBytes > 0))
    throw new ApiMisuseError(`maxUnreadBytes must be a number above 0, got ${String(maxUnreadBytes)}`);
  const closed = () =>
    new TransportError('transport.reset', `the ${habits.name} was closed${why === '' ? '' : `: ${why}`}`);
  let why = '';
  let incoming!: ReadableStreamDefaultController<Uint8Array>;
  let outgoing!: WritableStreamDefaultController;
  let isReadingOver = false;
  let isWritingOver = false;
  let isClosed = false;
  const closeIfOver = () => {
    if (isReadingOver && isWritingOver) link.close();
  };
  const broken = (error: unknown) => {
    isReadingOver = isWritingOver = true;
    incoming.error(error);
    outgoing.error(error);
    link.close();
  };

  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void (incoming = controller),
      pull: () => {
        if (maxUnreadBytes - (incoming.desiredSize ?? 0) < pausedAtBytes) habits.resume?.();
      },
      cancel: () => {
        isReadingOver = true;
        habits.resume?.();
        closeIfOver();
      },
    },
    { highWaterMark: maxUnreadBytes, size: (chunk) => Math.max(chunk.length, leastBytes) },
  );
  const writable = new WritableStream<Uint8Array>({
    start: (controller) => void (outgoing = controller),
    async write(bytes) {
      await opened;
      for (let at = 0; at < bytes.length; at += habits.maxMessageBytes) {
        while (link.bufferedAmount > bufferedBytes && !isClosed) await habits.waitForRoom();
        if (isClosed || !habits.isOpen()) throw closed();
        link.send(joined([bytes.subarray(at, at + habits.maxMessageBytes)]));
      }
    },
    close: () => {
      isWritingOver = true;
      closeIfOver();
    },
    abort: () => link.close(),
  });

  const opened = new Promise<void>((resolve, reject) => {
    if (habits.isOpen()) resolve();
    else if (!habits.isConnecting()) reject(closed());
    link.addEventListener('open', () => resolve());
    link.addEventListener('close', () => reject(closed()));
  });
  opened.catch(() => {});

  link.binaryType = 'arraybuffer';
  link.addEventListener('message', ({ data }) => {
    if (isReadingOver) return;
    try {
      const bytes = carriedBytes(data);
      if (bytes.length === 0) return;
      incoming.enqueue(bytes);
    } catch (error) {
      broken(error);
      return;
    }
    const room = incoming.desiredSize ?? 0;
    if (room < 0) {
      broken(new TransportError('transport.broken', `more than ${maxUnreadBytes} bytes lay unread`));
    } else if (maxUnreadBytes - room >= pausedAtBytes) habits.pause?.();
  });
  link.addEventListener('error', ({ message }) => {
    why = message ?? why;
  });
  link.addEventListener('close', ({ wasClean = true, code, reason = '' }) => {
    isClosed = true;
    why ||= [code, reason].filter(Boolean).join(' ');
    if (!isReadingOver && wasClean) incoming.close();
    else if (!isReadingOver) incoming.error(closed());
    if (!isWritingOver) outgoing.error(closed());
    isReadingOver = isWritingOver = true;
  });
  return { readable, writable, opened };
}

/** What may wait in the link itself: enough to keep a network busy between two looks. */
export const bufferedBytes = 262_144;
const pausedAtBytes = 65_536;
/** What a message counts at least: it takes memory beside its bytes, and may have a single one. */
const leastBytes = 256;
const defaultUnreadBytes = 16 * 1024 * 1024;
