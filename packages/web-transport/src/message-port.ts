import { TransportError } from '@sealwire/transport';
import { carriedBytes, joined } from './bytes.ts';
import type { LinkEvent } from './message-streams.ts';
import type { ByteStreams } from './stream-carrier.ts';

/** A `MessagePort`. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  start(): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: LinkEvent) => void): void;
}

/**
 * One end of a `MessageChannel` as two streams of bytes, with the other end used in the same way: between a page, its frames and its
 * workers. Back-pressure goes through the channel: who has sent 256 KiB waits until they were read.
 *
 * On the channel go bytes (`ArrayBuffer`), numbers (so many were read), and the words `end` and `abort`.
 */
export function messagePortStreams(port: MessagePortLike): ByteStreams {
  let incoming!: ReadableStreamDefaultController<Uint8Array>;
  let outgoing!: WritableStreamDefaultController;
  let isReadingOver = false;
  let isWritingOver = false;
  let unread = 0;
  let onTheWay = 0;
  let wake = () => {};
  const closeIfOver = () => {
    if (isReadingOver && isWritingOver) port.close();
  };
  const broken = (error: TransportError) => {
    if (!isReadingOver) incoming.error(error);
    if (!isWritingOver) outgoing.error(error);
    isReadingOver = isWritingOver = true;
    wake();
    port.close();
  };
  /** Tells the other end what was read since the last time. */
  const acknowledge = () => {
    const queued = isReadingOver ? 0 : windowBytes - (incoming.desiredSize ?? 0);
    const read = unread - queued;
    unread = queued;
    if (read > 0 && !(isReadingOver && isWritingOver)) port.postMessage(read, []);
  };
  const giveUp = () => {
    if (!isWritingOver) port.postMessage('abort', []);
    isWritingOver = true;
    wake();
    closeIfOver();
  };

  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void (incoming = controller),
      pull: acknowledge,
      cancel: () => {
        isReadingOver = true;
        acknowledge();
        closeIfOver();
      },
    },
    { highWaterMark: windowBytes, size: (chunk) => chunk.length },
  );
  const writable = new WritableStream<Uint8Array>({
    start: (controller) => void (outgoing = controller),
    async write(bytes) {
      for (let at = 0; at < bytes.length; at += maxMessageBytes) {
        while (onTheWay >= windowBytes && !isWritingOver) await new Promise<void>((ready) => (wake = ready));
        if (isWritingOver) return;
        const { buffer, length } = joined([bytes.subarray(at, at + maxMessageBytes)]);
        onTheWay += length;
        port.postMessage(buffer, [buffer]);
      }
    },
    close: () => {
      isWritingOver = true;
      port.postMessage('end', []);
      closeIfOver();
    },
    abort: giveUp,
  });

  const heard = (data: unknown) => {
    if (typeof data === 'number') {
      // Whoever takes back more than was sent would make us send without end.
      if (!(data > 0 && data <= onTheWay)) {
        broken(new TransportError('transport.broken', 'the other end has read what was never sent'));
        return;
      }
      onTheWay -= data;
      wake();
    } else if (data === 'end') {
      if (!isReadingOver) incoming.close();
      isReadingOver = true;
      closeIfOver();
    } else if (data === 'abort') broken(new TransportError('transport.reset', 'the other end gave up'));
    else if (data instanceof ArrayBuffer) {
      // Nothing would bound how many of these lie unread.
      if (data.byteLength === 0) return;
      unread += data.byteLength;
      if (isReadingOver) acknowledge();
      else if (unread > windowBytes + maxMessageBytes)
        broken(new TransportError('transport.broken', 'the other end sent more than was asked for'));
      else incoming.enqueue(carriedBytes(data));
    } else broken(new TransportError('transport.broken', `expected bytes on the port, got ${typeof data}`));
  };
  port.addEventListener('message', ({ data }) => heard(data));
  port.start();
  return { readable, writable };
}

const windowBytes = 262_144;
const maxMessageBytes = 65_536;
