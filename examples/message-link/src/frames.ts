import { Cursor, PacketError, varint } from './varint.ts';

/** Frames (RFC 9000 §19): those that this endpoint sends or acts on; the others are read and passed over. */
export type Frame =
  | { readonly type: 'ping' }
  | { readonly type: 'ack'; readonly ranges: readonly PacketRange[] }
  | { readonly type: 'crypto'; readonly offset: number; readonly data: Uint8Array }
  | {
      readonly type: 'stream';
      readonly id: number;
      readonly offset: number;
      readonly data: Uint8Array;
      readonly isLast: boolean;
    }
  | { readonly type: 'handshakeDone' }
  | {
      readonly type: 'close';
      readonly errorCode: number;
      readonly isApplication: boolean;
      readonly reason: string;
    }
  | { readonly type: 'other' };

/** Packet numbers from `first` to `last`, both included. */
export interface PacketRange {
  readonly first: number;
  readonly last: number;
}

/** Whether its packet asks for an acknowledgement (RFC 9000 §13.2). */
export function isEliciting({ type }: Frame): boolean {
  return type !== 'ack' && type !== 'close';
}

export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.type) {
    case 'ping':
      return Uint8Array.of(0x01);
    case 'ack':
      return encodeAck(frame.ranges);
    case 'crypto':
      return Uint8Array.of(0x06, ...varint(frame.offset), ...varint(frame.data.length), ...frame.data);
    case 'stream': {
      const { id, offset, data, isLast } = frame;
      return Uint8Array.of(
        0x0e | (isLast ? 1 : 0),
        ...varint(id),
        ...varint(offset),
        ...varint(data.length),
        ...data,
      );
    }
    case 'handshakeDone':
      return Uint8Array.of(0x1e);
    case 'close': {
      const reason = new TextEncoder().encode(frame.reason);
      const type = frame.isApplication ? [] : [0];
      const head = [frame.isApplication ? 0x1d : 0x1c, ...varint(frame.errorCode), ...type];
      return Uint8Array.of(...head, ...varint(reason.length), ...reason);
    }
    case 'other':
      throw new Error('a frame that was read cannot be sent');
  }
}

/** RFC 9000 §19.3: the largest range, and then gaps and ranges. */
function encodeAck(ranges: readonly PacketRange[]): Uint8Array {
  const descending = ranges.toReversed();
  const [top, ...rest] = descending;
  if (top === undefined) throw new Error('nothing to acknowledge');
  const bytes = [0x02, ...varint(top.last), 0, ...varint(rest.length), ...varint(top.last - top.first)];
  let smallest = top.first;
  for (const { first, last } of rest) {
    bytes.push(...varint(smallest - last - 2), ...varint(last - first));
    smallest = first;
  }
  return Uint8Array.from(bytes);
}

/** The frames of a payload; data in them are views of it. */
export function decodeFrames(payload: Uint8Array): Frame[] {
  const cursor = new Cursor(payload);
  const frames: Frame[] = [];
  while (cursor.left > 0) {
    const type = cursor.varint();
    if (type !== 0) frames.push(decodeFrame(type, cursor));
  }
  return frames;
}

function decodeFrame(type: number, cursor: Cursor): Frame {
  if (type >= 0x08 && type <= 0x0f) {
    const id = cursor.varint();
    const offset = (type & 4) === 0 ? 0 : cursor.varint();
    const data = cursor.take((type & 2) === 0 ? cursor.left : cursor.varint());
    return { type: 'stream', id, offset, data, isLast: (type & 1) === 1 };
  }
  switch (type) {
    case 0x01:
      return { type: 'ping' };
    case 0x02:
    case 0x03:
      return decodeAck(type, cursor);
    case 0x06:
      return { type: 'crypto', offset: cursor.varint(), data: cursor.take(cursor.varint()) };
    case 0x1c:
    case 0x1d: {
      const errorCode = cursor.varint();
      if (type === 0x1c) cursor.varint();
      const reason = new TextDecoder().decode(cursor.take(cursor.varint()));
      return { type: 'close', errorCode, isApplication: type === 0x1d, reason };
    }
    case 0x1e:
      return { type: 'handshakeDone' };
    case 0x07:
      cursor.take(cursor.varint());
      return { type: 'other' };
    case 0x18:
      // NEW_CONNECTION_ID: sequence, retire_prior_to, connection ID, stateless reset token.
      cursor.varint();
      cursor.varint();
      cursor.take(cursor.byte());
      cursor.take(16);
      return { type: 'other' };
    case 0x1a:
    case 0x1b:
      cursor.take(8);
      return { type: 'other' };
    default: {
      const fields = integersOf[type];
      if (fields === undefined) throw new PacketError(`a frame of the unknown type 0x${type.toString(16)}`);
      for (let i = 0; i < fields; i++) cursor.capped();
      return { type: 'other' };
    }
  }
}

function decodeAck(type: number, cursor: Cursor): Frame {
  let last = cursor.varint();
  cursor.varint();
  const count = cursor.varint();
  const ranges: PacketRange[] = [];
  for (let i = 0; i <= count; i++) {
    if (i > 0) last -= cursor.varint() + 2;
    const first = last - cursor.varint();
    if (first < 0) throw new PacketError('an ACK of negative packet numbers');
    ranges.push({ first, last });
    last = first;
  }
  if (type === 0x03) for (let i = 0; i < 3; i++) cursor.varint();
  return { type: 'ack', ranges: ranges.toReversed() };
}

/** RESET_STREAM, STOP_SENDING, limits and blocked limits, RETIRE_CONNECTION_ID: so many integers. */
const integersOf: Readonly<Record<number, number>> = {
  4: 3,
  5: 2,
  16: 1,
  17: 2,
  18: 1,
  19: 1,
  20: 1,
  21: 2,
  22: 1,
  23: 1,
  25: 1,
};
