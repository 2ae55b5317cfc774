import type { VersionModule, VersionOfServer } from '../../machine/step.ts';
import { moduleOf13 } from '../rules.ts';
import { onClientHello } from './client-hello.ts';
import { serverMachine } from './machine.ts';

export const server13: VersionOfServer = {
  onClientHello: (received, context) => serverMachine.enter(onClientHello(received, context)),
};

/** TLS 1.3 for servers that name no versions. */
export const tls13Server: VersionModule = /* @__PURE__ */ moduleOf13({ server: server13 });
