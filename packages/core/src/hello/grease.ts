import type { ClientConfig } from '../config/client.ts';
import type { Entropy } from '../crypto/entropy.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { extension, type ExtensionDefinition, type RawExtension } from '../extensions/definition.ts';
import { keyShareExtension } from '../extensions/key-share.ts';
import { pskKeyExchangeModesExtension } from '../extensions/psk-key-exchange-modes.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { NamedGroup } from '../registry/groups.ts';
import { greaseProtocol, greasePskMode, greaseValue, otherGreaseValue } from '../registry/grease.ts';
import type { PskKeyExchangeMode } from '../registry/psk-key-exchange-modes.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import { decode, type Codec } from '../wire/codec.ts';

/**
 * GREASE in a ClientHello (RFC 8701 §3.1): reserved values at every place where a server must step over what it
 * does not know. Which ones is drawn once for a hello, and stays the same in the second one.
 */
export interface HelloGrease {
  cipherSuites(own: readonly CipherSuite[]): readonly CipherSuite[];
  /** What the lists inside of our extensions get in front. */
  lists(own: readonly RawExtension[], config: ClientConfig): RawExtension[];
  /** An empty extension first, and one with a zero byte last, as browsers have them. */
  around(arranged: readonly RawExtension[]): RawExtension[];
}

/** Takes 8 bytes. */
export function drawGrease(entropy: Entropy): HelloGrease {
  const drawn = entropy.random(8);
  const value = <N extends number>(at: number) => greaseValue(drawn[at]!) as N;
  const first = greaseValue(drawn[6]!);
  const last = otherGreaseValue(drawn[7]!, first);
  const group = value<NamedGroup>(1);
  return {
    cipherSuites: (own) => [value<CipherSuite>(0), ...own],
    lists(own, { extraExtensions }) {
      // A share must be of a group that is listed (RFC 9846 §4.3.8): both, or none where one is the caller's.
      const keepsGroups = extraExtensions.some(
        (each) =>
          each.in === 'CH' &&
          (each.type === supportedGroupsExtension.type || each.type === keyShareExtension.type),
      );
      return own.map((each) => {
        switch (each.type) {
          case supportedGroupsExtension.type:
            return keepsGroups ? each : led(supportedGroupsExtension, each, group);
          case keyShareExtension.type:
            // One zero byte is the smallest share that a server can step over.
            return keepsGroups
              ? each
              : led(keyShareExtension, each, { group, keyExchange: new Uint8Array(1) });
          case supportedVersionsExtension.type:
            return led(supportedVersionsExtension, each, value<ProtocolVersion>(2));
          case signatureAlgorithmsExtension.type:
            return led(signatureAlgorithmsExtension, each, value<SignatureScheme>(3));
          case signatureAlgorithmsCertExtension.type:
            return led(signatureAlgorithmsCertExtension, each, value<SignatureScheme>(3));
          case alpnExtension.type:
            return led(alpnExtension, each, greaseProtocol(drawn[4]!));
          case pskKeyExchangeModesExtension.type:
            return led(pskKeyExchangeModesExtension, each, greasePskMode(drawn[5]!) as PskKeyExchangeMode);
          default:
            return each;
        }
      });
    },
    around: (arranged) => [
      { type: first, data: new Uint8Array(0) },
      ...arranged,
      { type: last, data: new Uint8Array(1) },
    ],
  };
}

/** The extension of a list with one more item in front. */
function led<T>(
  definition: ExtensionDefinition<{ readonly CH: Codec<readonly T[]> }>,
  { data }: RawExtension,
  item: T,
): RawExtension {
  const list = decode(definition.codecs.CH, data, definition.name);
  return extension('CH', definition, [item, ...list]);
}
