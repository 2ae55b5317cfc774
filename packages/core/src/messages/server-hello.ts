import type { ExtensionBlock } from '../extensions/block.ts';
import type { RawExtension } from '../extensions/definition.ts';
import { codeForTwice, checkExtensions, readExtensions, writeExtensions } from '../extensions/matrix.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import { sameBytes } from '../wire/bytes.ts';
import {
  fixed,
  opaque8,
  registered,
  struct,
  uint16,
  uint8,
  type Codec,
  type CodecValue,
} from '../wire/codec.ts';
import type { NamedShape, Shape } from '../wire/shape.ts';

/**
 * ServerHello and HelloRetryRequest (RFC 9846 §4.2.3, §4.2.4), which share type and structure, and the
 * ServerHello of older versions.
 *
 *     struct {
 *         ProtocolVersion legacy_version = 0x0303;
 *         Random random;
 *         opaque legacy_session_id_echo<0..32>;
 *         CipherSuite cipher_suite;
 *         uint8 legacy_compression_method = 0;
 *         Extension extensions<6..2^16-1>;
 *     } ServerHello;
 */
export interface ServerHello extends ServerHelloFields {
  readonly type: 'server_hello';
  readonly extensions: ExtensionBlock<'SH'>;
}

/** A ServerHello with the random that means: once more, with these changes. */
export interface HelloRetryRequest extends ServerHelloFields {
  readonly type: 'hello_retry_request';
  readonly extensions: ExtensionBlock<'HRR'>;
}

/**
 * A ServerHello without supported_versions: the server chose TLS 1.2 or older. Its extensions obey another
 * table, so they are given as they came; types do not stand twice.
 */
export interface LegacyServerHello extends ServerHelloFields {
  readonly type: 'legacy_server_hello';
  readonly extensions: readonly RawExtension[];
}

interface ServerHelloFields {
  readonly legacyVersion: ProtocolVersion;
  /** 32 bytes; `helloRetryRequestRandom` in a HelloRetryRequest. */
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: CipherSuite;
  readonly legacyCompressionMethod: number;
}

export type AnyServerHello = ServerHello | HelloRetryRequest | LegacyServerHello;

const fields = /* @__PURE__ */ struct({
  legacyVersion: /* @__PURE__ */ registered<ProtocolVersion>(uint16, 'ProtocolVersion'),
  random: /* @__PURE__ */ fixed(32),
  legacySessionIdEcho: /* @__PURE__ */ opaque8({ max: 32 }),
  cipherSuite: /* @__PURE__ */ registered<CipherSuite>(uint16, 'CipherSuite'),
  legacyCompressionMethod: uint8,
});

export const serverHello: Codec<AnyServerHello> = {
  read(reader) {
    const hello: CodecValue<typeof fields> = fields.read(reader);
    // Before TLS 1.3 the block may be absent (RFC 5246 §7.4.1.3).
    const isRetry = sameBytes(hello.random, helloRetryRequestRandom);
    const entries =
      reader.remaining === 0
        ? []
        : readExtensions('server_hello', reader, codeForTwice(isRetry ? 'HRR' : 'SH'));
    // "Implementations MUST first examine the Random value", then "clients MUST check for" supported_versions
    // "prior to processing the rest" (RFC 9846 §4.2.3, §4.3.1).
    if (isRetry) {
      return { type: 'hello_retry_request', ...hello, extensions: checkExtensions('HRR', entries) };
    }
    if (entries.some((entry) => entry.type === supportedVersionsExtension.type)) {
      return { type: 'server_hello', ...hello, extensions: checkExtensions('SH', entries) };
    }
    return { type: 'legacy_server_hello', ...hello, extensions: entries };
  },
  write(writer, hello) {
    fields.write(writer, hello);
    if (hello.type !== 'legacy_server_hello') writeExtensions(writer, hello.extensions.entries);
    else if (hello.extensions.length > 0) writeExtensions(writer, hello.extensions);
  },
  get shape() {
    return {
      is: 'variants',
      variants: {
        server_hello: variant({
          is: 'extensions',
          place: 'SH',
          requires: [supportedVersionsExtension.type],
        }),
        // Read without extensions, too: what must be in them is asked for later, by name.
        hello_retry_request: variant(
          { is: 'optional', shape: { is: 'extensions', place: 'HRR' } },
          helloRetryRequestRandom,
        ),
        legacy_server_hello: variant({ is: 'optional', shape: { is: 'extensions', place: undefined } }),
      },
    } as const;
  },
};

/** The common fields and these extensions; `random`: the only one there may be. */
function variant(extensions: Shape, random?: Uint8Array): Shape {
  const { shape } = fields;
  const own = shape.is === 'struct' ? shape.fields : [];
  const named = own.map(
    ([name, each]): NamedShape =>
      name === 'random' && random !== undefined
        ? [name, { is: 'fixed', bytes: random.length, value: random }]
        : [name, each],
  );
  return { is: 'struct', fields: [...named, ['extensions', extensions]] };
}

/** What supported_versions says, `undefined` where there is none: then `legacyVersion` holds the version. */
export function selectedVersion(hello: AnyServerHello): ProtocolVersion | undefined {
  switch (hello.type) {
    case 'server_hello':
      return hello.extensions.get(supportedVersionsExtension);
    case 'hello_retry_request':
      return hello.extensions.get(supportedVersionsExtension);
    case 'legacy_server_hello':
      return undefined;
  }
}

/** SHA-256 of "HelloRetryRequest" (RFC 9846 §4.2.3). */
export const helloRetryRequestRandom: Uint8Array = /* @__PURE__ */ new Uint8Array([
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2,
  0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
]);

/** The last 8 bytes of the random when a server that knows TLS 1.3 chooses an older version (RFC 9846 §4.2.3). */
export const downgradeSentinels: {
  /** "DOWNGRD" and 1: TLS 1.2 was chosen. */
  readonly tls12: Uint8Array;
  /** "DOWNGRD" and 0: TLS 1.1 or older was chosen. */
  readonly older: Uint8Array;
} = {
  tls12: /* @__PURE__ */ new Uint8Array([0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01]),
  older: /* @__PURE__ */ new Uint8Array([0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00]),
};
