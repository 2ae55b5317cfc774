import { withItsSessions } from '../auth/session-answers.ts';
import { baseOf } from '../config/base-of.ts';
import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import { clientStart } from '../hello/client-start.ts';
import { serverStart } from '../hello/server-start.ts';
import { answersOf } from '../interpret/configs.ts';
import { streamCarrier } from '../machine/carrier.ts';
import type { VersionModule } from '../machine/step.ts';
import { Transcript } from '../transcript/transcript.ts';
import { Connection } from './connection.ts';
import type { RecordInterpreterOptions, Spoken } from './record-sink.ts';

/** A client that has done nothing yet: call `start`. */
export function clientConnection(config: ClientConfig): Connection {
  return new Connection(clientOptions(config), {
    first: clientStart.enter({ state: { at: 'idle', config } }),
    ...setup(config),
  });
}

/** A server that has done nothing yet: call `start`. */
export function serverConnection(config: ServerConfig): Connection {
  return new Connection(interpreterOptions(config), {
    first: serverStart.enter({ state: { at: 'idle', config } }),
    ...setup(config),
  });
}

function clientOptions(config: ClientConfig): RecordInterpreterOptions {
  const base = baseOf(config);
  const known = interpreterOptions(base);
  if (base === config) return known;
  const options: { -readonly [K in keyof RecordInterpreterOptions]: RecordInterpreterOptions[K] } = {
    ...known,
  };
  options.answers = withItsSessions(known.answers, config);
  return options;
}

/** Made once for a configuration: many connections share it. */
function interpreterOptions(config: ClientConfig | ServerConfig): RecordInterpreterOptions {
  const known = optionsByConfig.get(config);
  if (known !== undefined) return known;
  const made = newInterpreterOptions(config);
  optionsByConfig.set(config, made);
  return made;
}

function newInterpreterOptions(config: ClientConfig | ServerConfig): RecordInterpreterOptions {
  const { role, limits, keyLog, trace, recordPadding, requestKeyUpdates } = config;
  const { errorEvidence, allowDetach, unwantedRenegotiation } = config;
  return {
    role,
    limits,
    keyLog,
    trace,
    recordPadding,
    requestKeyUpdates,
    errorEvidence,
    allowDetach,
    unwantedRenegotiation,
    answers: answersOf(config),
    spoken: spokenWith(config.versions),
  };
}

function spokenWith(versions: readonly VersionModule[]): Spoken {
  if (versions.every(({ isLegacy }) => isLegacy)) return 'older';
  return versions.some(({ isLegacy }) => isLegacy) ? 'undecided' : 'tls13';
}

function setup({ provider, entropy, limits, versions }: ClientConfig | ServerConfig) {
  const mayBeRead = versions.some(({ isLegacy }) => isLegacy);
  const transcript = mayBeRead ? Transcript.readable : Transcript.empty;
  return { provider, entropy, limits, carrier: streamCarrier, transcript };
}

const optionsByConfig = /* @__PURE__ */ new WeakMap<ClientConfig | ServerConfig, RecordInterpreterOptions>();
