import fc, { type Arbitrary } from 'fast-check';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import { helloRetryRequestRandom } from '../../src/messages/server-hello.ts';
import type { Tls13Message } from '../../src/messages/tls13.ts';
import { bytes, extensionBlocks, registered, unknownExtension } from './extensions.ts';

type ArbitraryMessages = {
  readonly [T in Tls13Message['type']]: Arbitrary<Extract<Tls13Message, { readonly type: T }>>;
};

const type = <const T extends Tls13Message['type']>(name: T): Arbitrary<T> => fc.constant(name);
const u16 = <N extends number>(): Arbitrary<N> => registered<N>(0xffff);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

const serverHelloFields = {
  legacyVersion: u16<never>(),
  legacySessionIdEcho: bytes(0, 32),
  cipherSuite: u16<never>(),
  legacyCompressionMethod: fc.integer({ min: 0, max: 0xff }),
};

/** Messages of every kind, as legal on the wire as their structure demands and no more sensible than that. */
export const messages: ArbitraryMessages = {
  client_hello: fc.record({
    type: type('client_hello'),
    legacyVersion: u16<never>(),
    random: bytes(32, 32),
    legacySessionId: bytes(0, 32),
    cipherSuites: fc.array(u16<never>(), { minLength: 1, maxLength: 20 }),
    legacyCompressionMethods: bytes(1, 5),
    extensions: extensionBlocks('CH'),
  }),
  server_hello: fc.record({
    type: type('server_hello'),
    ...serverHelloFields,
    random: bytes(32, 32),
    extensions: extensionBlocks('SH', [supportedVersionsExtension]),
  }),
  hello_retry_request: fc.record({
    type: type('hello_retry_request'),
    ...serverHelloFields,
    random: fc.constant(helloRetryRequestRandom),
    extensions: extensionBlocks('HRR'),
  }),
  legacy_server_hello: fc.record({
    type: type('legacy_server_hello'),
    ...serverHelloFields,
    random: bytes(32, 32),
    extensions: fc.uniqueArray(unknownExtension, { selector: (entry) => entry.type, maxLength: 3 }),
  }),
  encrypted_extensions: fc.record({
    type: type('encrypted_extensions'),
    extensions: extensionBlocks('EE'),
  }),
  certificate_request: fc.record({
    type: type('certificate_request'),
    certificateRequestContext: bytes(0, 255),
    extensions: extensionBlocks('CR'),
  }),
  certificate: fc.record({
    type: type('certificate'),
    certificateRequestContext: bytes(0, 255),
    certificateList: fc.array(fc.record({ certData: bytes(1, 300), extensions: extensionBlocks('CT') }), {
      maxLength: 3,
    }),
  }),
  compressed_certificate: fc.record({
    type: type('compressed_certificate'),
    algorithm: u16<never>(),
    uncompressedLength: fc.integer({ min: 0, max: 0xff_ffff }),
    compressedCertificateMessage: bytes(1, 300),
  }),
  certificate_verify: fc.record({
    type: type('certificate_verify'),
    algorithm: u16<never>(),
    signature: bytes(0, 300),
  }),
  finished: fc.record({ type: type('finished'), verifyData: bytes(0, 64) }),
  new_session_ticket: fc.record({
    type: type('new_session_ticket'),
    ticketLifetimeSeconds: u32,
    ticketAgeAdd: u32,
    ticketNonce: bytes(0, 255),
    ticket: bytes(1, 300),
    extensions: extensionBlocks('NST'),
  }),
  key_update: fc.record({ type: type('key_update'), updateRequested: fc.boolean() }),
  end_of_early_data: fc.record({ type: type('end_of_early_data') }),
};
