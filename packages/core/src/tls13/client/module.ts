import { InternalError } from '../../errors/tls-error.ts';
import type { VersionModule, VersionOfClient } from '../../machine/step.ts';
import { moduleOf13 } from '../rules.ts';
import { afterHello, completeHello, contributeHello } from './contribute.ts';
import { onHelloRetryRequest } from './hello-retry.ts';
import { clientMachine } from './machine.ts';
import { onServerHello } from './server-hello.ts';

export const client13: VersionOfClient = {
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
};

/** TLS 1.3 for clients that name no versions. */
export const tls13Client: VersionModule = /* @__PURE__ */ moduleOf13({ client: client13 });
