import * as crypto from 'node:crypto';
import type {
  AeadAlgorithm,
  AeadName,
  CbcCipher,
  CbcName,
  CryptoProvider,
  DhParameters,
  KeyExchangeGroup,
  KeyExchangeKey,
} from '../../src/crypto/provider.ts';
import { ApiMisuseError } from '../../src/errors/tls-error.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { fieldNumbers } from '../../src/tls12/key-exchange/finite-fields.ts';
import { sameBytes } from '../../src/wire/bytes.ts';
import { curve, testProvider } from './node-provider.ts';
import { rsaPrivateKey, rsaPublicKey } from './rsa-keys.ts';

/** The provider of core's tests, with all that the suites of TLS 1.2 and older need beside it. */
export const olderProvider: CryptoProvider = {
  ...testProvider,
  aeads: {
    ...testProvider.aeads,
    'aes-128-ccm': ccm('aes-128-ccm', 16, 16),
    'aes-256-ccm': ccm('aes-256-ccm', 32, 16),
    'aes-128-ccm-8': ccm('aes-128-ccm-8', 16, 8),
    'aes-256-ccm-8': ccm('aes-256-ccm-8', 32, 8),
  },
  cbcs: {
    'aes-128-cbc': cbc('aes-128-cbc', 16, 16),
    'aes-256-cbc': cbc('aes-256-cbc', 32, 16),
    '3des-ede-cbc': cbc('3des-ede-cbc', 24, 8),
  },
  groups: {
    ...testProvider.groups,
    secp256k1: curve('secp256k1'),
    brainpoolP256r1: curve('brainpoolP256r1'),
    brainpoolP384r1: curve('brainpoolP384r1'),
    brainpoolP512r1: curve('brainpoolP512r1'),
    ffdhe2048: namedField('ffdhe2048'),
    ffdhe3072: namedField('ffdhe3072'),
  },
  dh(numbers) {
    const { prime } = numbers;
    if (prime.length > 1024 || (prime.at(-1)! & 1) === 0) return undefined;
    const named = (['ffdhe2048', 'ffdhe3072'] as const).find((name) =>
      sameBytes(prime, fieldNumbers(namedGroups[name]).prime),
    );
    return field(named ?? 'dh', numbers);
  },
  importPublicKey: (spki) => testProvider.importPublicKey(spki) ?? rsaPublicKey(spki),
  importPrivateKey: (pkcs8) => testProvider.importPrivateKey(pkcs8) ?? rsaPrivateKey(pkcs8),
};

function namedField(name: 'ffdhe2048' | 'ffdhe3072'): KeyExchangeGroup {
  return field(name, fieldNumbers(namedGroups[name]));
}

function field(name: KeyExchangeGroup['name'], { prime, generator }: DhParameters): KeyExchangeGroup {
  const left = (bytes: Uint8Array) =>
    Uint8Array.from([...new Uint8Array(prime.length - bytes.length), ...bytes]);
  const keyOf = (dh: crypto.DiffieHellman): KeyExchangeKey => ({
    share: left(dh.getPublicKey()),
    finish(share) {
      if (share.length !== prime.length) return undefined;
      try {
        return left(dh.computeSecret(share));
      } catch {
        return undefined; // OpenSSL refuses 0, 1 and p-1
      }
    },
    exportPrivate: () => new Uint8Array(dh.getPrivateKey()),
    wipe: () => {},
  });
  const generate = () => {
    const dh = crypto.createDiffieHellman(prime, generator);
    dh.generateKeys();
    return keyOf(dh);
  };
  return {
    name,
    clientShareBytes: prime.length,
    serverShareBytes: prime.length,
    generate,
    restore: () => undefined,
    respond(share) {
      const own = generate();
      const secret = own.finish(share);
      return secret === undefined ? undefined : { share: own.share, secret };
    },
  };
}

function ccm(name: AeadName, keyBytes: number, tagBytes: number): AeadAlgorithm {
  const cipher = keyBytes === 16 ? 'aes-128-ccm' : 'aes-256-ccm';
  return {
    name,
    keyBytes,
    nonceBytes: 12,
    tagBytes,
    key(given) {
      const key = checked(given, keyBytes);
      return {
        seal(nonce, aad, pieces) {
          const sealing = crypto.createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
          const whole = joined(pieces);
          sealing.setAAD(aad, { plaintextLength: whole.length });
          const sealed = new Uint8Array(sealing.update(whole));
          sealing.final();
          return [sealed, new Uint8Array(sealing.getAuthTag())];
        },
        open(nonce, aad, sealed) {
          const length = sealed.length - tagBytes;
          if (length < 0) return undefined;
          const opening = crypto.createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
          opening.setAuthTag(sealed.subarray(length));
          opening.setAAD(aad, { plaintextLength: length });
          try {
            const opened = new Uint8Array(opening.update(sealed.subarray(0, length)));
            opening.final();
            return opened;
          } catch {
            return undefined;
          }
        },
        wipe: () => void key.fill(0),
      };
    },
  };
}

function cbc(name: CbcName, keyBytes: number, blockBytes: number): CbcCipher {
  const cipher = name === '3des-ede-cbc' ? 'des-ede3-cbc' : name;
  return {
    name,
    keyBytes,
    blockBytes,
    key(given) {
      const key = checked(given, keyBytes);
      const run = (state: crypto.Cipher | crypto.Decipher, input: Uint8Array) => {
        if (input.length % blockBytes !== 0) throw new ApiMisuseError(`${input.length} bytes are no blocks`);
        return new Uint8Array(state.setAutoPadding(false).update(input));
      };
      return {
        encrypt: (iv, pieces) => run(crypto.createCipheriv(cipher, key, iv), joined(pieces)),
        decrypt: (iv, ciphertext) => run(crypto.createDecipheriv(cipher, key, iv), ciphertext),
        wipe: () => void key.fill(0),
      };
    },
  };
}

function checked(key: Uint8Array, keyBytes: number): Uint8Array {
  if (key.length !== keyBytes) throw new ApiMisuseError(`a key of ${key.length} bytes`);
  return Uint8Array.from(key);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}
