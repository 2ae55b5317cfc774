import { InternalError } from '../../errors/tls-error.ts';
import type { VersionModule, VersionOfClient } from '../../machine/step.ts';
import { protocolVersions, type ProtocolVersion } from '../../registry/versions.ts';
import { profileOf } from '../profile.ts';
import { moduleOf12 } from '../rules.ts';
import { contributeHello } from './contribute.ts';
import { clientMachine } from './machine.ts';
import { awaitServerHello } from './renegotiate.ts';
import { onServerHello } from './server-hello.ts';

export function client12(version: ProtocolVersion): VersionOfClient {
  const profile = profileOf(version);
  return {
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
  };
}

/** TLS 1.2 for clients that name no versions. */
export const tls12Client: VersionModule = /* @__PURE__ */ moduleOf12(protocolVersions.tls12, {
  client: /* @__PURE__ */ client12(protocolVersions.tls12),
});
