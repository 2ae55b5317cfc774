import { groupOf } from '../../config/defaults.ts';
import { arrangeExtensions, withExtraExtensions } from '../../config/arrange-extensions.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { Entropy } from '../../crypto/entropy.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { wordsOf } from '../../errors/words.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { certificateAuthoritiesExtension } from '../../extensions/certificate-authorities.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../extensions/certificate-type.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { delegatedCredentialExtension } from '../../extensions/delegated-credential.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { encryptedClientHelloExtension } from '../../extensions/encrypted-client-hello.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { maxFragmentLengthCode, maxFragmentLengthExtension } from '../../extensions/max-fragment-length.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { quicTransportParametersExtension } from '../../extensions/quic-transport-parameters.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../../extensions/supported-versions.ts';
import type { Carrier } from '../../machine/carrier.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { EncryptedExtensions } from '../../messages/encrypted-extensions.ts';
import type { ServerHello } from '../../messages/server-hello.ts';
import { greaseValue } from '../../registry/grease.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import { certificateTypeNumbers, resumedCertificateType } from '../../negotiate/certificate-type.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { Negotiated } from './states.ts';

/** ServerHello (RFC 9846 §4.2.3). */
export function serverHelloOf(
  negotiated: Negotiated,
  random: Uint8Array,
  share: Uint8Array | undefined,
): ServerHello {
  const { received, suite, exchange, psk } = negotiated;
  const own: RawExtension[] = [];
  if (psk !== undefined) own.push(extension('SH', preSharedKeyExtension, psk.index));
  if (exchange !== undefined && share !== undefined) {
    own.push(extension('SH', keyShareExtension, { group: exchange.group, keyExchange: share }));
  }
  own.push(extension('SH', supportedVersionsExtension, protocolVersions.tls13));
  return {
    type: 'server_hello',
    legacyVersion: protocolVersions.tls12,
    random,
    legacySessionIdEcho: received.hello.legacySessionId,
    cipherSuite: suite.id,
    legacyCompressionMethod: 0,
    extensions: ExtensionBlock.of(
      'SH',
      withExtraExtensions(own, received.config, 'SH', received.hello.extensions),
    ),
  };
}

/** EncryptedExtensions (RFC 9846 §4.4.1): an answer only to what the client asked. */
export function encryptedExtensionsOf(negotiated: Negotiated, { carrier }: Context): EncryptedExtensions {
  const { received, alpnProtocol, settings, maxFragmentLength, earlyDataBytes, psk } = negotiated;
  const { config, hello, view, ech } = received;
  const own: RawExtension[] = [];
  if (config.announceGroups) {
    const groups = config.groups.filter((group) => groupOf(config.provider, group) !== undefined);
    own.push(extension('EE', supportedGroupsExtension, groups));
  }
  if (alpnProtocol !== null) own.push(extension('EE', alpnExtension, alpnProtocol));
  // draft-vvv-tls-alps-01 §4.2: with 0-RTT data those of the session hold, and none are sent.
  if (settings !== undefined && earlyDataBytes === undefined)
    own.push({ type: settings.extensionType, data: settings.own });
  if (
    carrier.hasRecords &&
    config.recordSizeLimit !== undefined &&
    hello.extensions.has(recordSizeLimitExtension)
  ) {
    own.push(extension('EE', recordSizeLimitExtension, config.recordSizeLimit));
  }
  if (maxFragmentLength !== undefined) {
    own.push(extension('EE', maxFragmentLengthExtension, maxFragmentLengthCode(maxFragmentLength)));
  }
  // RFC 9849 §7.1: also where it was GREASE, which looks the same.
  if (ech?.kind === 'rejected') own.push(extension('EE', encryptedClientHelloExtension, ech.retryConfigs));
  // RFC 6066 §3: an empty server_name says that the name was used; "When resuming a session, the server MUST NOT include" it.
  if (view.serverName !== undefined && psk?.session === undefined && config.acknowledgeServerName)
    own.push(extension('EE', serverNameExtension, true));
  // Where a pre-shared key proves who is who, there are no certificates to be of a type.
  if (psk === undefined) own.push(...certificateTypesOf(negotiated));
  const resumedType = psk?.session === undefined ? undefined : resumedCertificateType(hello, config);
  if (resumedType !== undefined) own.push(extension('EE', serverCertificateTypeExtension, resumedType));
  if (earlyDataBytes !== undefined) own.push(extension('EE', earlyDataExtension, true));
  if (carrier.transportParameters !== undefined) {
    const ofClient = hello.extensions.get(quicTransportParametersExtension);
    const parameters = ownTransportParameters(carrier.transportParameters, ofClient);
    own.push(extension('EE', quicTransportParametersExtension, parameters));
  }
  return {
    type: 'encrypted_extensions',
    extensions: ExtensionBlock.of(
      'EE',
      arrangeExtensions(own, config, 'EE', config.extensionOrder, hello.extensions),
    ),
  };
}

/** What the application makes of the client's; that it fails is not the client's fault. */
function ownTransportParameters(
  make: NonNullable<Carrier['transportParameters']>,
  ofClient: Uint8Array | undefined,
): Uint8Array {
  try {
    const made = make(ofClient === undefined ? undefined : copyOf(ofClient));
    if (made instanceof Uint8Array && made.length <= 0xffff) return made;
  } catch (cause) {
    throw new TlsError('local.policyFailed', `transportParameters threw: ${wordsOf(cause)}`, { cause });
  }
  throw new TlsError(
    'local.policyFailed',
    'transportParameters must give a Uint8Array of up to 65,535 bytes',
  );
}

/** CertificateRequest (RFC 9846 §4.4.2), within the handshake: its context is empty. */
export function certificateRequestOf(config: ServerConfig, entropy: Entropy): CertificateRequest {
  const drawn = config.grease ? entropy.random(2) : undefined;
  const grease = drawn === undefined ? [] : [greaseValue(drawn[0]!) as SignatureScheme];
  const own: RawExtension[] = [
    extension('CR', signatureAlgorithmsExtension, [...grease, ...config.signatureSchemes]),
  ];
  if (config.certificateSignatureSchemes !== undefined) {
    own.push(extension('CR', signatureAlgorithmsCertExtension, config.certificateSignatureSchemes));
  }
  const { accept } = config.certificateCompression;
  if (accept.length > 0) own.push(extension('CR', compressCertificateExtension, accept));
  if (config.acceptDelegatedCredentials.length > 0) {
    own.push(extension('CR', delegatedCredentialExtension, config.acceptDelegatedCredentials));
  }
  if (config.certificateAuthorities.length > 0) {
    own.push(extension('CR', certificateAuthoritiesExtension, config.certificateAuthorities));
  }
  // RFC 8701 §4.1: extensions and schemes are what a server may try its clients with.
  if (drawn !== undefined) own.push({ type: greaseValue(drawn[1]!), data: new Uint8Array(1) });
  return {
    type: 'certificate_request',
    certificateRequestContext: new Uint8Array(0),
    extensions: ExtensionBlock.of('CR', arrangeExtensions(own, config, 'CR', [])),
  };
}

/** Which of the types that the client offers are used (RFC 7250 §4.2); nothing to a client that does not ask. */
function certificateTypesOf({ received, ...types }: Negotiated): RawExtension[] {
  const { extensions } = received.hello;
  return (
    [
      [clientCertificateTypeExtension, types.clientCertificateType],
      [serverCertificateTypeExtension, types.serverCertificateType],
    ] as const
  ).flatMap(([definition, name]) =>
    name === undefined || !extensions.has(definition)
      ? []
      : certificateTypeNumbers([name]).map((type) => extension('EE', definition, type)),
  );
}
