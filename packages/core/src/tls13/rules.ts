import { defaultCipherSuites, groupOf } from '../config/defaults.ts';
import type { VersionModule } from '../machine/step.ts';
import { protocolVersions } from '../registry/versions.ts';
import { isSupported, suite13 } from './suites.ts';

/** TLS 1.3 as these sides speak it. A side that nobody begins with is not in the bundle. */
export function moduleOf13(sides: Pick<VersionModule, 'client' | 'server'>): VersionModule {
  return {
    versions: [protocolVersions.tls13],
    defaultCipherSuites,
    isLegacy: false,
    // RFC 9846 §5.1: "MUST be set to 0x0303 for all records".
    recordVersion: () => protocolVersions.tls12,
    supports(id, provider) {
      const suite = suite13(id);
      return suite !== undefined && isSupported(suite, provider);
    },
    supportsGroup: (group, provider) => groupOf(provider, group) !== undefined,
    ...sides,
  };
}
