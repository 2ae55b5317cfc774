import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import * as zlib from 'node:zlib';
import type {
  AeadAlgorithm,
  AeadName,
  CryptoProvider,
  CurveName,
  HashFunction,
  HashName,
  HashState,
  KeyExchangeGroup,
  KeyExchangeKey,
  KeyKind,
  KeySpec,
  PrivateKey,
  PublicKey,
  SignatureAlgorithm,
} from '../../src/crypto/provider.ts';
import { ApiMisuseError } from '../../src/errors/tls-error.ts';

/** What OpenSSL calls each curve, and the bytes of its field. */
const curves: Readonly<Record<CurveName, readonly [string, number]>> = {
  secp256r1: ['prime256v1', 32],
  secp384r1: ['secp384r1', 48],
  secp521r1: ['secp521r1', 66],
  secp256k1: ['secp256k1', 32],
  brainpoolP256r1: ['brainpoolP256r1', 32],
  brainpoolP384r1: ['brainpoolP384r1', 48],
  brainpoolP512r1: ['brainpoolP512r1', 64],
};

/**
 * The least provider that core's own tests need, so that core depends on no other package: X25519 and P-256,
 * three AEADs, five hashes, ECDSA and Ed25519. Native form only: a `RandomSource` is ignored.
 */
export const testProvider: CryptoProvider = {
  name: 'core tests',
  random: (length) => plain(crypto.randomBytes(length)),
  hashes: {
    md5: hash('md5', 16, 64),
    sha1: hash('sha1', 20, 64),
    sha256: hash('sha256', 32, 64),
    sha384: hash('sha384', 48, 128),
    sha512: hash('sha512', 64, 128),
  },
  aeads: {
    'aes-128-gcm': aead('aes-128-gcm', 16),
    'aes-256-gcm': aead('aes-256-gcm', 32),
    'chacha20-poly1305': aead('chacha20-poly1305', 32),
  },
  groups: { x25519: x25519(), secp256r1: curve('secp256r1') },
  importPublicKey: (spki) => {
    const key = attempt(() =>
      crypto.createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
    );
    return key === undefined ? undefined : publicKey(key);
  },
  importPrivateKey: (pkcs8) => {
    const key = attempt(() =>
      crypto.createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
    );
    return key === undefined ? undefined : privateKey(key);
  },
  generateKeyPair: (spec) => privateKey(newKey(spec)) ?? misuse(`a key of type ${spec.type}`),
  certificateCompression: {
    zlib: {
      name: 'zlib',
      compress: (bytes) => plain(zlib.deflateSync(bytes)),
      decompress: (bytes, maxBytes) =>
        attempt(() => plain(zlib.inflateSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }))),
    },
  },
};

function hash(name: HashName, outputBytes: number, blockBytes: number): HashFunction {
  const fed = <H extends crypto.Hash | crypto.Hmac>(state: H, pieces: readonly Uint8Array[]) => {
    for (const piece of pieces) state.update(piece);
    return plain(state.digest());
  };
  const running = (state: crypto.Hash): HashState => ({
    update: (bytes) => void state.update(bytes),
    fork: () => running(state.copy()),
    digest: () => plain(state.digest()),
  });
  return {
    name,
    outputBytes,
    blockBytes,
    digest: (pieces) => fed(crypto.createHash(name), pieces),
    hmac: (key, pieces) => fed(crypto.createHmac(name, key), pieces),
    create: () => running(crypto.createHash(name)),
  };
}

function aead(name: AeadName & crypto.CipherGCMTypes, keyBytes: number): AeadAlgorithm;
function aead(name: 'chacha20-poly1305', keyBytes: number): AeadAlgorithm;
function aead(name: AeadName, keyBytes: number): AeadAlgorithm {
  const cipher = name as crypto.CipherGCMTypes;
  return {
    name,
    keyBytes,
    nonceBytes: 12,
    tagBytes: 16,
    key(given) {
      if (given.length !== keyBytes) misuse(`a key of ${given.length} bytes`);
      const key = Uint8Array.from(given);
      return {
        seal(nonce, aad, pieces) {
          const sealing = crypto.createCipheriv(cipher, key, nonce, tagLength);
          sealing.setAAD(aad);
          const sealed = pieces.map((piece) => plain(sealing.update(piece)));
          sealing.final();
          return [...sealed, plain(sealing.getAuthTag())];
        },
        open(nonce, aad, sealed) {
          const length = sealed.length - 16;
          if (length < 0) return undefined;
          const opening = crypto.createDecipheriv(cipher, key, nonce, tagLength);
          opening.setAAD(aad);
          opening.setAuthTag(sealed.subarray(length));
          const opened = opening.update(sealed.subarray(0, length));
          return attempt(() => opening.final()) === undefined ? undefined : plain(opened);
        },
        wipe: () => void key.fill(0),
      };
    },
  };
}

function x25519(): KeyExchangeGroup {
  const keyOf = (privateKey: crypto.KeyObject): KeyExchangeKey => {
    const publicKey = crypto.createPublicKey(privateKey);
    return {
      share: plain(publicKey.export({ format: 'der', type: 'spki' })).slice(-32),
      // OpenSSL refuses points of small order, whose result would be all zeros.
      finish: (peer) =>
        peer.length !== 32
          ? undefined
          : attempt(() => {
              const key = Buffer.concat([x25519Prefix, peer]);
              const theirs = crypto.createPublicKey({ key, format: 'der', type: 'spki' });
              return plain(crypto.diffieHellman({ privateKey, publicKey: theirs }));
            }),
      exportPrivate: () => plain(privateKey.export({ format: 'der', type: 'pkcs8' })).slice(-32),
      wipe: () => {},
    };
  };
  const restore = (bytes: Uint8Array) =>
    attempt(() => {
      const key = Buffer.concat([x25519PrivatePrefix, bytes]);
      return keyOf(crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
    });
  return group('x25519', 32, () => keyOf(crypto.generateKeyPairSync('x25519').privateKey), restore);
}

export function curve(name: CurveName): KeyExchangeGroup {
  const [ownName, fieldBytes] = curves[name];
  const shareBytes = 2 * fieldBytes + 1;
  const keyOf = (ecdh: crypto.ECDH): KeyExchangeKey => ({
    share: plain(ecdh.getPublicKey()),
    finish: (peer) =>
      peer.length !== shareBytes || peer[0] !== 4
        ? undefined
        : attempt(() => plain(ecdh.computeSecret(peer))),
    exportPrivate: () => {
      const bytes = plain(ecdh.getPrivateKey());
      return Uint8Array.from([...new Uint8Array(fieldBytes - bytes.length), ...bytes]);
    },
    wipe: () => {},
  });
  const generate = () => {
    const ecdh = crypto.createECDH(ownName);
    ecdh.generateKeys();
    return keyOf(ecdh);
  };
  const restore = (bytes: Uint8Array) =>
    attempt(() => {
      const ecdh = crypto.createECDH(ownName);
      ecdh.setPrivateKey(bytes);
      return keyOf(ecdh);
    });
  return group(name, shareBytes, generate, restore);
}

function group(
  name: 'x25519' | CurveName,
  shareBytes: number,
  generate: () => KeyExchangeKey,
  restore: (bytes: Uint8Array) => KeyExchangeKey | undefined,
): KeyExchangeGroup {
  return {
    name,
    clientShareBytes: shareBytes,
    serverShareBytes: shareBytes,
    generate,
    restore,
    respond(clientShare) {
      const own = generate();
      const secret = own.finish(clientShare);
      return secret === undefined ? undefined : { share: own.share, secret };
    },
  };
}

function publicKey(key: crypto.KeyObject): PublicKey | undefined {
  const kind = kindOf(key);
  if (kind === undefined) return undefined;
  return {
    kind,
    spki: plain(key.export({ format: 'der', type: 'spki' })),
    verify(algorithm, message, signature) {
      if (algorithm.type !== algorithmTypeOf(kind)) return false;
      return attempt(() => crypto.verify(hashName(algorithm), message, key, signature)) ?? false;
    },
  };
}

function privateKey(key: crypto.KeyObject): PrivateKey | undefined {
  const ownPublic = publicKey(crypto.createPublicKey(key));
  if (ownPublic === undefined) return undefined;
  return {
    kind: ownPublic.kind,
    publicKey: ownPublic,
    sign(algorithm, message) {
      if (algorithm.type !== algorithmTypeOf(ownPublic.kind)) misuse(algorithm.type);
      return plain(crypto.sign(hashName(algorithm), message, key));
    },
    exportPkcs8: () => plain(key.export({ format: 'der', type: 'pkcs8' })),
  };
}

function kindOf(key: crypto.KeyObject): KeyKind | undefined {
  if (key.asymmetricKeyType === 'ed25519') return { type: 'ed25519' };
  if (key.asymmetricKeyType !== 'ec') return undefined;
  const entries = Object.entries(curves) as [CurveName, (typeof curves)[CurveName]][];
  const known = entries.find(([, [name]]) => name === key.asymmetricKeyDetails?.namedCurve);
  return known && { type: 'ec', curve: known[0] };
}

function newKey(spec: KeySpec): crypto.KeyObject {
  const { type } = spec;
  if (type === 'ed25519') return crypto.generateKeyPairSync('ed25519').privateKey;
  if (type === 'ec')
    return crypto.generateKeyPairSync('ec', { namedCurve: curves[spec.curve][0] }).privateKey;
  return misuse(`a key of type ${type}`);
}

function algorithmTypeOf({ type }: KeyKind): SignatureAlgorithm['type'] {
  return type === 'ec' ? 'ecdsa' : 'ed25519';
}

/** Ed25519 hashes by itself. */
function hashName(algorithm: SignatureAlgorithm): string | undefined {
  return 'hash' in algorithm ? algorithm.hash : undefined;
}

/** What OpenSSL throws over is refused. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function misuse(what: string): never {
  throw new ApiMisuseError(`the provider of core's tests does not take ${what}`);
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

const tagLength = { authTagLength: 16 };

/** SubjectPublicKeyInfo of X25519 (RFC 8410 §4) up to the key. */
const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');
const x25519PrivatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
