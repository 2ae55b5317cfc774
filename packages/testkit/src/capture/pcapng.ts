import { ApiMisuseError } from '@sealwire/core';
import { asciiBytes, concatenated } from '../bytes.ts';
import type { Passage } from '../transcript/wire.ts';
import { Conversation4, type Endpoint } from './tcp.ts';

export interface CaptureOptions {
  /** Default: 192.0.2.1 port 50000, an address for documentation (RFC 5737). */
  readonly client?: Endpoint;
  /** Default: 198.51.100.1 port 443. */
  readonly server?: Endpoint;
}

/**
 * A connection as a capture file (pcapng), as if its bytes had passed over TCP between two addresses, with the lines
 * of its key log inside (a Decryption Secrets Block): Wireshark and tshark open it and show what was said.
 * **Whoever has the file can read the connection.**
 */
export function capture(passage: Passage, options: CaptureOptions = {}): Uint8Array {
  const { client = { address: '192.0.2.1', port: 50_000 }, server = { address: '198.51.100.1', port: 443 } } =
    options;
  const bad = passage.keyLog.find((line) => !/^[A-Z0-9_]+ [0-9a-f]+ [0-9a-f]+$/i.test(line));
  if (bad !== undefined) throw new ApiMisuseError(`expected lines of a key log (RFC 9850), got ${bad}`);
  const blocks = [sectionHeader(), interfaceDescription()];
  if (passage.keyLog.length > 0) blocks.push(decryptionSecrets(passage.keyLog));

  const tcp = new Conversation4({ client, server });
  const [first, last] = [passage.wire[0]?.atMs ?? 0, passage.wire.at(-1)?.atMs ?? 0];
  for (const packet of tcp.open()) blocks.push(enhancedPacket(packet, first));
  for (const { from, bytes, atMs } of passage.wire) {
    for (const packet of tcp.data(from, bytes)) blocks.push(enhancedPacket(packet, atMs));
  }
  for (const packet of tcp.close()) blocks.push(enhancedPacket(packet, last));
  return concatenated(blocks);
}

/** draft-ietf-opsawg-pcapng §4.1. All numbers are little-endian, as the magic number says. */
function sectionHeader(): Uint8Array {
  const unknownLength = new Uint8Array(8).fill(0xff);
  return block(0x0a0d_0d0a, [u32(0x1a2b_3c4d), u16(1), u16(0), unknownLength]);
}

/** §4.2: raw IP packets of any length; time stamps in microseconds, the default. */
function interfaceDescription(): Uint8Array {
  return block(1, [u16(linkTypeRaw), u16(0), u32(0)]);
}

/** §4.7: the secrets of TLS are a key log. */
function decryptionSecrets(keyLog: readonly string[]): Uint8Array {
  const text = asciiBytes(keyLog.map((line) => `${line}\n`).join(''));
  return block(0x0a, [u32(tlsKeyLog), u32(text.length), padded(text)]);
}

/** §4.3. */
function enhancedPacket(packet: Uint8Array, atMs: number): Uint8Array {
  const micros = BigInt(Math.max(0, Math.round(atMs * 1_000)));
  const [high, low] = [Number(micros >> 32n), Number(micros & 0xffff_ffffn)];
  return block(6, [u32(0), u32(high), u32(low), u32(packet.length), u32(packet.length), padded(packet)]);
}

/** §3.1: type, length, body, length again. */
function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const content = concatenated(body);
  const length = u32(content.length + 12);
  return concatenated([u32(type), length, content, length]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return concatenated([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, value >>> 8]);
}

function u32(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}

const linkTypeRaw = 101;
/** "TLSK". */
const tlsKeyLog = 0x544c_534b;
