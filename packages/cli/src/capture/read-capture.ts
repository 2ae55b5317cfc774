import { Problem } from '../problem.ts';

export interface CapturedPacket {
  /** LINKTYPE of tcpdump.org. */
  readonly linkType: number;
  readonly bytes: Buffer;
}

export interface CaptureFile {
  readonly packets: readonly CapturedPacket[];
  /** Lines of key logs that are in the file (Decryption Secrets Blocks). */
  readonly keyLog: readonly string[];
}

/** Whether it is a capture file by its first bytes: pcapng, or pcap in either order of bytes. */
export function isCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  return captureMagics.has(Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32BE(0));
}

/** A capture file as its packets; `Problem` where it is damaged, but for an end that is cut off, as that of a capture going on. */
export function readCapture(bytes: Uint8Array, path: string): CaptureFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return file.readUInt32BE(0) === sectionHeader ? readPcapng(file) : readPcap(file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Problem('file', 'capture.malformed', `${path}: the capture is damaged`, { cause: error });
  }
}

/** draft-ietf-opsawg-pcapng: blocks of type, length, body, length. */
function readPcapng(file: Buffer): CaptureFile {
  const packets: CapturedPacket[] = [];
  const keyLog: string[] = [];
  let linkTypes: number[] = [];
  let isLittle = true;
  for (let at = 0; at + 12 <= file.length; ) {
    // The order of bytes is said by each section anew, in a type that reads the same both ways.
    if (file.readUInt32BE(at) === sectionHeader) {
      isLittle = file.readUInt32LE(at + 8) === byteOrderMagic;
      linkTypes = [];
    }
    const u32 = (offset: number) => (isLittle ? file.readUInt32LE(offset) : file.readUInt32BE(offset));
    const u16 = (offset: number) => (isLittle ? file.readUInt16LE(offset) : file.readUInt16BE(offset));
    const length = u32(at + 4);
    if (length < 12 || length % 4 !== 0) throw new RangeError('length of a block');
    if (at + length > file.length) break;
    const body = at + 8;
    const end = at + length - 4;
    switch (u32(at)) {
      case 1:
        linkTypes.push(u16(body));
        break;
      case 6: {
        const captured = u32(body + 12);
        if (body + 20 + captured > end) throw new RangeError('length of a packet');
        const bytes = file.subarray(body + 20, body + 20 + captured);
        packets.push({ linkType: linkTypes[u32(body)] ?? -1, bytes });
        break;
      }
      case 3: {
        const captured = Math.min(u32(body), end - body - 4);
        packets.push({ linkType: linkTypes[0] ?? -1, bytes: file.subarray(body + 4, body + 4 + captured) });
        break;
      }
      case 0x0a: {
        const size = u32(body + 4);
        if (u32(body) === tlsKeyLog && body + 8 + size <= end)
          keyLog.push(...linesOf(file.toString('latin1', body + 8, body + 8 + size)));
        break;
      }
    }
    at += length;
  }
  return { packets, keyLog };
}

/** The older format: a header of 24 bytes, then each packet behind one of 16. */
function readPcap(file: Buffer): CaptureFile {
  const magic = file.readUInt32BE(0);
  const isLittle = magic === 0xd4c3_b2a1 || magic === 0x4d3c_b2a1;
  const u32 = (offset: number) => (isLittle ? file.readUInt32LE(offset) : file.readUInt32BE(offset));
  const linkType = u32(20) & 0xffff;
  const packets: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const captured = u32(at + 8);
    if (at + 16 + captured > file.length) break;
    packets.push({ linkType, bytes: file.subarray(at + 16, at + 16 + captured) });
    at += 16 + captured;
  }
  return { packets, keyLog: [] };
}

/** Lines of a key log (RFC 9850), without comments and whatever else is none. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => /^[A-Z0-9_]+ (?:[0-9a-f]{2})+ (?:[0-9a-f]{2})+$/i.test(line));
}

const sectionHeader = 0x0a0d_0d0a;
const byteOrderMagic = 0x1a2b_3c4d;
/** "TLSK". */
const tlsKeyLog = 0x544c_534b;
const captureMagics: ReadonlySet<number> = new Set([
  sectionHeader,
  ...[0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1],
]);
