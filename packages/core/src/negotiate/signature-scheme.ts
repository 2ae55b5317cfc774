import { bindsSchemesToKeys, namesSchemes } from './version.ts';
import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import { curveOfScheme, isForTls13Alone, mayVerifyHandshake } from '../crypto/signature-schemes.ts';

/** The first of the key's schemes that the peer verifies and that may sign a TLS 1.3 handshake for this side. */
export function selectHandshakeScheme(
  ofKey: readonly number[],
  ofPeer: readonly number[],
  role: 'client' | 'server' = 'server',
): number | undefined {
  return ofKey.find((scheme) => ofPeer.includes(scheme) && mayVerifyHandshake(scheme, role));
}

/** Whether a key with these schemes can sign a handshake of `version` for a peer that verifies those. */
export function canSign(
  ofKey: readonly number[],
  ofPeer: readonly number[],
  version: number,
  role: 'client' | 'server' = 'server',
): boolean {
  if (bindsSchemesToKeys(version)) return selectHandshakeScheme(ofKey, ofPeer, role) !== undefined;
  const families = new Set(ofKey.map(familyOf));
  if (!namesSchemes(version)) return ofPeer.some((scheme) => families.has(familyOf(scheme)));
  return ofPeer.some(
    (scheme) =>
      (ofKey.includes(scheme) && !isForTls13Alone(scheme)) ||
      (withEveryKey.includes(scheme) && families.has(familyOf(scheme))),
  );
}

/** The curve of a key with these schemes; `undefined`: it is no ECDSA key, or they do not say. */
export function curveOfKey(ofKey: readonly number[]): NamedGroup | undefined {
  const names = ofKey.flatMap((scheme) => curveOfScheme(scheme) ?? []);
  return names[0] === undefined ? undefined : namedGroups[names[0]];
}

/**
 * The kind of key that a scheme is for, by its numbers: before TLS 1.3 padding and hash are no matter of the key (RFC 5246
 * §7.4.1.4.1; the values 8 to 11 of the first byte are RFC 9846's and RFC 8422's own).
 */
function familyOf(scheme: number): string {
  if (curveOfScheme(scheme) !== undefined) return 'ecdsa';
  const [high, low] = [scheme >>> 8, scheme & 0xff];
  if (high !== 8) return low === 1 ? 'rsa' : low === 3 ? 'ecdsa' : `${scheme}`;
  if (low >= 4 && low <= 6) return 'rsa';
  return low >= 9 && low <= 11 ? 'rsa-pss' : `${scheme}`;
}

/**
 * What every RSA and ECDSA key signs with before TLS 1.3, whatever else its credential names (RFC 5246 §7.4.1.4.1). SHA-1
 * must be named, and RSASSA-PSS, for which there may be too little room in the key or no way in whatever has it.
 */
const withEveryKey: readonly number[] = [
  signatureSchemes.rsa_pkcs1_sha256,
  signatureSchemes.rsa_pkcs1_sha384,
  signatureSchemes.rsa_pkcs1_sha512,
  signatureSchemes.ecdsa_secp256r1_sha256,
  signatureSchemes.ecdsa_secp384r1_sha384,
  signatureSchemes.ecdsa_secp521r1_sha512,
];
