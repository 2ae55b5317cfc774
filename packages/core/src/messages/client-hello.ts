import { ExtensionBlock } from '../extensions/block.ts';
import { extensions } from '../extensions/matrix.ts';
import { paddingExtension } from '../extensions/padding.ts';
import {
  bindersLength,
  preSharedKeyExtension,
  refuseIllegalPreSharedKey,
} from '../extensions/pre-shared-key.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import { encode, fixed, opaque8, registered, struct, uint16, vector16, type Codec } from '../wire/codec.ts';
import { headerBytes } from './envelope.ts';
import { message } from './message.ts';

/**
 * ClientHello (RFC 9846 §4.2.2), of any version since TLS 1.0.
 *
 *     uint16 ProtocolVersion;
 *     opaque Random[32];
 *     uint8 CipherSuite[2];
 *
 *     struct {
 *         ProtocolVersion legacy_version = 0x0303;
 *         Random random;
 *         opaque legacy_session_id<0..32>;
 *         CipherSuite cipher_suites<2..2^16-2>;
 *         opaque legacy_compression_methods<1..2^8-1>;
 *         Extension extensions<7..2^16-1>;
 *     } ClientHello;
 */
export interface ClientHello {
  readonly type: 'client_hello';
  readonly legacyVersion: ProtocolVersion;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  /** Most wanted first. */
  readonly cipherSuites: readonly CipherSuite[];
  readonly legacyCompressionMethods: Uint8Array;
  /** Empty when the hello ends before its extensions, as hellos before TLS 1.3 may. */
  readonly extensions: ExtensionBlock<'CH'>;
}

// "The presence of extensions can be detected by determining whether there are bytes following the
// compression_methods field." The minimum of 7 bytes is that of supported_versions, whose absence is no
// malformation but an older hello.
const optionalExtensions: Codec<ExtensionBlock<'CH'>> = {
  read(reader) {
    if (reader.remaining === 0) return ExtensionBlock.of('CH', []);
    const block = present.read(reader);
    refuseIllegalPreSharedKey(block);
    return block;
  },
  write(writer, block) {
    if (block.entries.length > 0) present.write(writer, block);
  },
  shape: { is: 'optional', shape: { is: 'extensions', place: 'CH' } },
};

const present = /* @__PURE__ */ extensions('CH');

export const clientHello: Codec<ClientHello> = /* @__PURE__ */ message(
  'client_hello',
  /* @__PURE__ */ struct({
    legacyVersion: /* @__PURE__ */ registered<ProtocolVersion>(uint16, 'ProtocolVersion'),
    random: /* @__PURE__ */ fixed(32),
    legacySessionId: /* @__PURE__ */ opaque8({ max: 32 }),
    cipherSuites: /* @__PURE__ */ vector16(/* @__PURE__ */ registered<CipherSuite>(uint16, 'CipherSuite'), {
      min: 2,
      max: 0xfffe,
    }),
    legacyCompressionMethods: /* @__PURE__ */ opaque8({ min: 1 }),
    extensions: optionalExtensions,
  }),
);

/**
 * How many bytes at the end of the message are its PSK binders (0 without pre_shared_key): the binders sign
 * `raw.subarray(0, raw.length - bindersBytes(hello))` (RFC 9846 §4.3.11.2).
 */
export function bindersBytes(hello: ClientHello): number {
  const offered = hello.extensions.get(preSharedKeyExtension);
  return offered === undefined ? 0 : bindersLength(offered);
}

/**
 * The hello with a padding extension at its end that brings a message of 256 to 511 bytes to 512
 * (RFC 7685 §4); any other size is left as it is. Only pre_shared_key comes after it (RFC 9846 §4.3.11).
 */
export function padded(hello: ClientHello): ClientHello {
  const length = headerBytes + encode(clientHello, hello).length;
  if (length < 256 || length >= 512) return hello;
  // Type and length of the extension take 4 bytes; some servers dislike an empty last extension.
  const data = new Uint8Array(Math.max(1, 512 - length - 4));
  const { entries } = hello.extensions;
  const end = entries.at(-1)?.type === preSharedKeyExtension.type ? entries.length - 1 : entries.length;
  const extensions = [...entries.slice(0, end), { type: paddingExtension.type, data }, ...entries.slice(end)];
  return { ...hello, extensions: ExtensionBlock.of('CH', extensions) };
}
