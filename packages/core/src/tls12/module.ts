import { InternalError } from '../errors/tls-error.ts';
import type { VersionModule } from '../machine/step.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import { contributeHello } from './client/contribute.ts';
import { clientMachine } from './client/machine.ts';
import { onServerHello } from './client/server-hello.ts';
import { profileOf } from './profile.ts';
import { onClientHello } from './server/client-hello.ts';
import { serverMachine } from './server/machine.ts';
import { isSupported12, suite12, tls12Suites, type Suite12 } from './suites.ts';

/** TLS 1.2 (RFC 5246), for `versions` of a configuration. */
export const tls12: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls12);

function moduleOf(version: ProtocolVersion): VersionModule {
  const profile = profileOf(version);
  return {
    versions: [version],
    isLegacy: true,
    recordVersion: () => profile.recordVersion,
    supports(id, provider) {
      const suite = suite12(id);
      return suite !== undefined && isSpoken(suite) && isSupported12(suite, provider);
    },
    get defaultCipherSuites() {
      return tls12Suites.filter(({ isDefault }) => isDefault).map(({ id }) => id);
    },
    client: {
      contributeHello: (plan) => contributeHello(version, plan),
      // Nothing of ours depends on the rest of the hello, and nothing follows it.
      completeHello: ({ hello }) => hello,
      afterHello: () => [],
      onServerHello(sent, message) {
        if (message.type !== 'legacy_server_hello') {
          throw new InternalError('supported_versions never selects TLS 1.2 or below');
        }
        return clientMachine(profile).enter(onServerHello(sent, message));
      },
    },
    server: {
      onClientHello: (received, context) => serverMachine(profile).enter(onClientHello(received, context)),
    },
  };
}

/** With a certificate and a fresh key of an elliptic curve; other key exchanges are still to come. */
function isSpoken({ keyExchange, authentication }: Suite12): boolean {
  return keyExchange === 'ecdhe' && (authentication === 'rsa' || authentication === 'ecdsa');
}
