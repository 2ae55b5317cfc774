import type { GeneralName } from './general-name.ts';
import { parseIpAddress } from './ip-address.ts';

/**
 * Does a certificate stand for the host that we meant to reach? RFC 9525 §6: only subjectAltName counts, the
 * subject's common name never does; a DNS name is compared with dNSName entries, an IP address with iPAddress
 * entries and with nothing else.
 */
export function matchesHostName(alternativeNames: readonly GeneralName[], host: HostName): boolean {
  if (host.type === 'ip') {
    const { octets } = host;
    return alternativeNames.some(
      (name) =>
        name.type === 'ip' &&
        name.value.length === octets.length &&
        name.value.every((octet, i) => octet === octets[i]),
    );
  }
  return alternativeNames.some((name) => name.type === 'dns' && matchesDnsName(name.value, host));
}

/** What a client wants to reach. */
export type HostName =
  | { readonly type: 'dns' /** Lower case, without a final dot. */; readonly name: string }
  | { readonly type: 'ip'; readonly octets: Uint8Array };

/**
 * Reads a host as a user gives it: an IPv4 or IPv6 literal, or a DNS name in ASCII (A-labels for
 * internationalised names), with or without the final dot. `undefined` for anything else.
 */
export function parseHostName(text: string): HostName | undefined {
  const octets = parseIpAddress(text);
  if (octets !== undefined) return { type: 'ip', octets };
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  // A last label of digits alone is meant as an IPv4 address, and is a bad one then (RFC 1123 §2.1).
  if (!isDnsName(name) || /(^|\.)[0-9]+$/.test(name)) return undefined;
  // Not before: the Kelvin sign in lower case is a letter of ASCII.
  return { type: 'dns', name: name.toLowerCase() };
}

/**
 * RFC 9525 §6.3: case does not matter; a wildcard is the whole left-most label and stands for exactly one
 * label. At least two labels must follow it, so that nobody is certified for a whole top-level domain.
 */
export function matchesDnsName(presented: string, host: { readonly name: string }): boolean {
  if (!presented.startsWith('*.')) return isDnsName(presented) && presented.toLowerCase() === host.name;
  const parent = presented.slice(2);
  if (!isDnsName(parent) || !parent.includes('.')) return false;
  // A host of one label keeps it and is unlike any parent, which has two.
  return host.name.slice(host.name.indexOf('.') + 1) === parent.toLowerCase();
}

/**
 * The preferred name syntax of RFC 1034 §3.5 as RFC 1123 §2.1 loosens it, with underscores, which real
 * certificates have. No final dot, no empty label, at most 253 characters.
 */
export function isDnsName(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text
    .split('.')
    .every((label) => label.length <= 63 && /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(label));
}
