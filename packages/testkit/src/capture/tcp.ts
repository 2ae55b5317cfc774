import { ApiMisuseError } from '@sealwire/core';
import { bytesOfNumber, concatenated } from '../bytes.ts';
import type { Side } from '../pair/script.ts';

export interface Endpoint {
  /** IPv4, such as `192.0.2.1`. */
  readonly address: string;
  readonly port: number;
}

/** The IPv4 packets of one TCP connection (RFC 791, RFC 9293), with true lengths, numbers and checksums. */
export class Conversation4 {
  readonly #ends: Readonly<Record<Side, { readonly address: Uint8Array; readonly port: number }>>;
  /** The next sequence number of each side. */
  readonly #next: Record<Side, number> = { client: 1_000, server: 5_000_000 };
  #packets = 0;

  constructor(ends: Readonly<Record<Side, Endpoint>>) {
    const read = ({ address, port }: Endpoint) => ({
      address: addressBytes(address),
      port: portNumber(port),
    });
    this.#ends = { client: read(ends.client), server: read(ends.server) };
  }

  /** The three packets that begin it. */
  open(): Uint8Array[] {
    return [
      this.#packet('client', flags.syn, nothing),
      this.#packet('server', flags.syn | flags.ack, nothing),
      this.#packet('client', flags.ack, nothing),
    ];
  }

  /** Bytes in as many segments as they need. */
  data(from: Side, bytes: Uint8Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += segmentBytes) {
      packets.push(this.#packet(from, flags.ack | flags.push, bytes.subarray(at, at + segmentBytes)));
    }
    return packets;
  }

  /** The three packets that end it. */
  close(): Uint8Array[] {
    return [
      this.#packet('client', flags.fin | flags.ack, nothing),
      this.#packet('server', flags.fin | flags.ack, nothing),
      this.#packet('client', flags.ack, nothing),
    ];
  }

  #packet(from: Side, flag: number, payload: Uint8Array): Uint8Array {
    const to = from === 'client' ? 'server' : 'client';
    const [source, target] = [this.#ends[from], this.#ends[to]];
    const acknowledged = (flag & flags.ack) === 0 ? 0 : this.#next[to];
    const segment = concatenated([
      bytesOfNumber(source.port, 2),
      bytesOfNumber(target.port, 2),
      bytesOfNumber(this.#next[from], 4),
      bytesOfNumber(acknowledged, 4),
      new Uint8Array([0x50, flag, 0xff, 0xff, 0, 0, 0, 0]),
      payload,
    ]);
    const tcp = withChecksum(segment, 16, [
      source.address,
      target.address,
      new Uint8Array([0, protocolTcp]),
      bytesOfNumber(segment.length, 2),
    ]);
    const header = concatenated([
      new Uint8Array([0x45, 0]),
      bytesOfNumber(20 + tcp.length, 2),
      bytesOfNumber(this.#packets++ & 0xffff, 2),
      new Uint8Array([0x40, 0, 64, protocolTcp, 0, 0]),
      source.address,
      target.address,
    ]);
    const takesOne = (flag & (flags.syn | flags.fin)) !== 0 ? 1 : 0;
    this.#next[from] = (this.#next[from] + payload.length + takesOne) % 2 ** 32;
    return concatenated([withChecksum(header, 10, []), tcp]);
  }
}

/** The bytes with the Internet checksum (RFC 1071) of `before` and themselves at `at`, where two zero bytes stand. */
function withChecksum(bytes: Uint8Array, at: number, before: readonly Uint8Array[]): Uint8Array {
  const all = concatenated([...before, bytes]);
  let sum = 0;
  for (let i = 0; i < all.length; i += 2) sum += (all[i]! << 8) | (all[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  const summed = bytes.slice();
  summed.set(bytesOfNumber(~sum & 0xffff, 2), at);
  return summed;
}

function addressBytes(address: string): Uint8Array {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    throw new ApiMisuseError(`expected an IPv4 address, got ${address}`);
  }
  return Uint8Array.from(parts);
}

function portNumber(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new ApiMisuseError(`expected a port from 1 to 65535, got ${port}`);
}

const flags = { fin: 0x01, syn: 0x02, push: 0x08, ack: 0x10 } as const;
const protocolTcp = 6;
const segmentBytes = 1_400;
const nothing = new Uint8Array(0);
