import type { CryptoProvider } from '../crypto/provider.ts';
import type { VersionModule } from '../machine/step.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import { groupOf12 } from './groups.ts';
import { allowsSuite, profileOf } from './profile.ts';
import { isSupported12, suite12, tls12Suites, type Suite12 } from './suites.ts';

/** One of these versions, as these sides speak it. A side that nobody begins with is not in the bundle. */
export function moduleOf12(
  version: ProtocolVersion,
  sides: Pick<VersionModule, 'client' | 'server'>,
): VersionModule {
  const profile = profileOf(version);
  return {
    versions: [version],
    isLegacy: true,
    recordVersion: () => profile.recordVersion,
    supports(id, provider) {
      const suite = suite12(id);
      if (suite === undefined || !canExchange(suite, provider) || !allowsSuite(profile, suite)) return false;
      return isSupported12(suite, provider);
    },
    supportsGroup: (group, provider) => groupOf12(provider, group) !== undefined,
    get defaultCipherSuites() {
      return tls12Suites
        .filter((suite) => suite.isDefault && allowsSuite(profile, suite))
        .map(({ id }) => id);
    },
    ...sides,
  };
}

/** Whether the provider can do what the key exchange needs, beside curves and RSA, which are asked for where they are chosen. */
function canExchange({ keyExchange }: Suite12, { dh }: CryptoProvider): boolean {
  return dh !== undefined || (keyExchange !== 'dhe' && keyExchange !== 'dhePsk');
}
