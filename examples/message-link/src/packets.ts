import type { AeadKey, CryptoProvider } from '@sealwire/core';
import {
  headerProtectionMask,
  nextPacketSecret,
  packetKeys,
  packetNonce,
  quicVersions,
  type QuicLevel,
} from '@sealwire/core/quic';
import { Cursor, PacketError, varint } from './varint.ts';

/** Packets of QUIC version 1 (RFC 9000 §17), protected as RFC 9001 §5 says. */

/** The keys of one level and direction. */
export class PacketCipher {
  readonly #provider: CryptoProvider;
  readonly #suite: number;
  readonly #secret: Uint8Array;
  readonly #headerKey: Uint8Array;
  readonly #iv: Uint8Array;
  readonly #key: AeadKey;

  constructor(provider: CryptoProvider, suite: number, secret: Uint8Array, headerKey?: Uint8Array) {
    const keys = packetKeys(provider, quicVersions.v1, suite, secret);
    const aead = provider.aeads[keys.aead];
    if (aead === undefined) throw new Error(`the provider has no ${keys.aead}`);
    this.#provider = provider;
    this.#suite = suite;
    this.#secret = secret;
    this.#headerKey = headerKey ?? keys.headerKey;
    this.#iv = keys.iv;
    this.#key = aead.key(keys.key);
  }

  /** After a key update; the key of headers stays (RFC 9001 §6.1). */
  next(): PacketCipher {
    const secret = nextPacketSecret(this.#provider, quicVersions.v1, this.#suite, this.#secret);
    return new PacketCipher(this.#provider, this.#suite, secret, this.#headerKey);
  }

  seal(packetNumber: number, header: Uint8Array, payload: Uint8Array): Uint8Array[] {
    return this.#key.seal(packetNonce(this.#iv, packetNumber), header, [payload]);
  }

  open(packetNumber: number, header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    return this.#key.open(packetNonce(this.#iv, packetNumber), header, sealed);
  }

  mask(sample: Uint8Array): Uint8Array {
    return headerProtectionMask(this.#provider, this.#suite, this.#headerKey, sample);
  }
}

export interface PacketIds {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
}

/** A protected packet with a packet number of four bytes. `keyPhase`: of short headers. */
export function sealPacket(
  level: QuicLevel,
  ids: PacketIds,
  cipher: PacketCipher,
  packetNumber: number,
  payload: Uint8Array,
  keyPhase: 0 | 1 = 0,
): Uint8Array {
  const number = [24, 16, 8, 0].map((shift) => (packetNumber >>> shift) & 0xff);
  const header =
    level === 'application'
      ? Uint8Array.of(0x43 | (keyPhase << 2), ...ids.destination, ...number)
      : Uint8Array.of(
          ...[0xc3 | (longTypes[level] << 4), 0, 0, 0, 1],
          ...[ids.destination.length, ...ids.destination, ids.source.length, ...ids.source],
          ...(level === 'initial' ? [0] : []),
          ...twoByteVarint(payload.length + 4 + tagBytes),
          ...number,
        );
  const sealed = cipher.seal(packetNumber, header, payload);
  const packet = joined([header, ...sealed]);
  const numberAt = header.length - 4;
  const mask = cipher.mask(packet.subarray(numberAt + 4, numberAt + 20));
  packet[0]! ^= mask[0]! & (level === 'application' ? 0x1f : 0x0f);
  for (let i = 0; i < 4; i++) packet[numberAt + i]! ^= mask[i + 1]!;
  return packet;
}

/** A packet in a datagram, still protected. */
export interface ProtectedPacket extends PacketIds {
  readonly level: QuicLevel;
  /** From its first byte to its last. */
  readonly bytes: Uint8Array;
  /** Where the packet number begins. */
  readonly numberAt: number;
}

/** The packets of a datagram; what cannot be told apart ends it. `ownIdBytes`: of the connection ID in short headers. */
export function packetsIn(datagram: Uint8Array, ownIdBytes: number): ProtectedPacket[] {
  const packets: ProtectedPacket[] = [];
  try {
    for (let at = 0; at < datagram.length; ) {
      const packet = packetAt(datagram, at, ownIdBytes);
      if (packet === undefined) break;
      packets.push(packet);
      at += packet.bytes.length;
    }
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
  }
  return packets;
}

/** Version negotiation and Retry are not read: `undefined`. */
function packetAt(datagram: Uint8Array, at: number, ownIdBytes: number): ProtectedPacket | undefined {
  const cursor = new Cursor(datagram, at);
  const first = cursor.byte();
  if ((first & 0x40) === 0) return undefined;
  if ((first & 0x80) === 0) {
    const destination = cursor.take(ownIdBytes);
    const none = new Uint8Array(0);
    return {
      level: 'application',
      destination,
      source: none,
      bytes: datagram.subarray(at),
      numberAt: cursor.at - at,
    };
  }
  const version = cursor.take(4);
  const destination = cursor.take(cursor.byte());
  const source = cursor.take(cursor.byte());
  const level = levels[(first >>> 4) & 3];
  if (version.join() !== '0,0,0,1' || level === undefined) return undefined;
  if (level === 'initial') cursor.take(cursor.varint());
  const length = cursor.varint();
  const numberAt = cursor.at - at;
  cursor.take(length);
  return { level, destination, source, bytes: datagram.subarray(at, cursor.at), numberAt };
}

export interface OpenedPacket {
  readonly packetNumber: number;
  readonly payload: Uint8Array;
  readonly keyPhase: number;
}

/** Undoes header protection, and says by which cipher to go on; `undefined`: it does not verify. */
export function openPacket(
  packet: ProtectedPacket,
  headers: PacketCipher,
  largest: number,
  cipherFor: (keyPhase: number, packetNumber: number) => PacketCipher,
): OpenedPacket | undefined {
  const { bytes, numberAt, level } = packet;
  if (bytes.length < numberAt + 20) return undefined;
  const mask = headers.mask(bytes.subarray(numberAt + 4, numberAt + 20));
  const first = bytes[0]! ^ (mask[0]! & (level === 'application' ? 0x1f : 0x0f));
  const numberBytes = (first & 3) + 1;
  const header = Uint8Array.from(bytes.subarray(0, numberAt + numberBytes));
  header[0] = first;
  let truncated = 0;
  for (let i = 0; i < numberBytes; i++) {
    header[numberAt + i]! ^= mask[i + 1]!;
    truncated = truncated * 256 + header[numberAt + i]!;
  }
  const packetNumber = wholeNumber(truncated, 8 * numberBytes, largest);
  const keyPhase = (first >>> 2) & 1;
  const payload = cipherFor(keyPhase, packetNumber).open(packetNumber, header, bytes.subarray(header.length));
  return payload && { packetNumber, payload, keyPhase };
}

/** RFC 9000 §A.3. */
function wholeNumber(truncated: number, bits: number, largest: number): number {
  const window = 2 ** bits;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}

function twoByteVarint(value: number): number[] {
  return value < 0x40 ? [0x40, value] : varint(value);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const levels: readonly (QuicLevel | undefined)[] = ['initial', 'early', 'handshake', undefined];
const longTypes = { initial: 0, early: 1, handshake: 2, application: 3 } as const;
const tagBytes = 16;
