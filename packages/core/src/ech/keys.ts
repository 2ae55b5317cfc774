import { ownOptions } from '../config/option-names.ts';
import { requireProvider } from './require-provider.ts';
import { nativeEntropy, type Entropy } from '../crypto/entropy.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { hpkeOf } from '../hpke/hpke.ts';
import { kemOf } from '../hpke/kem.ts';
import { hpkeAeads } from '../registry/hpke-aeads.ts';
import { hpkeKdfs } from '../registry/hpke-kdfs.ts';
import { hpkeKems, type HpkeKem } from '../registry/hpke-kems.ts';
import { encodeEchConfig, type EchCipherSuite } from './config-list.ts';
import { isPublicName } from './select-config.ts';

/** A server's key for Encrypted Client Hello, with what clients must know of it. */
export interface EchKey {
  /** One ECHConfig (RFC 9849 §4), to be published in a list. */
  readonly config: Uint8Array;
  /** The private key as its group's `exportPrivate` gives it: 32 bytes for X25519. Secret. */
  readonly privateKey: Uint8Array;
}

export interface EchKeyOptions {
  readonly provider: CryptoProvider;
  /** The DNS name outside, for which this server must have a certificate. */
  readonly publicName: string;
  /** 0 to 255; should differ from those of a server's other keys (RFC 9849 §4.1). Default: drawn. */
  readonly configId?: number;
  /** Default: DHKEM(X25519, HKDF-SHA256). */
  readonly kem?: HpkeKem;
  /** Most wanted first. Default: HKDF-SHA256 with AES-128-GCM, then with ChaCha20-Poly1305. */
  readonly cipherSuites?: readonly EchCipherSuite[];
  /** Bytes of the longest name behind this server, so that shorter ones do not show. Default 0: not known. */
  readonly maximumNameLength?: number;
  /** Extensions of the configuration, for example reserved ones (RFC 9849 §6.2.2). Default: none. */
  readonly extensions?: readonly { readonly type: number; readonly data: Uint8Array }[];
  /** Default: the provider's generator. */
  readonly entropy?: Entropy;
}

/** A new key and its ECHConfig. `ApiMisuseError` for what no client would use. */
export function generateEchKey(given: EchKeyOptions): EchKey {
  const options = ownOptions('generateEchKey', given, optionNames);
  const { provider, publicName, extensions = [], maximumNameLength = 0 } = options;
  requireProvider(provider);
  const entropy = options.entropy ?? nativeEntropy(provider);
  const id = options.kem ?? hpkeKems.DHKEM_X25519_HKDF_SHA256;
  const kem = kemOf(provider, id);
  if (kem === undefined) throw new ApiMisuseError(`${provider.name} has no KEM 0x${id.toString(16)}`);
  if (typeof publicName !== 'string' || !isPublicName(publicName) || publicName.length > 255) {
    throw new ApiMisuseError(`publicName must be a DNS name, got ${JSON.stringify(publicName)}`);
  }
  const cipherSuites = options.cipherSuites ?? defaultSuites;
  if (
    !Array.isArray(cipherSuites) ||
    cipherSuites.length === 0 ||
    cipherSuites.some(({ kdf, aead }) => hpkeOf(provider, id, kdf, aead) === undefined)
  ) {
    throw new ApiMisuseError(`cipherSuites must name suites that the provider ${provider.name} has`);
  }
  if (!Array.isArray(extensions) || !extensions.every(isExtension))
    throw new ApiMisuseError('extensions must be an array of { type: 0 to 65535, data: Uint8Array }');
  const configId = options.configId ?? entropy.random(1)[0]!;
  for (const [name, value] of Object.entries({ configId, maximumNameLength })) {
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw new ApiMisuseError(`${name} must be an integer from 0 to 255, got ${value}`);
    }
  }
  const key = entropy.generate(kem.group);
  const config = encodeEchConfig({
    configId,
    kem: id,
    publicKey: key.share,
    cipherSuites,
    maximumNameLength,
    publicName,
    extensions,
  });
  return { config, privateKey: key.exportPrivate() };
}

function isExtension(each: { readonly type: number; readonly data: Uint8Array }): boolean {
  const { type, data } = each ?? {};
  return Number.isInteger(type) && type >= 0 && type <= 0xffff && data instanceof Uint8Array;
}

const optionNames: Readonly<Record<keyof EchKeyOptions, true>> = {
  provider: true,
  publicName: true,
  configId: true,
  kem: true,
  cipherSuites: true,
  maximumNameLength: true,
  extensions: true,
  entropy: true,
};

const defaultSuites: readonly EchCipherSuite[] = [
  { kdf: hpkeKdfs.HKDF_SHA256, aead: hpkeAeads.AES_128_GCM },
  { kdf: hpkeKdfs.HKDF_SHA256, aead: hpkeAeads.ChaCha20Poly1305 },
];
