import type { Scenario } from '../scenario.ts';
import { alpnScenarios } from './alpn.ts';
import { argumentScenarios } from './arguments.ts';
import { carrierScenarios } from './carriers.ts';
import { contextScenarios } from './contexts.ts';
import { dataScenarios } from './data.ts';
import { extraScenarios } from './extras.ts';
import { identityScenarios } from './identity.ts';
import { lifecycleScenarios } from './lifecycle.ts';
import { moduleScenarios } from './exports.ts';
import { peerScenarios } from './peers.ts';
import { pskScenarios } from './psk.ts';
import { readingScenarios } from './reading.ts';
import { removedScenarios } from './removed.ts';
import { renegotiationScenarios } from './renegotiation.ts';
import { sessionScenarios } from './sessions.ts';
import { serverScenarios } from './servers.ts';
import { sniScenarios } from './sni.ts';
import { socketScenarios } from './sockets.ts';
import { storeScenarios } from './stores.ts';
import { suiteScenarios } from './suites.ts';
import { trustScenarios } from './trust.ts';
import { versionScenarios } from './versions.ts';
import { viewScenarios } from './views.ts';
import { wireScenarios } from './wire.ts';

/** What connections are agreed on. */
const handshakeScenarios: readonly Scenario[] = [
  ...trustScenarios,
  ...identityScenarios,
  ...alpnScenarios,
  ...sniScenarios,
  ...suiteScenarios,
  ...versionScenarios,
  ...sessionScenarios,
  ...pskScenarios,
  ...contextScenarios,
];

/** What goes over them, and all that is no connection. */
const streamScenarios: readonly Scenario[] = [
  ...moduleScenarios,
  ...argumentScenarios,
  ...dataScenarios,
  ...extraScenarios,
  ...viewScenarios,
  ...lifecycleScenarios,
  ...readingScenarios,
  ...carrierScenarios,
  ...wireScenarios,
  ...renegotiationScenarios,
  ...peerScenarios,
  ...serverScenarios,
  ...socketScenarios,
  ...removedScenarios,
  ...storeScenarios,
];

/** In two parts, for two processors. */
export const parts = { handshake: handshakeScenarios, stream: streamScenarios };
export const scenarios: readonly Scenario[] = [...handshakeScenarios, ...streamScenarios];
