import type { WirePiece } from './own-end.ts';

/**
 * The bytes of one connection as a capture file (classic pcap, link type 101, raw IP), as if they had passed over
 * TCP between two addresses: what a network analyser needs, without the rights that a real capture takes.
 */
export function pcapOf(
  wire: readonly WirePiece[],
  ports: { readonly us: number; readonly peer: number },
): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2_c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(linkTypeRaw, 20);

  const packets: Buffer[] = [header];
  const next = { us: 1000, peer: 5000 };
  let timeUs = 0;
  const add = (from: WirePiece['from'], flags: number, payload: Uint8Array) => {
    const to = from === 'us' ? 'peer' : 'us';
    const packet = ipPacket(from, ports[from], ports[to], next[from], next[to], flags, payload);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE((timeUs += 10), 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    packets.push(record, packet);
    next[from] += payload.length + ((flags & flag.syn) === 0 ? 0 : 1);
  };
  const nothing = new Uint8Array(0);
  add('us', flag.syn, nothing);
  add('peer', flag.syn | flag.ack, nothing);
  add('us', flag.ack, nothing);
  for (const { from, bytes } of wire) {
    for (let at = 0; at < bytes.length; at += segmentBytes) {
      add(from, flag.ack | flag.psh, bytes.subarray(at, at + segmentBytes));
    }
  }
  return Buffer.concat(packets);
}

/** IPv4 and TCP headers without checksums, which analysers do not check by default. */
function ipPacket(
  from: WirePiece['from'],
  sourcePort: number,
  targetPort: number,
  sequence: number,
  acknowledged: number,
  flags: number,
  payload: Uint8Array,
): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x45;
  head.writeUInt16BE(40 + payload.length, 2);
  head[8] = 64;
  head[9] = 6;
  head.set([10, 0, 0, from === 'us' ? 1 : 2], 12);
  head.set([10, 0, 0, from === 'us' ? 2 : 1], 16);
  head.writeUInt16BE(sourcePort, 20);
  head.writeUInt16BE(targetPort, 22);
  head.writeUInt32BE(sequence, 24);
  head.writeUInt32BE((flags & flag.ack) === 0 ? 0 : acknowledged, 28);
  head[32] = 0x50;
  head[33] = flags;
  head.writeUInt16BE(65_535, 34);
  return Buffer.concat([head, payload]);
}

const flag = { syn: 0x02, psh: 0x08, ack: 0x10 };
const segmentBytes = 1400;
const linkTypeRaw = 101;
