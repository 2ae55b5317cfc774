import { ApiMisuseError } from '@sealwire/core';
import {
  bufferedBytes,
  type LinkEvent,
  messageStreams,
  type MessageStreamOptions,
} from './message-streams.ts';
import type { ByteStreams } from './stream-carrier.ts';

/** An `RTCDataChannel`. */
export interface DataChannelLike {
  binaryType: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  readonly readyState: string;
  readonly ordered: boolean;
  readonly maxRetransmits: number | null;
  readonly maxPacketLifeTime: number | null;
  send(message: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error' | 'bufferedamountlow',
    listener: (event: LinkEvent) => void,
  ): void;
}

/**
 * A WebRTC data channel as two streams of bytes, for `secureClient` and `secureServer`: TLS from page to page, under a name and a
 * certificate, through whoever introduced the two. The channel must be ordered and reliable, as it is by default
 * (`ApiMisuseError`); open, or still connecting. It is closed when both directions are over.
 *
 * Messages have at most 16 KiB, which every implementation takes (RFC 8831 §6.6). A reader cannot make the channel wait: what lies
 * unread is bounded by `maxUnreadBytes`.
 */
export function dataChannelStreams(
  channel: DataChannelLike,
  options: MessageStreamOptions = {},
): Required<ByteStreams> {
  const { ordered, maxRetransmits, maxPacketLifeTime } = channel;
  if (!ordered || maxRetransmits !== null || maxPacketLifeTime !== null)
    throw new ApiMisuseError('expected a data channel that is ordered and reliable: TLS needs every byte');
  channel.bufferedAmountLowThreshold = bufferedBytes / 2;
  let wake = () => {};
  for (const type of ['bufferedamountlow', 'close'] as const) channel.addEventListener(type, () => wake());
  const habits = {
    name: 'data channel',
    maxMessageBytes: 16_384,
    isOpen: () => channel.readyState === 'open',
    isConnecting: () => channel.readyState === 'connecting',
    waitForRoom: () => new Promise<void>((resolve) => (wake = resolve)),
  };
  return messageStreams(channel, habits, options);
}
