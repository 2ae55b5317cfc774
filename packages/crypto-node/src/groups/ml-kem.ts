import type { KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import {
  type MlKemName,
  draw,
  mlKemSeedBytes,
  mlKemSizes,
  nobleProvider,
  wiped,
} from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { plain } from '../bytes.ts';

/**
 * ML-KEM (FIPS 203) of OpenSSL 3.5, which Node offers from 24.7 on; earlier ones throw at the first call and
 * so leave it to pure JavaScript. Keys go in as their seed d‖z (draft-ietf-lamps-kyber-certificates §6),
 * which makes the given form of generating native too; a given m for responding OpenSSL does not take.
 */
export function mlKemGroup(name: MlKemName): KeyExchangeGroup {
  const { publicKey: keyBytes, cipherText: ciphertextBytes } = mlKemSizes[name];
  const spkiPrefix = Buffer.from(prefixes[name].spki, 'hex');
  const pkcs8Prefix = Buffer.from(prefixes[name].pkcs8, 'hex');
  const { encapsulate, decapsulate } = crypto as unknown as KemFunctions;

  function exchangeKey(seed: Uint8Array): KeyExchangeKey {
    const pkcs8 = Buffer.concat([pkcs8Prefix, seed]);
    let live: crypto.KeyObject | undefined = crypto.createPrivateKey({
      key: pkcs8,
      format: 'der',
      type: 'pkcs8',
    });
    const spki = plain(crypto.createPublicKey(live).export({ format: 'der', type: 'spki' }));
    return {
      share: spki.slice(-keyBytes),
      finish(serverShare) {
        const key = live ?? wiped('key-exchange key');
        return serverShare.length === ciphertextBytes ? plain(decapsulate(key, serverShare)) : undefined;
      },
      exportPrivate: () => (live === undefined ? wiped('key-exchange key') : Uint8Array.from(seed)),
      wipe() {
        seed.fill(0);
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: keyBytes,
    serverShareBytes: ciphertextBytes,
    generate: (source) =>
      exchangeKey(
        source ? Uint8Array.from(draw(source, mlKemSeedBytes)) : plain(crypto.randomBytes(mlKemSeedBytes)),
      ),
    restore: (privateBytes) =>
      privateBytes.length === mlKemSeedBytes ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source) {
      if (source) return nobleProvider.groups[name]!.respond(clientShare, source);
      if (clientShare.length !== keyBytes) return undefined;
      let key: crypto.KeyObject;
      try {
        key = crypto.createPublicKey({
          key: Buffer.concat([spkiPrefix, clientShare]),
          format: 'der',
          type: 'spki',
        });
      } catch {
        return undefined; // the modulus check of §7.2
      }
      const { ciphertext, sharedKey } = encapsulate(key);
      return { share: plain(ciphertext), secret: plain(sharedKey) };
    },
  };
}

/** Not yet in the declarations for Node 20. */
interface KemFunctions {
  encapsulate(key: crypto.KeyObject): { ciphertext: Buffer; sharedKey: Buffer };
  decapsulate(key: crypto.KeyObject, ciphertext: Uint8Array): Buffer;
}

/** DER up to the key: AlgorithmIdentifier id-alg-ml-kem-512, -768, -1024, and the seed as [0] IMPLICIT. */
const prefixes: Readonly<Record<MlKemName, { readonly spki: string; readonly pkcs8: string }>> = {
  MLKEM512: {
    spki: '30820332300b06096086480165030404010382032100',
    pkcs8: '3054020100300b060960864801650304040104428040',
  },
  MLKEM768: {
    spki: '308204b2300b0609608648016503040402038204a100',
    pkcs8: '3054020100300b060960864801650304040204428040',
  },
  MLKEM1024: {
    spki: '30820632300b06096086480165030404030382062100',
    pkcs8: '3054020100300b060960864801650304040304428040',
  },
};
