import * as nodeCrypto from 'node:crypto';
import type { CryptoProvider, HashName, KeyKind, KeySpec, PrivateKey, PublicKey, RandomSource, SignatureAlgorithm } from '@sealwire/core';

/** As much of a provider as certificates need, on node:crypto, for tests alone. */
export const nodeProvider: CryptoProvider = {
  name: 'test-node',
  random: (length) => new Uint8Array(nodeCrypto.randomBytes(length)),
  hashes: {
    sha256: {
      name: 'sha256',
      outputBytes: 32,
      blockBytes: 64,
      digest: (pieces) => {
        const hash = nodeCrypto.createHash('sha256');
        for (const piece of pieces) hash.update(piece);
        return new Uint8Array(hash.digest());
      },
      hmac: () => {
        throw new Error('not used');
      },
      create: () => {
        throw new Error('not used');
      },
    },
  },
  aeads: {},
  groups: {},
  importPublicKey(spki) {
    const key = cached(spki);
    return key === undefined ? undefined : publicKey(key, spki);
  },
  importPrivateKey(pkcs8) {
    try {
      return privateKey(nodeCrypto.createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }));
    } catch {
      return undefined;
    }
  },
  generateKeyPair: (spec) => privateKey(generate(spec)),
};

const imported = new Map<string, nodeCrypto.KeyObject>();

function cached(spki: Uint8Array): nodeCrypto.KeyObject | undefined {
  const id = Buffer.from(spki).toString('latin1');
  const known = imported.get(id);
  if (known !== undefined) return known;
  try {
    const key = nodeCrypto.createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    if (kindOf(key) === undefined) return undefined;
    if (imported.size > 500) imported.clear();
    imported.set(id, key);
    return key;
  } catch {
    return undefined;
  }
}

function publicKey(key: nodeCrypto.KeyObject, spki: Uint8Array): PublicKey {
  const kind = kindOf(key)!;
  return {
    kind,
    spki,
    verify(algorithm, message, signature) {
      const { digest, options } = nodeOptions(algorithm);
      if (!fits(algorithm, kind)) return false;
      try {
        return nodeCrypto.verify(digest, message, { key, ...options }, signature);
      } catch {
        return false;
      }
    },
  };
}

function privateKey(key: nodeCrypto.KeyObject): PrivateKey {
  const half = nodeCrypto.createPublicKey(key);
  const spki = new Uint8Array(half.export({ format: 'der', type: 'spki' }));
  return {
    kind: kindOf(half)!,
    publicKey: publicKey(half, spki),
    sign(algorithm, message, _source?: RandomSource) {
      const { digest, options } = nodeOptions(algorithm);
      return new Uint8Array(nodeCrypto.sign(digest, message, { key, ...options }));
    },
    exportPkcs8: () => new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
  };
}

function fits(algorithm: SignatureAlgorithm, kind: KeyKind): boolean {
  if (algorithm.type === 'ecdsa') return kind.type === 'ec';
  if (algorithm.type === 'rsa-pkcs1') return kind.type === 'rsa';
  if (algorithm.type === 'rsa-pss') return kind.type === 'rsa' || kind.type === 'rsa-pss';
  return algorithm.type === kind.type;
}

function nodeOptions(algorithm: SignatureAlgorithm): { digest: string | null; options: object } {
  if (algorithm.type === 'rsa-pss') {
    return { digest: algorithm.hash, options: { padding: nodeCrypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltBytes } };
  }
  return { digest: 'hash' in algorithm ? algorithm.hash : null, options: {} };
}

function kindOf(key: nodeCrypto.KeyObject): KeyKind | undefined {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return { type: 'rsa', bits: details!.modulusLength! };
    case 'rsa-pss': {
      if (details?.hashAlgorithm === undefined) return { type: 'rsa-pss', bits: details!.modulusLength! };
      const restriction = {
        hash: details.hashAlgorithm as HashName,
        mgfHash: details.mgf1HashAlgorithm as HashName,
        saltBytes: details.saltLength!,
      };
      return { type: 'rsa-pss', bits: details.modulusLength!, restriction };
    }
    case 'ec': {
      const curve = { prime256v1: 'secp256r1', secp384r1: 'secp384r1', secp521r1: 'secp521r1' }[details!.namedCurve!];
      return curve === undefined ? undefined : ({ type: 'ec', curve } as KeyKind);
    }
    case 'ed25519':
    case 'ed448':
      return { type: key.asymmetricKeyType };
    default:
      return undefined;
  }
}

function generate(spec: KeySpec): nodeCrypto.KeyObject {
  switch (spec.type) {
    case 'rsa':
      return nodeCrypto.generateKeyPairSync('rsa', { modulusLength: spec.bits }).privateKey;
    case 'rsa-pss':
      return nodeCrypto.generateKeyPairSync('rsa-pss', { modulusLength: spec.bits } as never).privateKey;
    case 'ec':
      return nodeCrypto.generateKeyPairSync('ec', { namedCurve: spec.curve === 'secp256r1' ? 'prime256v1' : spec.curve }).privateKey;
    case 'ed25519':
      return nodeCrypto.generateKeyPairSync('ed25519').privateKey;
    case 'ed448':
      return nodeCrypto.generateKeyPairSync('ed448').privateKey;
  }
}
