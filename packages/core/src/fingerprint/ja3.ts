import type { HashFunction } from '../crypto/provider.ts';
import { ascii, hex } from '../wire/bytes.ts';
import { requireHash } from './require-hash.ts';
import { outlineOf } from './hello-outline.ts';

/** JA3 as its authors at Salesforce defined it in 2017. */
export interface Ja3 {
  /** `version,suites,extensions,groups,point formats`; decimal, `-` between the numbers of a list, no GREASE. */
  readonly text: string;
  /** MD5 of `text` in lower-case hexadecimal: what is compared. */
  readonly hash: string;
}

/**
 * The JA3 fingerprint of a ClientHello: the whole handshake message with its header, as in `ClientHelloView.raw`.
 * `undefined` for bytes that are no ClientHello. It depends on the order of the extensions, which current browsers
 * permute; JA4 does not. `ApiMisuseError` unless `md5` is a provider's `hashes.md5`.
 */
export function ja3(hello: Uint8Array, md5: HashFunction): Ja3 | undefined {
  requireHash(md5, 'md5');
  const outline = outlineOf(hello);
  if (outline === undefined) return undefined;
  const { cipherSuites, extensionTypes, groups, pointFormats } = outline;
  const lists = [cipherSuites, extensionTypes, groups, pointFormats].map((list) => list.join('-'));
  const text = [outline.legacyVersion, ...lists].join(',');
  return { text, hash: hex(md5.digest([ascii(text)])) };
}
