import type { VersionModule } from '../machine/step.ts';
import { client13 } from './client/module.ts';
import { moduleOf13 } from './rules.ts';
import { server13 } from './server/module.ts';

/** TLS 1.3 (RFC 9846), for `versions` of a configuration. */
export const tls13: VersionModule = /* @__PURE__ */ moduleOf13({ client: client13, server: server13 });
