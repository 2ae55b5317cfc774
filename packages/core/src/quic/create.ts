import type { ClientConfig, ClientOptions } from '../config/client.ts';
import type { ServerConfig, ServerOptions } from '../config/server.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { clientStart } from '../hello/client-start.ts';
import { serverStart } from '../hello/server-start.ts';
import { answersOf, madeClientConfig, madeServerConfig } from '../interpret/configs.ts';
import { quicCarrier, type CarriedVersions, type Carrier } from '../machine/carrier.ts';
import type { Step, VersionModule } from '../machine/step.ts';
import { copyOf } from '../wire/bytes.ts';
import { checkQuicVersion, QuicHandshake } from './quic-handshake.ts';
import { quicVersions } from './packet-keys.ts';

/** What one QUIC connection says of itself. */
export interface QuicClientTransport {
  /**
   * The version of QUIC that the first packets have; by default `quicVersions.v1`. Sessions of other versions are not resumed
   * (RFC 9369 §5). See also `QuicHandshake.changeVersion`.
   */
  readonly version?: number;
  /** The value of `quic_transport_parameters` (RFC 9000 §18), up to 65,535 bytes; TLS does not look at it. */
  readonly transportParameters: Uint8Array;
}

export interface QuicServerTransport {
  /** As a client's: that of its first packets. */
  readonly version?: number;
  /** As a client's; or a pure function of the client's, called once while EncryptedExtensions is made. */
  readonly transportParameters: Uint8Array | ((ofClient: Uint8Array) => Uint8Array);
}

export function quicClient(
  options: ClientOptions | ClientConfig,
  transport: QuicClientTransport,
  versions: readonly VersionModule[],
): QuicHandshake {
  const config = madeClientConfig(options, versions);
  const carried = versionsOf(transport);
  const carrier = fixedCarrier(transport?.transportParameters, carried);
  return begun(config, carrier, carried, clientStart.enter({ state: { at: 'idle', config } }));
}

export function quicServer(
  options: ServerOptions | ServerConfig,
  transport: QuicServerTransport,
  versions: readonly VersionModule[],
): QuicHandshake {
  const config = madeServerConfig(options, versions);
  const given = transport?.transportParameters;
  const carried = versionsOf(transport);
  const carrier =
    typeof given === 'function'
      ? // A hello without them has been refused before this is called.
        quicCarrier((ofClient = new Uint8Array(0)) => given(ofClient), carried)
      : fixedCarrier(given, carried);
  return begun(config, carrier, carried, serverStart.enter({ state: { at: 'idle', config } }));
}

function versionsOf(transport: QuicClientTransport | QuicServerTransport | undefined): CarriedVersions {
  const { version = quicVersions.v1 } = transport ?? {};
  checkQuicVersion(version);
  return { original: version, negotiated: version };
}

function begun(
  config: ClientConfig | ServerConfig,
  carrier: Carrier,
  carried: CarriedVersions,
  first: Step,
): QuicHandshake {
  const { role, versions, alpnProtocols, cipherSuites, provider, entropy, limits } = config;
  const usable = versions.filter(({ isLegacy }) => !isLegacy);
  if (usable.length === 0) throw new ApiMisuseError('QUIC needs TLS 1.3: expected it among versions');
  const suites = cipherSuites.filter((suite) => !carrier.excludedSuites.includes(suite));
  if (!suites.some((suite) => usable.some((version) => version.supports(suite, provider)))) {
    throw new ApiMisuseError('QUIC needs a suite of TLS 1.3 with header protection among cipherSuites');
  }
  if (alpnProtocols.length === 0) {
    throw new ApiMisuseError(`QUIC needs alpnProtocols: the ${role} options name none (RFC 9001 §8.1)`);
  }
  const { keyLog, trace, errorEvidence } = config;
  return new QuicHandshake(
    { role, limits, keyLog, trace, errorEvidence, answers: answersOf(config) },
    { provider, entropy, limits, carrier, first },
    carried,
  );
}

function fixedCarrier(given: unknown, carried: CarriedVersions): Carrier {
  if (!(given instanceof Uint8Array) || given.length > 0xffff)
    throw new ApiMisuseError('expected { transportParameters: Uint8Array } of up to 65,535 bytes');
  const own = copyOf(given);
  return quicCarrier(() => own, carried);
}
