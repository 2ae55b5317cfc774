import fc, { type Arbitrary } from 'fast-check';
import type { Tls12Message } from '../../src/messages/tls12.ts';
import { bytes, extensionBlocks, registered } from './extensions.ts';
import { messages } from './messages.ts';

type ArbitraryMessages = {
  readonly [T in Tls12Message['type']]: Arbitrary<Extract<Tls12Message, { readonly type: T }>>;
};

const type = <const T extends Tls12Message['type']>(name: T): Arbitrary<T> => fc.constant(name);
const u8 = <N extends number>(): Arbitrary<N> => registered<N>(0xff);
const u16 = <N extends number>(): Arbitrary<N> => registered<N>(0xffff);
const text = (maxLength: number) => bytes(0, maxLength).map((codes) => String.fromCharCode(...codes));

/** Messages of every kind before TLS 1.3, in the form with or without schemes, as legal as their structure demands. */
export function messages12(signsWithScheme: boolean): ArbitraryMessages {
  const absent = fc.constant(undefined);
  return {
    hello_request: fc.record({ type: type('hello_request') }),
    client_hello: messages.client_hello,
    server_hello: fc.record({
      type: type('server_hello'),
      serverVersion: u16<never>(),
      random: bytes(32, 32),
      sessionId: bytes(0, 32),
      cipherSuite: u16<never>(),
      compressionMethod: u8(),
      extensions: extensionBlocks('SH12'),
    }),
    new_session_ticket: fc.record({
      type: type('new_session_ticket'),
      ticketLifetimeHintSeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
      ticket: bytes(0, 300),
    }),
    certificate: fc.record({
      type: type('certificate'),
      certificateList: fc.array(bytes(1, 300), { maxLength: 3 }),
    }),
    server_key_exchange: fc.record({ type: type('server_key_exchange'), body: bytes(0, 300) }),
    certificate_request: fc.record({
      type: type('certificate_request'),
      certificateTypes: fc.array(u8<never>(), { minLength: 1, maxLength: 5 }),
      supportedSignatureAlgorithms: signsWithScheme
        ? fc.array(u16<never>(), { minLength: 1, maxLength: 20 })
        : absent,
      certificateAuthorities: fc.array(bytes(1, 80), { maxLength: 3 }),
    }),
    server_hello_done: fc.record({ type: type('server_hello_done') }),
    certificate_verify: fc.record({
      type: type('certificate_verify'),
      algorithm: signsWithScheme ? u16<never>() : absent,
      signature: bytes(0, 300),
    }),
    client_key_exchange: fc.record({ type: type('client_key_exchange'), body: bytes(0, 300) }),
    finished: fc.record({ type: type('finished'), verifyData: bytes(12, 12) }),
    certificate_status: fc.record({ type: type('certificate_status'), response: bytes(1, 300) }),
    next_protocol: fc.record({
      type: type('next_protocol'),
      selectedProtocol: text(255),
      padding: bytes(0, 255),
    }),
  };
}
