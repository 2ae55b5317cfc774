import { parseIpAddress } from '../names/ip-address.ts';
import type { NodeRelease } from './object-names.ts';

/**
 * An IP address as OpenSSL reads it: 4 or 16 octets; `undefined` for what is none. Version 3.0, that of Node 20, allows more than
 * RFC 4291 §2.2: decimal numbers may have leading zeros, a sign and blanks in front, and blanks may follow.
 */
export function opensslIpOctets(text: string, release: NodeRelease): Uint8Array | undefined {
  const nul = text.indexOf('\0');
  const ended = nul < 0 ? text : text.slice(0, nul);
  const ipv4 = release === 20 ? lenientIpv4 : strictIpv4;
  const octets = ended.includes(':') ? ipv6(ended, ipv4) : ipv4(ended);
  return octets === undefined ? undefined : Uint8Array.from(octets);
}

function strictIpv4(text: string): number[] | undefined {
  const octets = text.includes(':') ? undefined : parseIpAddress(text);
  return octets === undefined ? undefined : [...octets];
}

function lenientIpv4(text: string): number[] | undefined {
  const number = '[ \\t\\n\\v\\f\\r]*([+-]?[0-9]+)';
  const parts = new RegExp(
    `^${number}\\.${number}\\.${number}\\.${number}(?:[ \\t\\n\\v\\f\\r].*)?$`,
    's',
  ).exec(text);
  const octets = parts?.slice(1).map(Number);
  return octets?.every((octet) => octet >= 0 && octet <= 255) ? octets.map(Math.abs) : undefined;
}

/** Parts between colons; two colons stand for the zeros that are missing. */
function ipv6(text: string, ipv4: (text: string) => number[] | undefined): number[] | undefined {
  const parts = text.split(':');
  const octets: number[] = [];
  let gap = -1;
  let empty = 0;
  for (const [i, part] of parts.entries()) {
    if (octets.length >= 16) return undefined;
    if (part === '') {
      if (gap < 0) gap = octets.length;
      else if (gap !== octets.length) return undefined;
      empty++;
    } else if (part.length > 4) {
      const tail = octets.length > 12 || i < parts.length - 1 ? undefined : ipv4(part);
      if (tail === undefined) return undefined;
      octets.push(...tail);
    } else {
      if (!/^[0-9a-fA-F]+$/.test(part)) return undefined;
      const word = Number.parseInt(part, 16);
      octets.push(word >> 8, word & 0xff);
    }
  }
  if (gap < 0) return octets.length === 16 ? octets : undefined;
  if (octets.length >= 16 || empty > 3) return undefined;
  const isAtEdge = gap === 0 || gap === octets.length;
  // `::` alone is three empty parts, `::1` and `1::` two, `1::2` one.
  if (empty === 3 ? octets.length > 0 : empty === 2 ? !isAtEdge : isAtEdge) return undefined;
  return [...octets.slice(0, gap), ...new Array<number>(16 - octets.length).fill(0), ...octets.slice(gap)];
}
