import type { AeadName, CbcName, CryptoProvider, HashName } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import { suites12 } from '../registry/suites12.ts';

/** A cipher suite of TLS 1.2 and older (RFC 5246 §A.5): what its name says, and what its document adds. */
export interface Suite12 {
  readonly id: CipherSuite;
  /** As IANA writes it: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly name: string;
  readonly keyExchange: KeyExchange12;
  /** The key of the server's certificate, `ecdsa` being EdDSA as well (RFC 8422 §2.1). `psk` and `anon`: there is no certificate. */
  readonly authentication: 'rsa' | 'ecdsa' | 'psk' | 'anon';
  /** The hash of PRF and Finished in TLS 1.2; older versions have their own (see `profile.ts`). */
  readonly prfHash: 'sha256' | 'sha384';
  readonly cipher: Cipher12;
  /** The oldest version that may negotiate it. */
  readonly minVersion: ProtocolVersion;
  /** Records that may be sealed under one key: there is no changing it but by another handshake. */
  readonly recordLimit: number;
  /** Spoken without being named. */
  readonly isDefault: boolean;
}

/** Whether the server shows a certificate (RFC 5246 §7.4.2, RFC 4279 §2). */
export function hasCertificate({ authentication }: Suite12): boolean {
  return authentication === 'rsa' || authentication === 'ecdsa';
}

/** Whether a pre-shared key is part of the key exchange. */
export function needsPsk({ keyExchange }: Suite12): boolean {
  return isPsk(keyExchange);
}

function isPsk(keyExchange: KeyExchange12): boolean {
  return keyExchange.toLowerCase().endsWith('psk');
}

export type KeyExchange12 = 'rsa' | 'dhe' | 'ecdhe' | 'psk' | 'dhePsk' | 'ecdhePsk' | 'rsaPsk';

export type Cipher12 =
  | {
      readonly type: 'aead';
      readonly aead: AeadName;
      /** Bytes of the nonce that come from the key block, and bytes that stand in each record (RFC 5288 §3, RFC 7905 §2). */
      readonly fixedIvBytes: 4 | 12;
      readonly explicitNonceBytes: 8 | 0;
    }
  | { readonly type: 'cbc'; readonly cbc: SuiteCbcName; readonly mac: MacHash }
  | { readonly type: 'null'; readonly mac: MacHash };

/** What suites have of the ciphers of a provider. */
export type SuiteCbcName = Extract<CbcName, 'aes-128-cbc' | 'aes-256-cbc' | '3des-ede-cbc'>;

/** The hash of a record's HMAC, whose key is as long as its output (RFC 5246 §A.6). */
export type MacHash = Extract<HashName, 'md5' | 'sha1' | 'sha256' | 'sha384'>;

export function suite12(id: number): Suite12 | undefined {
  return byId.get(id);
}

/**
 * Whether the provider has the hashes and the cipher of a suite. Whether it has a group to exchange keys in, and the
 * hashes that versions before TLS 1.2 need, is asked where those are chosen.
 */
export function isSupported12(suite: Suite12, provider: CryptoProvider): boolean {
  const { cipher } = suite;
  if (provider.hashes[suite.prfHash] === undefined) return false;
  if (cipher.type === 'aead') return provider.aeads[cipher.aead] !== undefined;
  if (provider.hashes[cipher.mac] === undefined) return false;
  return cipher.type === 'null' || provider.cbcs?.[cipher.cbc] !== undefined;
}

/** In the order of preference; where that says nothing, in the order of the registry. */
function allSuites(): Suite12[] {
  return Object.entries(suites12)
    .filter(([name]) => !name.endsWith('_SCSV'))
    .map(([name, id]) => described(name, id))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || rank(a) - rank(b));
}

/**
 * Names are read, not listed a second time: TLS_ key exchange _WITH_ cipher, then the hash. The hash is that of the PRF
 * with an AEAD, that of the MAC with other ciphers; then the PRF has SHA-256, or SHA-384 if the MAC has
 * (RFC 5246 §5, RFC 5289 §3.1). The CCM suites of RFC 6655 and RFC 7251 name none and mean SHA-256.
 */
function described(name: string, id: CipherSuite): Suite12 {
  const [, exchange = '', cipherName = '', hash = ''] =
    /^TLS_(\w+?)_WITH_(\w+?)(?:_(MD5|SHA|SHA256|SHA384))?$/.exec(name) ?? [];
  const exchanged = keyExchanges[exchange];
  const cipher = cipherOf(cipherName, macs[hash]);
  if (exchanged === undefined || cipher === undefined) throw new InternalError(`${name} cannot be described`);
  const [keyExchange, authentication] = exchanged;
  return {
    id,
    name,
    keyExchange,
    authentication,
    prfHash: hash === 'SHA384' ? 'sha384' : 'sha256',
    cipher,
    minVersion: isOfTls12(keyExchange, cipher) ? protocolVersions.tls12 : protocolVersions.tls10,
    recordLimit: recordLimits[algorithmOf(cipher)],
    isDefault: isDefault(keyExchange, authentication, cipher),
  };
}

function cipherOf(name: string, mac: MacHash | undefined): Cipher12 | undefined {
  const aead = aeads[name];
  if (aead === 'chacha20-poly1305') return { type: 'aead', aead, fixedIvBytes: 12, explicitNonceBytes: 0 };
  if (aead !== undefined) return { type: 'aead', aead, fixedIvBytes: 4, explicitNonceBytes: 8 };
  if (mac === undefined) return undefined;
  if (name === 'NULL') return { type: 'null', mac };
  const cbc = cbcs[name];
  return cbc === undefined ? undefined : { type: 'cbc', cbc, mac };
}

/** AEADs and MACs with SHA-2 came with TLS 1.2, but pre-shared keys have such MACs in every version (RFC 5487 §3, RFC 5489 §3). */
function isOfTls12(keyExchange: KeyExchange12, cipher: Cipher12): boolean {
  if (cipher.type === 'aead') return true;
  return (cipher.mac === 'sha256' || cipher.mac === 'sha384') && !isPsk(keyExchange);
}

/**
 * Our opinion: forward secrecy by elliptic curves and an AEAD with a whole tag, and for peers without one AES-CBC with
 * HMAC-SHA-1, which is all that TLS 1.0 and 1.1 have. What must be named: static RSA and bare pre-shared keys, which
 * have no forward secrecy; DHE, whose groups are the server's choice and slow; CCM, for constrained devices;
 * CBC with SHA-256 and SHA-384, which adds nothing to CBC; 3DES, NULL, and what authenticates nobody.
 */
function isDefault(keyExchange: KeyExchange12, authentication: Authentication, cipher: Cipher12): boolean {
  if (authentication === 'anon') return false;
  if (keyExchange !== 'ecdhe' && keyExchange !== 'ecdhePsk') return false;
  if (cipher.type === 'aead') return !cipher.aead.includes('ccm');
  return cipher.type === 'cbc' && cipher.cbc !== '3des-ede-cbc' && cipher.mac === 'sha1';
}

/** Lower is better: first whether anyone is authenticated, then the cipher, forward secrecy, and the cheaper signature. */
function rank({ keyExchange, authentication, cipher }: Suite12): number {
  const anonymous = authentication === 'anon' ? 1 : 0;
  const ciphers = Object.keys(recordLimits).indexOf(algorithmOf(cipher));
  const rsa = authentication === 'rsa' ? 1 : 0;
  return ((anonymous * 16 + ciphers) * 8 + exchangeOrder.indexOf(keyExchange)) * 2 + rsa;
}

function algorithmOf(cipher: Cipher12): Algorithm {
  if (cipher.type === 'aead') return cipher.aead;
  return cipher.type === 'cbc' ? cipher.cbc : 'null';
}

type Algorithm = AeadName | SuiteCbcName | 'null';
type Authentication = Suite12['authentication'];

const keyExchanges: Readonly<Record<string, readonly [KeyExchange12, Authentication]>> = {
  RSA: ['rsa', 'rsa'],
  DHE_RSA: ['dhe', 'rsa'],
  DH_anon: ['dhe', 'anon'],
  ECDHE_RSA: ['ecdhe', 'rsa'],
  ECDHE_ECDSA: ['ecdhe', 'ecdsa'],
  ECDH_anon: ['ecdhe', 'anon'],
  PSK: ['psk', 'psk'],
  DHE_PSK: ['dhePsk', 'psk'],
  // How RFC 6655 §4 spells the CCM-8 ones.
  PSK_DHE: ['dhePsk', 'psk'],
  ECDHE_PSK: ['ecdhePsk', 'psk'],
  RSA_PSK: ['rsaPsk', 'rsa'],
};

const exchangeOrder: readonly KeyExchange12[] = [
  'ecdhe',
  'ecdhePsk',
  'dhe',
  'dhePsk',
  'rsa',
  'rsaPsk',
  'psk',
];

const aeads: Readonly<Record<string, AeadName>> = {
  AES_128_GCM: 'aes-128-gcm',
  AES_256_GCM: 'aes-256-gcm',
  CHACHA20_POLY1305: 'chacha20-poly1305',
  AES_128_CCM: 'aes-128-ccm',
  AES_256_CCM: 'aes-256-ccm',
  AES_128_CCM_8: 'aes-128-ccm-8',
  AES_256_CCM_8: 'aes-256-ccm-8',
};

const cbcs: Readonly<Record<string, SuiteCbcName>> = {
  AES_128_CBC: 'aes-128-cbc',
  AES_256_CBC: 'aes-256-cbc',
  '3DES_EDE_CBC': '3des-ede-cbc',
};

const macs: Readonly<Record<string, MacHash>> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA256: 'sha256',
  SHA384: 'sha384',
};

/**
 * In the order of preference. For AEADs as in TLS 1.3 (RFC 9846 §5.5). AES-CBC has the bound of AES-GCM, both being
 * lost to collisions of blocks. 3DES has blocks of 8 bytes: 2^18 full records are 4 GiB, where two blocks are alike with
 * a chance of 1 in 128. Without encryption nothing wears out; 2^48 keeps the sequence number exact.
 */
const recordLimits: Readonly<Record<Algorithm, number>> = {
  'aes-128-gcm': 2 ** 24,
  'aes-256-gcm': 2 ** 24,
  'chacha20-poly1305': 2 ** 48,
  'aes-128-ccm': 2 ** 23,
  'aes-256-ccm': 2 ** 23,
  'aes-128-ccm-8': 2 ** 23,
  'aes-256-ccm-8': 2 ** 23,
  'aes-128-cbc': 2 ** 24,
  'aes-256-cbc': 2 ** 24,
  '3des-ede-cbc': 2 ** 18,
  null: 2 ** 48,
};

/** Every suite that can be spoken, the preferred first. */
export const tls12Suites: readonly Suite12[] = /* @__PURE__ */ allSuites();

const byId = /* @__PURE__ */ new Map(tls12Suites.map((suite) => [suite.id as number, suite]));
