import type { CapturedPacket } from './read-capture.ts';

/** A segment of TCP, with whom it goes between. */
export interface Segment {
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly isSyn: boolean;
  readonly payload: Buffer;
}

/** The TCP segment in a packet; `undefined` for everything else, and what is cut off before it. */
export function segmentIn({ linkType, bytes }: CapturedPacket): Segment | undefined {
  const packet = ipPacketIn(linkType, bytes);
  const version = packet === undefined || packet.length < 20 ? 0 : packet[0]! >> 4;
  if (version === 4) return inIpv4(packet!);
  return version === 6 ? inIpv6(packet!) : undefined;
}

/** What stands behind the header of the link. */
function ipPacketIn(linkType: number, bytes: Buffer): Buffer | undefined {
  switch (linkType) {
    case 0: // BSD loopback: the family in 4 bytes
    case 108:
      return bytes.subarray(4);
    case 1: // Ethernet
      return behindType(bytes, 12);
    case 101: // IP
    case 12:
    case 228:
    case 229:
      return bytes;
    case 113: // Linux "cooked"
      return bytes.subarray(16);
    case 276: // Linux "cooked", second version
      return bytes.subarray(20);
    default:
      return undefined;
  }
}

/** Past tags of VLANs (IEEE 802.1Q). */
function behindType(bytes: Buffer, at: number): Buffer | undefined {
  for (let type = at; type + 2 <= bytes.length; type += 4) {
    const value = bytes.readUInt16BE(type);
    if (value === 0x0800 || value === 0x86dd) return bytes.subarray(type + 2);
    if (value !== 0x8100 && value !== 0x88a8) return undefined;
  }
  return undefined;
}

/** RFC 791; of a fragmented packet only the first part says whose it is, and none is put together. */
function inIpv4(packet: Buffer): Segment | undefined {
  const headerBytes = (packet[0]! & 0x0f) * 4;
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (packet[9] !== protocolTcp || isFragment) return undefined;
  // 0 where the network card was left to cut it up.
  const length = packet.readUInt16BE(2) || packet.length;
  const [from, to] = [packet.subarray(12, 16), packet.subarray(16, 20)].map((each) => [...each].join('.'));
  return inTcp(packet.subarray(headerBytes, Math.min(length, packet.length)), from!, to!);
}

/** RFC 8200; past the extension headers that have their length where all have it. */
function inIpv6(packet: Buffer): Segment | undefined {
  if (packet.length < 40) return undefined;
  const length = packet.readUInt16BE(4);
  const end = length === 0 ? packet.length : Math.min(packet.length, 40 + length);
  let [next, at] = [packet[6]!, 40];
  while (extensionHeaders.has(next) && at + 8 <= end)
    [next, at] = [packet[at]!, at + 8 + packet[at + 1]! * 8];
  if (next !== protocolTcp) return undefined;
  return inTcp(
    packet.subarray(at, end),
    addressOf(packet.subarray(8, 24)),
    addressOf(packet.subarray(24, 40)),
  );
}

/** RFC 9293 §3.1. */
function inTcp(segment: Buffer, from: string, to: string): Segment | undefined {
  if (segment.length < 20) return undefined;
  const headerBytes = (segment[12]! >> 4) * 4;
  if (headerBytes < 20 || headerBytes > segment.length) return undefined;
  return {
    from: `${from}:${segment.readUInt16BE(0)}`,
    to: `${to}:${segment.readUInt16BE(2)}`,
    sequence: segment.readUInt32BE(4),
    isSyn: (segment[13]! & 0x02) !== 0,
    payload: segment.subarray(headerBytes),
  };
}

function addressOf(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const text = groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
  return `[${text}]`;
}

const protocolTcp = 6;
const extensionHeaders: ReadonlySet<number> = new Set([0, 43, 60]);
