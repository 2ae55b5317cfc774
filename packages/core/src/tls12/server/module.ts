import type { VersionModule, VersionOfServer } from '../../machine/step.ts';
import { protocolVersions, type ProtocolVersion } from '../../registry/versions.ts';
import { profileOf } from '../profile.ts';
import { moduleOf12 } from '../rules.ts';
import { onClientHello } from './hello.ts';
import { serverMachine } from './machine.ts';

export function server12(version: ProtocolVersion): VersionOfServer {
  const profile = profileOf(version);
  return {
    onClientHello: (received, context) => serverMachine(profile).enter(onClientHello(received, context)),
  };
}

/** TLS 1.2 for servers that name no versions. */
export const tls12Server: VersionModule = /* @__PURE__ */ moduleOf12(protocolVersions.tls12, {
  server: /* @__PURE__ */ server12(protocolVersions.tls12),
});
