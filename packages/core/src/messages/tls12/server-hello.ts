import {
  applicationSettingsExtension,
  applicationSettingsOldExtension,
} from '../../extensions/application-settings.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { encryptedClientHelloExtension } from '../../extensions/encrypted-client-hello.ts';
import { checkExtensions, extensions as block, refuseUnsolicited } from '../../extensions/matrix.ts';
import type { CipherSuite } from '../../registry/suites13.ts';
import type { ProtocolVersion } from '../../registry/versions.ts';
import { fixed, opaque8, registered, struct, uint16, uint8, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';
import type { LegacyServerHello } from '../server-hello.ts';

/**
 * ServerHello of TLS 1.2 and older (RFC 5246 §7.4.1.3).
 *
 *     struct {
 *         ProtocolVersion server_version;
 *         Random random;
 *         SessionID session_id;
 *         CipherSuite cipher_suite;
 *         CompressionMethod compression_method;
 *         select (extensions_present) {
 *             case false: struct {};
 *             case true: Extension extensions<0..2^16-1>;
 *         };
 *     } ServerHello;
 *
 *     opaque SessionID<0..32>;
 */
export interface ServerHello12 {
  readonly type: 'server_hello';
  readonly serverVersion: ProtocolVersion;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: CipherSuite;
  readonly compressionMethod: number;
  /** Empty where the hello ends before them; written, an empty block is left out. */
  readonly extensions: ExtensionBlock<'SH12'>;
}

const present = /* @__PURE__ */ block('SH12');

const optionalExtensions: Codec<ExtensionBlock<'SH12'>> = {
  read: (reader) => (reader.remaining === 0 ? ExtensionBlock.of('SH12', []) : present.read(reader)),
  write(writer, value) {
    if (value.entries.length > 0) present.write(writer, value);
  },
  shape: { is: 'optional', shape: { is: 'extensions', place: 'SH12' } },
};

export const serverHello12Codec: Codec<ServerHello12> = /* @__PURE__ */ message(
  'server_hello',
  /* @__PURE__ */ struct({
    serverVersion: /* @__PURE__ */ registered<ProtocolVersion>(uint16, 'ProtocolVersion'),
    random: /* @__PURE__ */ fixed(32),
    sessionId: /* @__PURE__ */ opaque8({ max: 32 }),
    cipherSuite: /* @__PURE__ */ registered<CipherSuite>(uint16, 'CipherSuite'),
    compressionMethod: uint8,
    extensions: optionalExtensions,
  }),
);

/**
 * The ServerHello that was read before its version was known, its extensions checked: an extension that answers nothing
 * in `offered`, the ClientHello's, is refused first ("it MUST abort the handshake with an unsupported_extension fatal
 * alert", RFC 5246 §7.4.1.4), then one that may not stand there, then one that does not decode. `exceptions` may come
 * unasked: renegotiation_info, where the ClientHello had its signal among the cipher suites (RFC 5746 §3.4).
 */
export function serverHello12(
  legacy: LegacyServerHello,
  offered: { has(extension: { readonly type: number }): boolean },
  exceptions: readonly { readonly type: number }[] = [],
): ServerHello12 {
  const asked = {
    has: (extension: { readonly type: number }) =>
      !newerTypes.includes(extension.type) && offered.has(extension),
  };
  refuseUnsolicited(ExtensionBlock.of('SH12', legacy.extensions), asked, exceptions);
  return {
    type: 'server_hello',
    serverVersion: legacy.legacyVersion,
    random: legacy.random,
    sessionId: legacy.legacySessionIdEcho,
    cipherSuite: legacy.cipherSuite,
    compressionMethod: legacy.legacyCompressionMethod,
    extensions: checkExtensions('SH12', legacy.extensions),
  };
}

/** What a ClientHello offers to TLS 1.3 alone, so that an older version has not been asked (draft-vvv-tls-alps-01 §4; RFC 9849 §5). */
const newerTypes: readonly number[] = [
  applicationSettingsExtension.type,
  applicationSettingsOldExtension.type,
  encryptedClientHelloExtension.type,
];
