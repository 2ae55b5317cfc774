import type { ClientConfig, ClientOptions } from '../config/client.ts';
import type { ServerConfig, ServerOptions } from '../config/server.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { clientStart } from '../hello/client-start.ts';
import { serverStart } from '../hello/server-start.ts';
import { answersOf, madeClientConfig, madeServerConfig } from '../interpret/configs.ts';
import { quicCarrier, type Carrier } from '../machine/carrier.ts';
import type { Step, VersionModule } from '../machine/step.ts';
import { copyOf } from '../wire/bytes.ts';
import { QuicHandshake } from './quic-handshake.ts';

/** What one QUIC connection says of itself. */
export interface QuicClientTransport {
  /** The value of `quic_transport_parameters` (RFC 9000 §18), up to 65,535 bytes; TLS does not look at it. */
  readonly transportParameters: Uint8Array;
}

export interface QuicServerTransport {
  /** As a client's; or a pure function of the client's, called once while EncryptedExtensions is made. */
  readonly transportParameters: Uint8Array | ((ofClient: Uint8Array) => Uint8Array);
}

export function quicClient(
  options: ClientOptions | ClientConfig,
  transport: QuicClientTransport,
  versions: readonly VersionModule[],
): QuicHandshake {
  const config = madeClientConfig(options, versions);
  const carrier = fixedCarrier(transport?.transportParameters);
  return begun(config, carrier, clientStart.enter({ state: { at: 'idle', config } }));
}

export function quicServer(
  options: ServerOptions | ServerConfig,
  transport: QuicServerTransport,
  versions: readonly VersionModule[],
): QuicHandshake {
  const config = madeServerConfig(options, versions);
  const given = transport?.transportParameters;
  const carrier =
    typeof given === 'function'
      ? // A hello without them has been refused before this is called.
        quicCarrier((ofClient = new Uint8Array(0)) => given(ofClient))
      : fixedCarrier(given);
  return begun(config, carrier, serverStart.enter({ state: { at: 'idle', config } }));
}

function begun(config: ClientConfig | ServerConfig, carrier: Carrier, first: Step): QuicHandshake {
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
  );
}

function fixedCarrier(given: unknown): Carrier {
  if (!(given instanceof Uint8Array) || given.length > 0xffff)
    throw new ApiMisuseError('expected { transportParameters: Uint8Array } of up to 65,535 bytes');
  const own = copyOf(given);
  return quicCarrier(() => own);
}
