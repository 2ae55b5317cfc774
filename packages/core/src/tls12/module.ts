import type { VersionModule } from '../machine/step.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import { client12 } from './client/module.ts';
import { moduleOf12 } from './rules.ts';
import { server12 } from './server/module.ts';

/** TLS 1.2 (RFC 5246), for `versions` of a configuration. */
export const tls12: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls12);

/** TLS 1.1 (RFC 4346). Broken hashes sign its handshakes (RFC 8996): for peers that have nothing better. */
export const tls11: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls11);

/** TLS 1.0 (RFC 2246), as `tls11`; its records are chained besides, and application data begins with one byte. */
export const tls10: VersionModule = /* @__PURE__ */ moduleOf(protocolVersions.tls10);

function moduleOf(version: ProtocolVersion): VersionModule {
  return moduleOf12(version, { client: client12(version), server: server12(version) });
}
