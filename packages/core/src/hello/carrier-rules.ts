import { TlsError } from '../errors/tls-error.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { quicTransportParametersExtension } from '../extensions/quic-transport-parameters.ts';
import type { Carrier } from '../machine/carrier.ts';
import type { Effect, VersionModule } from '../machine/step.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { protocolVersions } from '../registry/versions.ts';
import type { ClientHelloView } from '../values/client-hello-view.ts';
import { copyOf } from '../wire/bytes.ts';

/** What the carrier of a handshake asks of its ClientHello, beside what TLS does. */

/** Those of the configured versions that can be spoken here. */
export function spokenModules(
  modules: readonly VersionModule[],
  { hasOlderVersions }: Carrier,
): readonly VersionModule[] {
  return hasOlderVersions ? modules : modules.filter(({ isLegacy }) => !isLegacy);
}

/** What our ClientHello says for the carrier. */
export function carrierExtensions({ transportParameters }: Carrier): RawExtension[] {
  if (transportParameters === undefined) return [];
  return [extension('CH', quicTransportParametersExtension, transportParameters(undefined))];
}

/** Refuses a ClientHello that does not go with the carrier; tells what it says to it. */
export function checkCarried(
  hello: ClientHello,
  view: ClientHelloView,
  { transportParameters, compatibilityMode, hasOlderVersions }: Carrier,
): readonly Effect[] {
  const at = (section: string, field: string) => ({ section, handshakeMessage: hello.type, field });
  const parameters = hello.extensions.get(quicTransportParametersExtension);
  if (transportParameters === undefined) {
    if (parameters === undefined) return [];
    throw new TlsError(
      'peer.unsolicitedExtension',
      'the ClientHello has quic_transport_parameters, and this is no QUIC connection',
      at('RFC 9001 §8.2', 'quic_transport_parameters'),
    );
  }
  if (!compatibilityMode && hello.legacySessionId.length > 0) {
    throw new TlsError(
      'peer.compatibilityModeInQuic',
      `legacy_session_id has ${hello.legacySessionId.length} bytes where it must be empty`,
      at('RFC 9001 §8.4', 'legacy_session_id'),
    );
  }
  // Clients must not offer older versions at all; those that do, and TLS 1.3 too, get TLS 1.3.
  if (!hasOlderVersions && view.versions.every((version) => version < protocolVersions.tls13)) {
    throw new TlsError(
      'peer.olderVersionInQuic',
      'the ClientHello offers versions of TLS before 1.3 alone',
      at('RFC 9001 §4.2', 'supported_versions'),
    );
  }
  if (parameters === undefined) {
    throw new TlsError(
      'peer.missingExtension',
      'the ClientHello lacks quic_transport_parameters',
      at('RFC 9001 §8.2', 'quic_transport_parameters'),
    );
  }
  return [{ do: 'fact', facts: { peerTransportParameters: copyOf(parameters) } }];
}
