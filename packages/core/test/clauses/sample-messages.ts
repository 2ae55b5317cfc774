import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import { helloRetryRequestRandom } from '../../src/messages/server-hello.ts';
import type { Tls13Message } from '../../src/messages/tls13.ts';
import { compressionAlgorithms } from '../../src/registry/compression-algorithms.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { p256Certificate } from '../harness/fixtures.ts';

const none = new Uint8Array(0);

const serverHelloFields = {
  legacyVersion: protocolVersions.tls12,
  random: new Uint8Array(32),
  legacySessionIdEcho: none,
  cipherSuite: suites13.TLS_AES_128_GCM_SHA256,
  legacyCompressionMethod: 0,
};

/** One well-formed message of each type: nothing is wrong with it but its place. */
export const sampleMessages: { readonly [T in Tls13Message['type']]: Extract<Tls13Message, { type: T }> } = {
  client_hello: {
    type: 'client_hello',
    legacyVersion: protocolVersions.tls12,
    random: new Uint8Array(32),
    legacySessionId: none,
    cipherSuites: [suites13.TLS_AES_128_GCM_SHA256],
    legacyCompressionMethods: new Uint8Array(1),
    extensions: ExtensionBlock.of('CH', [
      extension('CH', supportedVersionsExtension, [protocolVersions.tls13]),
    ]),
  },
  server_hello: {
    ...serverHelloFields,
    type: 'server_hello',
    extensions: ExtensionBlock.of('SH', [
      extension('SH', supportedVersionsExtension, protocolVersions.tls13),
    ]),
  },
  hello_retry_request: {
    ...serverHelloFields,
    type: 'hello_retry_request',
    random: helloRetryRequestRandom,
    extensions: ExtensionBlock.of('HRR', [
      extension('HRR', supportedVersionsExtension, protocolVersions.tls13),
    ]),
  },
  legacy_server_hello: { ...serverHelloFields, type: 'legacy_server_hello', extensions: [] },
  new_session_ticket: {
    type: 'new_session_ticket',
    ticketLifetimeSeconds: 1,
    ticketAgeAdd: 1,
    ticketNonce: none,
    ticket: new Uint8Array(1),
    extensions: ExtensionBlock.of('NST', []),
  },
  end_of_early_data: { type: 'end_of_early_data' },
  encrypted_extensions: { type: 'encrypted_extensions', extensions: ExtensionBlock.of('EE', []) },
  certificate: {
    type: 'certificate',
    certificateRequestContext: none,
    certificateList: [{ certData: p256Certificate, extensions: ExtensionBlock.of('CT', []) }],
  },
  compressed_certificate: {
    type: 'compressed_certificate',
    algorithm: compressionAlgorithms.zlib,
    uncompressedLength: 1,
    compressedCertificateMessage: new Uint8Array(9),
  },
  certificate_request: {
    type: 'certificate_request',
    certificateRequestContext: none,
    extensions: ExtensionBlock.of('CR', [
      extension('CR', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
    ]),
  },
  certificate_verify: {
    type: 'certificate_verify',
    algorithm: signatureSchemes.ecdsa_secp256r1_sha256,
    signature: new Uint8Array(70),
  },
  finished: { type: 'finished', verifyData: new Uint8Array(32) },
  key_update: { type: 'key_update', updateRequested: false },
};
