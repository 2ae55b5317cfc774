import type { AeadName, CbcName, CryptoProvider, HashFunction, HashName } from '@sealwire/core';
import { ApiMisuseError } from '@sealwire/core';
import { registries } from '@sealwire/core/codecs';
import { asciiBytes, bytesOfNumber, concatenated, sameBytes } from '../bytes.ts';
import type { Side } from '../pair/script.ts';

/** What the keys of a connection of TLS 1.2 or older are made of. */
export interface OlderConnection {
  readonly version: number;
  readonly suite: number;
  /** 48 bytes: what the lines CLIENT_RANDOM of a key log hold (RFC 9850 §2.2). */
  readonly mainSecret: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** Whether encrypt_then_mac was negotiated (RFC 7366); it concerns suites with CBC alone. */
  readonly encryptsThenMacs: boolean;
}

/**
 * Record protection of TLS 1.2, 1.1 and 1.0 (RFC 5246 §6.2.3, §6.3), written a second time, for somebody in the middle
 * who knows the secrets: what the core and others seal must open here. It takes no care to hide what fails, or when.
 */
export class OlderCipher {
  readonly #provider: CryptoProvider;
  readonly #connection: OlderConnection;
  readonly #from: Side;
  readonly #cipher: Cipher;
  readonly #mac: Uint8Array;
  readonly #key: Uint8Array;
  /** The part of an AEAD's nonce that does not change; the next IV where they are chained. */
  #iv: Uint8Array;

  /** The protection of what `from` sends. `ApiMisuseError` for a suite without a name, or one that the provider lacks. */
  constructor(provider: CryptoProvider, connection: OlderConnection, from: Side) {
    this.#provider = provider;
    this.#connection = connection;
    this.#from = from;
    this.#cipher = cipherOf(connection.suite);
    const sizes = this.#sizes();
    const { mainSecret, serverRandom, clientRandom } = connection;
    const length = 2 * (sizes[0] + sizes[1] + sizes[2]);
    const block = this.#prf(mainSecret, 'key expansion', [serverRandom, clientRandom], length);
    // In the block stand both MAC keys, both keys, both IVs, the client's first.
    const part = (index: 0 | 1 | 2) => {
      const before = 2 * sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
      const at = before + (from === 'client' ? 0 : sizes[index]);
      return block.slice(at, at + sizes[index]);
    };
    this.#mac = part(0);
    this.#key = part(1);
    this.#iv = part(2);
  }

  /** The content of a record, header included; `undefined` when it does not open. Records are opened in their order. */
  open(record: Uint8Array, sequence: number): Uint8Array | undefined {
    const header = record.subarray(0, 3);
    const sealed = record.subarray(5);
    const cipher = this.#cipher;
    switch (cipher.type) {
      case 'aead':
        return this.#openAead(cipher.aead, header, sealed, sequence);
      case 'cbc':
        return this.#openCbc(cipher.cbc, cipher.mac, header, sealed, sequence);
      case 'null':
        return this.#withoutMac(cipher.mac, header, sealed, sequence);
    }
  }

  /** A whole record. Nonces and IVs that go with it are the sequence number: whoever tests needs no others. */
  seal(type: number, content: Uint8Array, sequence: number): Uint8Array {
    const header = concatenated([new Uint8Array([type]), bytesOfNumber(this.#connection.version, 2)]);
    const sealed = this.#sealed(header, content, sequence);
    return concatenated([header, bytesOfNumber(sealed.length, 2), sealed]);
  }

  /** The Finished that `from` would send after these messages (RFC 5246 §7.4.9). */
  finished(transcript: readonly Uint8Array[]): Uint8Array {
    const { version, mainSecret } = this.#connection;
    const digest = (name: HashName) => known(this.#provider.hashes[name], name).digest(transcript);
    const hashed =
      version >= tls12 ? digest(this.#cipher.prf) : concatenated([digest('md5'), digest('sha1')]);
    const verifyData = this.#prf(mainSecret, `${this.#from} finished`, [hashed], 12);
    return concatenated([new Uint8Array([20, 0, 0, 12]), verifyData]);
  }

  #sealed(header: Uint8Array, content: Uint8Array, sequence: number): Uint8Array {
    const cipher = this.#cipher;
    if (cipher.type === 'null') return this.#withMac(cipher.mac, header, content, sequence);
    if (cipher.type === 'aead') {
      const counter = bytesOfNumber(sequence, 8);
      const aead = known(this.#provider.aeads[cipher.aead], cipher.aead);
      const explicit = cipher.aead === 'chacha20-poly1305' ? new Uint8Array(0) : counter;
      const aad = concatenated([counter, header, bytesOfNumber(content.length, 2)]);
      return concatenated([
        explicit,
        ...aead.key(this.#key).seal(this.#nonce(cipher.aead, counter, counter), aad, [content]),
      ]);
    }
    const { encryptsThenMacs } = this.#connection;
    if (encryptsThenMacs)
      return this.#withMac(cipher.mac, header, this.#encrypted(cipher.cbc, content, sequence), sequence);
    return this.#encrypted(cipher.cbc, this.#withMac(cipher.mac, header, content, sequence), sequence);
  }

  #encrypted(name: CbcName, content: Uint8Array, sequence: number): Uint8Array {
    const { blockBytes, key } = known(this.#provider.cbcs?.[name], name);
    const padding = blockBytes - (content.length % blockBytes);
    const iv = this.#isChained() ? this.#iv : bytesOfNumber(sequence, blockBytes);
    const blocks = key(this.#key).encrypt(iv, [content, new Uint8Array(padding).fill(padding - 1)]);
    if (!this.#isChained()) return concatenated([iv, blocks]);
    this.#iv = blocks.slice(-blockBytes);
    return blocks;
  }

  #withMac(name: HashName, header: Uint8Array, content: Uint8Array, sequence: number): Uint8Array {
    return concatenated([content, this.#macOf(name, header, content, sequence)]);
  }

  #macOf(name: HashName, header: Uint8Array, content: Uint8Array, sequence: number): Uint8Array {
    const pieces = [bytesOfNumber(sequence, 8), header, bytesOfNumber(content.length, 2), content];
    return known(this.#provider.hashes[name], name).hmac(this.#mac, pieces);
  }

  /** RFC 7905 §2 takes the sequence number into the IV; RFC 5288 §3 and RFC 6655 §3 have 8 bytes of the nonce in the record. */
  #nonce(name: AeadName, counter: Uint8Array, explicit: Uint8Array): Uint8Array {
    return name === 'chacha20-poly1305'
      ? this.#iv.map((byte, i) => byte ^ (i < 4 ? 0 : counter[i - 4]!))
      : concatenated([this.#iv, explicit]);
  }

  #openAead(
    name: AeadName,
    header: Uint8Array,
    sealed: Uint8Array,
    sequence: number,
  ): Uint8Array | undefined {
    const aead = known(this.#provider.aeads[name], name);
    const counter = bytesOfNumber(sequence, 8);
    const explicitBytes = name === 'chacha20-poly1305' ? 0 : 8;
    const length = sealed.length - explicitBytes - aead.tagBytes;
    if (length < 0) return undefined;
    const nonce = this.#nonce(name, counter, sealed.subarray(0, 8));
    const aad = concatenated([counter, header, bytesOfNumber(length, 2)]);
    return aead.key(this.#key).open(nonce, aad, sealed.subarray(explicitBytes));
  }

  #openCbc(
    name: CbcName,
    mac: HashName,
    header: Uint8Array,
    record: Uint8Array,
    sequence: number,
  ): Uint8Array | undefined {
    const { encryptsThenMacs } = this.#connection;
    const sealed = encryptsThenMacs ? this.#withoutMac(mac, header, record, sequence) : record;
    const { blockBytes, key } = known(this.#provider.cbcs?.[name], name);
    const ivBytes = this.#isChained() ? 0 : blockBytes;
    if (sealed === undefined || sealed.length < ivBytes + blockBytes || sealed.length % blockBytes !== 0) {
      return undefined;
    }
    const iv = this.#isChained() ? this.#iv : sealed.subarray(0, blockBytes);
    const padded = key(this.#key).decrypt(iv, sealed.subarray(ivBytes));
    if (this.#isChained()) this.#iv = sealed.slice(-blockBytes);
    const padding = padded.at(-1)! + 1;
    if (padding > padded.length || !padded.subarray(-padding).every((byte) => byte === padding - 1)) {
      return undefined;
    }
    const content = padded.subarray(0, padded.length - padding);
    return encryptsThenMacs ? content : this.#withoutMac(mac, header, content, sequence);
  }

  /** What stands in front of a MAC that is right. */
  #withoutMac(
    name: HashName,
    header: Uint8Array,
    protectedBytes: Uint8Array,
    sequence: number,
  ): Uint8Array | undefined {
    const hash = known(this.#provider.hashes[name], name);
    const length = protectedBytes.length - hash.outputBytes;
    if (length < 0) return undefined;
    const content = protectedBytes.slice(0, length);
    const mac = this.#macOf(name, header, content, sequence);
    return sameBytes(mac, protectedBytes.subarray(length)) ? content : undefined;
  }

  #isChained(): boolean {
    return this.#connection.version === tls10;
  }

  /** Bytes of MAC key, key and IV of one direction. */
  #sizes(): readonly [number, number, number] {
    const cipher = this.#cipher;
    if (cipher.type === 'aead') {
      const { keyBytes } = known(this.#provider.aeads[cipher.aead], cipher.aead);
      return [0, keyBytes, cipher.aead === 'chacha20-poly1305' ? 12 : 4];
    }
    const { outputBytes } = known(this.#provider.hashes[cipher.mac], cipher.mac);
    if (cipher.type === 'null') return [outputBytes, 0, 0];
    const { keyBytes, blockBytes } = known(this.#provider.cbcs?.[cipher.cbc], cipher.cbc);
    return [outputBytes, keyBytes, this.#isChained() ? blockBytes : 0];
  }

  /** RFC 5246 §5, RFC 2246 §5. */
  #prf(secret: Uint8Array, label: string, seeds: readonly Uint8Array[], length: number): Uint8Array {
    const seed = concatenated([asciiBytes(label), ...seeds]);
    const hash = (name: HashName) => known(this.#provider.hashes[name], name);
    if (this.#connection.version >= tls12) return expanded(hash(this.#cipher.prf), secret, seed, length);
    const half = Math.ceil(secret.length / 2);
    const md5 = expanded(hash('md5'), secret.subarray(0, half), seed, length);
    const sha1 = expanded(hash('sha1'), secret.subarray(secret.length - half), seed, length);
    return md5.map((byte, i) => byte ^ sha1[i]!);
  }
}

/** P_hash. */
function expanded(hash: HashFunction, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const output: Uint8Array[] = [];
  let a = seed;
  for (let made = 0; made < length; made += hash.outputBytes) {
    a = hash.hmac(secret, [a]);
    output.push(hash.hmac(secret, [a, seed]));
  }
  return concatenated(output).subarray(0, length);
}

type Cipher = { readonly prf: HashName } & (
  | { readonly type: 'aead'; readonly aead: AeadName }
  | { readonly type: 'cbc'; readonly cbc: CbcName; readonly mac: HashName }
  | { readonly type: 'null'; readonly mac: HashName }
);

/** What the name of a suite says behind WITH. */
function cipherOf(suite: number): Cipher {
  const [name = ''] =
    Object.entries(registries['CipherSuite'] ?? {}).find(([, each]) => each === suite) ?? [];
  const prf = name.endsWith('SHA384') ? 'sha384' : 'sha256';
  const aead = /_WITH_(AES_\d+_GCM|AES_\d+_CCM(?:_8)?|CHACHA20_POLY1305)(?:_SHA\d+)?$/.exec(name)?.[1];
  if (aead !== undefined) return { type: 'aead', aead: spelt(aead) as AeadName, prf };
  const [, cipher = '', mac = ''] = /_WITH_(NULL|\w+_CBC)_(MD5|SHA|SHA256|SHA384)$/.exec(name) ?? [];
  const hash = mac === 'SHA' ? 'sha1' : (spelt(mac) as HashName);
  if (cipher === 'NULL') return { type: 'null', mac: hash, prf };
  if (cipher !== '') return { type: 'cbc', cbc: spelt(cipher) as CbcName, mac: hash, prf };
  throw new ApiMisuseError(`expected a cipher suite of TLS 1.2 or older, got 0x${suite.toString(16)}`);
}

function spelt(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function known<T>(algorithm: T | undefined, name: string): T {
  if (algorithm !== undefined) return algorithm;
  throw new ApiMisuseError(`the provider does not have ${name}, which the suite needs`);
}

const tls10 = 0x0301;
const tls12 = 0x0303;
