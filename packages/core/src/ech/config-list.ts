import { TlsError } from '../errors/tls-error.ts';
import type { HpkeAead } from '../registry/hpke-aeads.ts';
import type { HpkeKdf } from '../registry/hpke-kdfs.ts';
import type { HpkeKem } from '../registry/hpke-kems.ts';
import { ascii, latin1 } from '../wire/bytes.ts';
import {
  decode,
  encode,
  opaque16,
  opaque8,
  registered,
  struct,
  uint16,
  uint8,
  vector16,
  type CodecValue,
} from '../wire/codec.ts';

/**
 * ECHConfigList (RFC 9849 §4): what a server publishes so that clients can encrypt their hello to it.
 *
 *     struct {
 *         HpkeKdfId kdf_id;
 *         HpkeAeadId aead_id;
 *     } HpkeSymmetricCipherSuite;
 *
 *     struct {
 *         uint8 config_id;
 *         HpkeKemId kem_id;
 *         HpkePublicKey public_key;
 *         HpkeSymmetricCipherSuite cipher_suites<4..2^16-4>;
 *     } HpkeKeyConfig;
 *
 *     struct {
 *         ECHConfigExtensionType type;
 *         opaque data<0..2^16-1>;
 *     } ECHConfigExtension;
 *
 *     struct {
 *         HpkeKeyConfig key_config;
 *         uint8 maximum_name_length;
 *         opaque public_name<1..255>;
 *         ECHConfigExtension extensions<0..2^16-1>;
 *     } ECHConfigContents;
 *
 *     struct {
 *         uint16 version;
 *         uint16 length;
 *         select (ECHConfig.version) {
 *             case 0xfe0d: ECHConfigContents contents;
 *         }
 *     } ECHConfig;
 *
 *     ECHConfig ECHConfigList<4..2^16-1>;
 */
export interface EchConfig {
  /** The whole structure with version and length, as HPKE binds it. */
  readonly bytes: Uint8Array;
  /** 0xfe0d is that of RFC 9849. */
  readonly version: number;
  /** `undefined` for versions that we do not know. */
  readonly contents: EchConfigContents | undefined;
}

export interface EchConfigContents {
  readonly configId: number;
  readonly kem: HpkeKem;
  readonly publicKey: Uint8Array;
  /** Most wanted first. */
  readonly cipherSuites: readonly EchCipherSuite[];
  /** Bytes of the longest name behind this server; 0: not known. */
  readonly maximumNameLength: number;
  /** One character a byte; whether it is a host name is for `isUsable` to say. */
  readonly publicName: string;
  /** Types of the configuration's extensions; those with the highest bit set are mandatory. */
  readonly extensions: readonly { readonly type: number; readonly data: Uint8Array }[];
}

export type EchCipherSuite = CodecValue<typeof echCipherSuite>;

export const echCipherSuite = /* @__PURE__ */ struct({
  kdf: /* @__PURE__ */ registered<HpkeKdf>(uint16, 'HpkeKdf'),
  aead: /* @__PURE__ */ registered<HpkeAead>(uint16, 'HpkeAead'),
});

/**
 * An ECHConfigList as a DNS record or a server gives it; `undefined` where it is none. Whether a configuration can be
 * used is another question: unknown versions and algorithms are kept.
 */
export function parseEchConfigList(bytes: Uint8Array): readonly EchConfig[] | undefined {
  try {
    return readEchConfigList(bytes, 'ECHConfigList');
  } catch (error) {
    if (error instanceof TlsError) return undefined;
    throw error;
  }
}

/** As `parseEchConfigList`, for messages: `peer.malformedMessage` names the field. */
export function readEchConfigList(bytes: Uint8Array, name: string): readonly EchConfig[] {
  return decode(configList, bytes, name).map((config) => {
    const { version, contents } = config;
    return {
      bytes: encode(rawConfig, config),
      version,
      contents: readers.get(version)?.(contents, `${name}.contents`),
    };
  });
}

/** One ECHConfig; `undefined` where it is none. */
export function parseEchConfig(bytes: Uint8Array): EchConfig | undefined {
  const length = bytes.length;
  const list = parseEchConfigList(Uint8Array.from([length >>> 8, length & 0xff, ...bytes]));
  return list?.length === 1 ? list[0] : undefined;
}

/** The list that a server publishes: one ECHConfig or more, most wanted first. */
export function encodeEchConfigList(configs: readonly Uint8Array[]): Uint8Array {
  return encode(
    configList,
    configs.map((bytes) => decode(rawConfig, bytes, 'ECHConfig')),
  );
}

export function encodeEchConfig(contents: EchConfigContents): Uint8Array {
  return encode(rawConfig, {
    version: echVersion,
    contents: encode(configContents, {
      keyConfig: {
        configId: contents.configId,
        kem: contents.kem,
        publicKey: contents.publicKey,
        cipherSuites: contents.cipherSuites,
      },
      maximumNameLength: contents.maximumNameLength,
      publicName: ascii(contents.publicName),
      extensions: contents.extensions,
    }),
  });
}

function readContents(bytes: Uint8Array, name: string): EchConfigContents {
  const { keyConfig, maximumNameLength, publicName, extensions } = decode(configContents, bytes, name);
  const types = extensions.map(({ type }) => type);
  if (new Set(types).size !== types.length) {
    throw new TlsError('peer.malformedMessage', `${name}: an extension stands twice`, {
      section: 'RFC 9849 §4.2',
      field: `${name}.extensions`,
    });
  }
  return { ...keyConfig, maximumNameLength, publicName: latin1(publicName), extensions };
}

const rawConfig = /* @__PURE__ */ struct({ version: uint16, contents: /* @__PURE__ */ opaque16() });

const configList = /* @__PURE__ */ vector16(rawConfig, { min: 4 });

const configContents = /* @__PURE__ */ struct({
  keyConfig: /* @__PURE__ */ struct({
    configId: uint8,
    kem: /* @__PURE__ */ registered<HpkeKem>(uint16, 'HpkeKem'),
    publicKey: /* @__PURE__ */ opaque16({ min: 1 }),
    cipherSuites: /* @__PURE__ */ vector16(echCipherSuite, { min: 4, max: 0xfffc }),
  }),
  maximumNameLength: uint8,
  publicName: /* @__PURE__ */ opaque8({ min: 1 }),
  extensions: /* @__PURE__ */ vector16(
    /* @__PURE__ */ struct({ type: uint16, data: /* @__PURE__ */ opaque16() }),
  ),
});

/** ECHConfig.version of RFC 9849: the number of the extension. */
const echVersion = 0xfe0d;

const readers: ReadonlyMap<number, typeof readContents> = /* @__PURE__ */ new Map([
  [echVersion, readContents],
]);
