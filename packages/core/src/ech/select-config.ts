import type { CryptoProvider } from '../crypto/provider.ts';
import { hpkeOf, type Hpke } from '../hpke/hpke.ts';
import type { EchCipherSuite, EchConfig, EchConfigContents } from './config-list.ts';

/** A configuration that a client can encrypt to, and how. */
export interface SelectedConfig {
  readonly bytes: Uint8Array;
  readonly contents: EchConfigContents;
  readonly suite: EchCipherSuite;
  readonly hpke: Hpke;
}

/** The first configuration that is usable with this provider, with its first usable suite (RFC 9849 §6.1). */
export function selectConfig(
  configs: readonly EchConfig[],
  provider: CryptoProvider,
): SelectedConfig | undefined {
  for (const { bytes, contents } of configs) {
    if (contents === undefined || !isUsable(contents)) continue;
    for (const suite of contents.cipherSuites) {
      const hpke = hpkeOf(provider, contents.kem, suite.kdf, suite.aead);
      // A key that is none would be found out by the first hello: the next configuration may be better.
      const probe = hpke?.seal(contents.publicKey, bytes, hpke.kem.group.generate());
      if (hpke !== undefined && probe !== undefined) return { bytes, contents, suite, hpke };
    }
  }
  return undefined;
}

/** RFC 9849 §4.2: an unknown mandatory extension rules a configuration out; §6.1.7: so does a bad public_name. */
export function isUsable({ extensions, publicName }: EchConfigContents): boolean {
  return extensions.every(({ type }) => (type & 0x8000) === 0) && isPublicName(publicName);
}

/**
 * Labels of letters, digits and hyphens with dots between them, at most 63 characters each; the last not a number, so
 * that nobody takes it for an IPv4 address (RFC 9849 §6.1.7).
 */
export function isPublicName(name: string): boolean {
  const labels = name.split('.');
  const areLabels = labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));
  return areLabels && !/^(\d+|0[xX][0-9A-Fa-f]*)$/.test(labels.at(-1)!);
}
