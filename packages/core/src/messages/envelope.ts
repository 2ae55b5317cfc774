import { InternalError } from '../errors/tls-error.ts';
import type { HandshakeType } from '../registry/handshake-types.ts';
import { remainder, type Codec } from '../wire/codec.ts';
import { Writer } from '../wire/writer.ts';

/**
 * A complete handshake message with nothing of its content decoded (RFC 9846 §4). What a message means depends
 * on the state and the version, so decoding is left to whoever awaits it.
 *
 *     struct {
 *         HandshakeType msg_type;
 *         uint24 length;
 *         select (Handshake.msg_type) { … };
 *     } Handshake;
 */
export interface HandshakeEnvelope {
  readonly type: HandshakeType;
  /** Header and body: what the transcript hashes. */
  readonly raw: Uint8Array;
  readonly body: Uint8Array;
}

/** The envelope of one whole message; `raw` must be exactly as long as its header says. */
export function envelope(raw: Uint8Array): HandshakeEnvelope {
  const [type, high, middle, low] = raw;
  if (
    type === undefined ||
    low === undefined ||
    raw.length - headerBytes !== ((high! << 16) | (middle! << 8) | low)
  ) {
    throw new InternalError(`expected one whole handshake message, got ${raw.length} bytes`);
  }
  return { type: type as HandshakeType, raw, body: raw.subarray(headerBytes) };
}

/** A body with its header in front. */
export function encodeHandshake(type: HandshakeType, body: Uint8Array): Uint8Array {
  return encodeMessageOf(type, remainder, body);
}

/** A whole message, the body written straight behind its header. */
export function encodeMessageOf<T>(type: HandshakeType, codec: Codec<T>, message: T): Uint8Array {
  const writer = new Writer();
  writer.u8(type);
  writer.prefixed(3, (inner) => codec.write(inner, message));
  return writer.finish();
}

/** Type and length. */
export const headerBytes = 4;
