import { TlsError } from '../errors/tls-error.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { decode, encode, opaque16, struct, uint8, type CodecValue } from '../wire/codec.ts';
import { echCipherSuite } from './config-list.ts';

/**
 * encrypted_client_hello in a ClientHello (RFC 9849 §5).
 *
 *     enum { outer(0), inner(1) } ECHClientHelloType;
 *
 *     struct {
 *         ECHClientHelloType type;
 *         select (ECHClientHello.type) {
 *             case outer:
 *                 HpkeSymmetricCipherSuite cipher_suite;
 *                 uint8 config_id;
 *                 opaque enc<0..2^16-1>;
 *                 opaque payload<1..2^16-1>;
 *             case inner:
 *                 Empty;
 *         };
 *     } ECHClientHello;
 */
export type OuterEch = CodecValue<typeof outerEch>;

const outerEch = /* @__PURE__ */ struct({
  cipherSuite: echCipherSuite,
  configId: uint8,
  enc: /* @__PURE__ */ opaque16(),
  payload: /* @__PURE__ */ opaque16({ min: 1 }),
});

/** What a received extension says; another type than the two MUST end the connection (RFC 9849 §7). */
export function readEchClientHello(data: Uint8Array): OuterEch | 'inner' {
  const name = 'client_hello.extensions.encrypted_client_hello';
  const type = data[0];
  if (type === outerType) return decode(outerEch, data.subarray(1), name);
  if (type === innerType && data.length === 1) return 'inner';
  if (type === undefined || type === innerType) {
    throw new TlsError('peer.malformedMessage', `${name} has ${data.length} bytes`, {
      ...at,
      section: 'RFC 9849 §5',
    });
  }
  throw new TlsError('peer.illegalEncryptedHello', `ECHClientHello has the type ${type}`, at);
}

export function outerExtension(value: OuterEch) {
  return {
    type: extensionTypes.encrypted_client_hello,
    data: Uint8Array.from([outerType, ...encode(outerEch, value)]),
  };
}

export const innerExtension = () => ({
  type: extensionTypes.encrypted_client_hello,
  data: new Uint8Array([innerType]),
});

const at = { section: 'RFC 9849 §7', handshakeMessage: 'client_hello', field: 'encrypted_client_hello' };

const outerType = 0;
const innerType = 1;
