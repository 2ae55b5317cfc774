import { formatIpAddress, parseIpAddress } from '../names/ip-address.ts';

/** How Node reads and writes IP addresses: by `net.isIP`, and by the `inet_pton` and `inet_ntop` of libuv. */

/** Whether `net.isIP` takes the text for an address: an IPv6 literal may have a zone, `fe80::1%eth0`. */
export function isIpText(text: string): boolean {
  const percent = text.indexOf('%');
  if (percent < 0) return parseIpAddress(text) !== undefined;
  const address = text.slice(0, percent);
  return (
    address.includes(':') &&
    parseIpAddress(address) !== undefined &&
    /^[0-9a-zA-Z.:-]+$/.test(text.slice(percent + 1))
  );
}

/**
 * One text for each address; `undefined` for what is none. As in C, the text ends at the first NUL, and an IPv6 literal at its
 * zone, whatever that is.
 */
export function canonicalIpText(text: string): string | undefined {
  const nul = text.indexOf('\0');
  const ended = nul < 0 ? text : text.slice(0, nul);
  const percent = ended.indexOf('%');
  const address = percent < 0 ? ended : ended.slice(0, percent);
  if (percent >= 0 && !address.includes(':')) return undefined;
  const octets = parseIpAddress(address);
  if (octets === undefined) return undefined;
  return octets.length === 16 ? ipv6Text(octets) : formatIpAddress(octets);
}

/** As in RFC 5952, and the last 32 bits as an IPv4 address where 96 bits of zeros, or 80 and 16 ones, stand before them. */
function ipv6Text(octets: Uint8Array): string | undefined {
  const words = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  const zeros = words.findIndex((word) => word !== 0);
  const ipv4 = octets.subarray(12).join('.');
  if (zeros === 6) return `::${ipv4}`;
  if (zeros === 5 && words[5] === 0xffff) return `::ffff:${ipv4}`;
  return formatIpAddress(octets);
}
