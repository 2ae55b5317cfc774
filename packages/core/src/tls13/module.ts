import { defaultCipherSuites, groupOf } from '../config/defaults.ts';
import type { VersionModule } from '../machine/step.ts';
import { protocolVersions } from '../registry/versions.ts';
import { afterHello, completeHello, contributeHello } from './client/contribute.ts';
import { onHelloRetryRequest } from './client/hello-retry.ts';
import { clientMachine } from './client/machine.ts';
import { onServerHello } from './client/server-hello.ts';
import { onClientHello } from './server/client-hello.ts';
import { serverMachine } from './server/machine.ts';
import { InternalError } from '../errors/tls-error.ts';
import { isSupported, suite13 } from './suites.ts';

/** TLS 1.3 (RFC 9846), for `versions` of a configuration. */
export const tls13: VersionModule = {
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
  client: {
    contributeHello,
    completeHello,
    afterHello,
    onServerHello(sent, message, context) {
      switch (message.type) {
        case 'hello_retry_request':
          return clientMachine.enter(onHelloRetryRequest(sent, message, context));
        case 'server_hello':
          return clientMachine.enter(onServerHello(sent, undefined, message, context));
        case 'legacy_server_hello':
          throw new InternalError('a ServerHello without supported_versions never selects TLS 1.3');
      }
    },
  },
  server: {
    onClientHello: (received, context) => serverMachine.enter(onClientHello(received, context)),
  },
};
