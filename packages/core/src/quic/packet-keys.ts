import { spelt } from '../config/checks.ts';
import { hkdfExpandLabel, hkdfExtract } from '../crypto/hkdf.ts';
import type { AeadName, CbcName, CryptoProvider, HashFunction, HashName } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import { suites13 } from '../registry/suites13.ts';
import { concat } from '../wire/bytes.ts';

/**
 * What QUIC makes of secrets (RFC 9001 §5, §6; version 2: RFC 9369 §3.3): pure functions over a provider, so that who
 * speaks QUIC needs no key derivation of its own.
 */

/** The number of a version of QUIC, as packets have it. */
export type QuicVersion = (typeof quicVersions)[keyof typeof quicVersions];

export const quicVersions = { v1: 0x0000_0001, v2: 0x6b33_43cf } as const;

/** What protects the packets of one level and direction. */
export interface PacketKeys {
  /** The AEAD of the cipher suite, by its name at the provider. */
  readonly aead: AeadName;
  readonly key: Uint8Array;
  /** 12 bytes; `packetNonce` makes nonces of it. */
  readonly iv: Uint8Array;
  /** For header protection; a key update leaves it as it is (RFC 9001 §6.1). */
  readonly headerKey: Uint8Array;
}

/** The secrets of Initial packets (RFC 9001 §5.2), of which everybody on the way can make keys as well. */
export interface InitialSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/**
 * From the Destination Connection ID of the client's first Initial packet, up to 20 bytes. They are for
 * `TLS_AES_128_GCM_SHA256`, whatever is negotiated later.
 */
export function initialSecrets(
  provider: CryptoProvider,
  version: QuicVersion,
  destinationConnectionId: Uint8Array,
): InitialSecrets {
  const { salt } = termsOf(version);
  const hash = hashOf(provider, 'sha256');
  const secret = hkdfExtract(hash, salt, destinationConnectionId);
  const expanded = (label: string) => hkdfExpandLabel(hash, secret, label, nothing, 32);
  return { client: expanded('client in'), server: expanded('server in') };
}

/** Key, IV and header protection key of a traffic secret (RFC 9001 §5.1). `secret` is left as it is. */
export function packetKeys(
  provider: CryptoProvider,
  version: QuicVersion,
  cipherSuite: number,
  secret: Uint8Array,
): PacketKeys {
  const { aead, hash: hashName, keyBytes } = suiteOf(cipherSuite);
  const { label } = termsOf(version);
  const hash = hashOf(provider, hashName);
  const expanded = (what: string, length: number) =>
    hkdfExpandLabel(hash, secret, `${label} ${what}`, nothing, length);
  return {
    aead,
    key: expanded('key', keyBytes),
    iv: expanded('iv', 12),
    headerKey: expanded('hp', keyBytes),
  };
}

/** The secret after a key update (RFC 9001 §6.1). `secret` is left as it is. */
export function nextPacketSecret(
  provider: CryptoProvider,
  version: QuicVersion,
  cipherSuite: number,
  secret: Uint8Array,
): Uint8Array {
  const hash = hashOf(provider, suiteOf(cipherSuite).hash);
  return hkdfExpandLabel(hash, secret, `${termsOf(version).label} ku`, nothing, hash.outputBytes);
}

/** RFC 9001 §5.3: the IV with the packet number, big-endian, in its last bytes. A number of a packet is a safe integer here. */
export function packetNonce(iv: Uint8Array, packetNumber: number): Uint8Array {
  if (!(iv instanceof Uint8Array) || iv.length !== 12)
    throw new ApiMisuseError('packetNonce expects an IV of 12 bytes');
  if (!Number.isSafeInteger(packetNumber) || packetNumber < 0)
    throw new ApiMisuseError(`packetNonce expects a packet number, a safe integer, got ${packetNumber}`);
  const nonce = new Uint8Array(iv);
  const view = new DataView(nonce.buffer);
  view.setUint32(8, view.getUint32(8) ^ (packetNumber >>> 0));
  view.setUint32(4, view.getUint32(4) ^ Math.floor(packetNumber / 2 ** 32));
  return nonce;
}

/**
 * The 5 bytes that hide the first byte and the packet number of a header (RFC 9001 §5.4). `sample`: the 16 bytes of the
 * protected packet that begin 4 bytes behind the start of the packet number.
 */
export function headerProtectionMask(
  provider: CryptoProvider,
  cipherSuite: number,
  headerKey: Uint8Array,
  sample: Uint8Array,
): Uint8Array {
  const { cbc } = suiteOf(cipherSuite);
  if (!(sample instanceof Uint8Array) || sample.length !== 16)
    throw new ApiMisuseError('headerProtectionMask expects a sample of 16 bytes');
  if (cbc === undefined) {
    // RFC 9001 §5.4.4: the sample is the block counter, and the nonce.
    if (provider.chacha20 === undefined)
      throw new ApiMisuseError(`the provider ${provider.name} has no chacha20`);
    return provider.chacha20(headerKey, sample, 5);
  }
  const cipher = provider.cbcs?.[cbc];
  if (cipher === undefined) throw new ApiMisuseError(`the provider ${provider.name} has no ${cbc}`);
  // RFC 9001 §5.4.3: AES in ECB mode, which a first block of CBC is.
  return cipher.key(headerKey).encrypt(new Uint8Array(16), [sample]).subarray(0, 5);
}

/**
 * The 16 bytes at the end of a Retry packet (RFC 9001 §5.8). `packet`: all before them; `originalDestinationConnectionId`: that
 * of the Initial packet which is answered.
 */
export function retryIntegrityTag(
  provider: CryptoProvider,
  version: QuicVersion,
  originalDestinationConnectionId: Uint8Array,
  packet: Uint8Array,
): Uint8Array {
  const { retryKey, retryNonce } = termsOf(version);
  const aead = provider.aeads['aes-128-gcm'];
  if (aead === undefined) throw new ApiMisuseError(`the provider ${provider.name} has no aes-128-gcm`);
  if (originalDestinationConnectionId.length > 0xff)
    throw new ApiMisuseError('expected a connection ID of up to 255 bytes');
  const pseudo = concat([
    Uint8Array.of(originalDestinationConnectionId.length),
    originalDestinationConnectionId,
    packet,
  ]);
  const sealed = aead.key(retryKey).seal(retryNonce, pseudo, []);
  return Uint8Array.from(sealed.flatMap((piece) => [...piece]));
}

function suiteOf(cipherSuite: number): (typeof packetSuites)[number] {
  const suite = packetSuites.find(({ id }) => id === cipherSuite);
  if (suite !== undefined) return suite;
  throw new ApiMisuseError(
    `expected a cipher suite that protects packets of QUIC, got ${spelt(cipherSuite)} (RFC 9001 §5.3)`,
  );
}

function termsOf(version: QuicVersion): VersionTerms {
  const terms = versionTerms.get(version);
  if (terms !== undefined) return terms;
  throw new ApiMisuseError(`expected a version of quicVersions, got ${version}`);
}

function hashOf(provider: CryptoProvider, name: HashName): HashFunction {
  const hash = provider.hashes[name];
  if (hash === undefined) throw new ApiMisuseError(`the provider ${provider.name} has no ${name}`);
  return hash;
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

interface PacketSuite {
  readonly id: CipherSuite;
  readonly aead: AeadName;
  readonly hash: HashName;
  readonly keyBytes: number;
  /** Of header protection; absent: ChaCha20. */
  readonly cbc?: CbcName;
}

/** The suites of RFC 9846 §B.4 without CCM_8, for which no header protection is defined. */
const packetSuites: readonly PacketSuite[] = [
  {
    id: suites13.TLS_AES_128_GCM_SHA256,
    aead: 'aes-128-gcm',
    hash: 'sha256',
    keyBytes: 16,
    cbc: 'aes-128-cbc',
  },
  {
    id: suites13.TLS_AES_256_GCM_SHA384,
    aead: 'aes-256-gcm',
    hash: 'sha384',
    keyBytes: 32,
    cbc: 'aes-256-cbc',
  },
  { id: suites13.TLS_CHACHA20_POLY1305_SHA256, aead: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 },
  {
    id: suites13.TLS_AES_128_CCM_SHA256,
    aead: 'aes-128-ccm',
    hash: 'sha256',
    keyBytes: 16,
    cbc: 'aes-128-cbc',
  },
];

/** What differs from version to version: RFC 9001 §5.1, §5.2, §5.8; RFC 9369 §3.3. */
interface VersionTerms {
  readonly label: string;
  readonly salt: Uint8Array;
  readonly retryKey: Uint8Array;
  readonly retryNonce: Uint8Array;
}

const versionTerms: ReadonlyMap<QuicVersion, VersionTerms> = /* @__PURE__ */ new Map([
  [
    quicVersions.v1,
    {
      label: 'quic',
      salt: /* @__PURE__ */ hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'),
      retryKey: /* @__PURE__ */ hex('be0c690b9f66575a1d766b54e368c84e'),
      retryNonce: /* @__PURE__ */ hex('461599d35d632bf2239825bb'),
    },
  ],
  [
    quicVersions.v2,
    {
      label: 'quicv2',
      salt: /* @__PURE__ */ hex('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
      retryKey: /* @__PURE__ */ hex('8fb4b01b56ac48e260fbcbcead7ccc92'),
      retryNonce: /* @__PURE__ */ hex('d86969bc2d7c6d9990efb04a'),
    },
  ],
]);

const nothing = /* @__PURE__ */ new Uint8Array(0);
