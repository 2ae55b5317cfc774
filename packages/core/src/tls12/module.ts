import type { CryptoProvider } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import type { VersionModule } from '../machine/step.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import { contributeHello } from './client/contribute.ts';
import { clientMachine } from './client/machine.ts';
import { awaitServerHello } from './client/renegotiate.ts';
import { onServerHello } from './client/server-hello.ts';
import { groupOf12 } from './groups.ts';
import { allowsSuite, profileOf } from './profile.ts';
import { onClientHello } from './server/hello.ts';
import { serverMachine } from './server/machine.ts';
import { isSupported12, suite12, tls12Suites, type Suite12 } from './suites.ts';

/** TLS 1.2 (RFC 5246), for `versions` of a configuration. */
export const tls12: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls12);

/** TLS 1.1 (RFC 4346). Broken hashes sign its handshakes (RFC 8996): for peers that have nothing better. */
export const tls11: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls11);

/** TLS 1.0 (RFC 2246), as `tls11`; its records are chained besides, and application data begins with one byte. */
export const tls10: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls10);

function moduleOf(version: ProtocolVersion): VersionModule {
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
    client: {
      contributeHello: (plan, context) => contributeHello(version, plan, context),
      // Nothing of ours depends on the rest of the hello, and nothing follows it.
      completeHello: ({ hello }) => hello,
      afterHello: () => [],
      onServerHello(sent, message, context) {
        if (message.type !== 'legacy_server_hello') {
          throw new InternalError('supported_versions never selects TLS 1.2 or below');
        }
        return clientMachine(profile).enter(onServerHello(sent, message, context));
      },
      awaitServerHello: (sent, renegotiation) =>
        clientMachine(profile).enter(awaitServerHello(sent, renegotiation)),
    },
    server: {
      onClientHello: (received, context) => serverMachine(profile).enter(onClientHello(received, context)),
    },
  };
}

/** Whether the provider can do what the key exchange needs, beside curves and RSA, which are asked for where they are chosen. */
function canExchange({ keyExchange }: Suite12, { dh }: CryptoProvider): boolean {
  return dh !== undefined || (keyExchange !== 'dhe' && keyExchange !== 'dhePsk');
}
