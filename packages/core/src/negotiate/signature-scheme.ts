import { describeScheme } from '../crypto/signature-schemes.ts';

/** The first of the key's schemes that the peer verifies and that may sign a TLS 1.3 handshake. */
export function selectHandshakeScheme(
  ofKey: readonly number[],
  ofPeer: readonly number[],
): number | undefined {
  return ofKey.find((scheme) => ofPeer.includes(scheme) && describeScheme(scheme)?.signsHandshake === true);
}
