import type { ClientConfig, ClientOptions } from './config/client.ts';
import type { ServerConfig, ServerOptions } from './config/server.ts';
import { quicClient, quicServer, type QuicClientTransport, type QuicServerTransport } from './quic/create.ts';
import type { QuicHandshake } from './quic/quic-handshake.ts';
import { tls13Client } from './tls13/client/module.ts';
import { tls13Server } from './tls13/server/module.ts';

/**
 * TLS for QUIC (RFC 9001): for whoever has QUIC's packets and frames, and needs its handshake. The same machines as for
 * TCP, in TLS 1.3 alone. Everything else, types and errors among it, comes from `@sealwire/core`.
 *
 * Options are those of connections over TCP; a configuration may serve both. `alpnProtocols` must name one (RFC 9001 §8.1).
 * What is of records, of older versions, or forbidden in QUIC means nothing here: `recordSizeLimit`, `recordPadding`,
 * `maxFragmentLength`, `requestKeyUpdates`, `allowDetach`, `middleboxCompatibility`, `postHandshakeAuth`. A server's
 * `earlyData.maxBytes` only says that there may be 0-RTT data. Sessions of TCP are not resumed in QUIC, nor the other way round.
 *
 * `ApiMisuseError` for options that could never work.
 */
export function createQuicClient(
  options: ClientOptions | ClientConfig,
  transport: QuicClientTransport,
): QuicHandshake {
  return quicClient(options, transport, [tls13Client]);
}

/** As `createQuicClient`, for the other side. */
export function createQuicServer(
  options: ServerOptions | ServerConfig,
  transport: QuicServerTransport,
): QuicHandshake {
  return quicServer(options, transport, [tls13Server]);
}

export type { QuicHandshake };
export type { QuicClientTransport, QuicServerTransport } from './quic/create.ts';
export type { QuicLevel, QuicOutput } from './quic/outputs.ts';
export { quicErrorCode } from './quic/error-code.ts';
export {
  headerProtectionMask,
  initialSecrets,
  nextPacketSecret,
  packetKeys,
  packetNonce,
  quicVersions,
  retryIntegrityTag,
  type InitialSecrets,
  type PacketKeys,
  type QuicVersion,
} from './quic/packet-keys.ts';
