import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import type { Tls12Message } from '../../src/messages/tls12.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
} from '../../src/messages/tls12/client-key-exchange.ts';
import {
  serverKeyExchangeOf,
  serverKeyExchangeParams,
} from '../../src/messages/tls12/server-key-exchange.ts';
import { clientCertificateTypes } from '../../src/registry/client-certificate-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { encode } from '../../src/wire/codec.ts';
import { p256Certificate } from '../harness/fixtures.ts';

const none = new Uint8Array(0);
const signed = {
  algorithm: signatureSchemes.ecdsa_secp256r1_sha256,
  signature: new Uint8Array(70),
};
const share = new Uint8Array(32).fill(9);

/** One well-formed message of TLS 1.2 of each type: nothing is wrong with it but its place. */
export const sampleMessages12: {
  readonly [T in Tls12Message['type']]: Extract<Tls12Message, { type: T }>;
} = {
  hello_request: { type: 'hello_request' },
  client_hello: {
    type: 'client_hello',
    legacyVersion: protocolVersions.tls12,
    random: new Uint8Array(32),
    legacySessionId: none,
    cipherSuites: [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
    legacyCompressionMethods: new Uint8Array(1),
    extensions: ExtensionBlock.of('CH', [extension('CH', renegotiationInfoExtension, none)]),
  },
  server_hello: {
    type: 'server_hello',
    serverVersion: protocolVersions.tls12,
    random: new Uint8Array(32),
    sessionId: none,
    cipherSuite: suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    compressionMethod: 0,
    extensions: ExtensionBlock.of('SH12', [extension('SH12', renegotiationInfoExtension, none)]),
  },
  new_session_ticket: { type: 'new_session_ticket', ticketLifetimeHintSeconds: 1, ticket: new Uint8Array(9) },
  certificate: { type: 'certificate', certificateList: [p256Certificate] },
  server_key_exchange: serverKeyExchangeOf(
    encode(serverKeyExchangeParams.ecdhe, { namedCurve: namedGroups.x25519, public: share }),
    signed,
  ),
  certificate_request: {
    type: 'certificate_request',
    certificateTypes: [clientCertificateTypes.ecdsa_sign],
    supportedSignatureAlgorithms: [signatureSchemes.ecdsa_secp256r1_sha256],
    certificateAuthorities: [],
  },
  server_hello_done: { type: 'server_hello_done' },
  certificate_verify: { type: 'certificate_verify', ...signed },
  client_key_exchange: clientKeyExchangeOf(clientKeyExchangeFields.ecdhe, { ecdhYc: share }),
  finished: { type: 'finished', verifyData: new Uint8Array(12) },
  certificate_status: { type: 'certificate_status', response: new Uint8Array(3) },
  next_protocol: { type: 'next_protocol', selectedProtocol: 'h2', padding: none },
};
