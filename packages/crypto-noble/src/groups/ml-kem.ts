import { randomBytes } from '@noble/hashes/utils.js';
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { GroupName, KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import { draw, wiped } from '../misuse.ts';

export type MlKemName = Extract<GroupName, `MLKEM${string}`>;

/**
 * ML-KEM (FIPS 203): the client's share is the encapsulation key, the server's the ciphertext
 * (draft-ietf-tls-mlkem). Decapsulation never fails: a forged ciphertext gives an unrelated secret
 * (implicit rejection, §6.3), and the handshake fails at Finished. The private bytes are the seed d‖z.
 */
export function mlKemGroup(name: MlKemName): KeyExchangeGroup {
  const kem = kems[name];
  const { publicKey: keyBytes, cipherText: ciphertextBytes } = mlKemSizes[name];

  function exchangeKey(seed: Uint8Array): KeyExchangeKey {
    const { publicKey, secretKey } = kem.keygen(seed);
    let live: Uint8Array | undefined = secretKey;
    return {
      share: publicKey,
      finish(serverShare) {
        const key = live ?? wiped('key-exchange key');
        return serverShare.length === ciphertextBytes ? kem.decapsulate(serverShare, key) : undefined;
      },
      exportPrivate: () => (live === undefined ? wiped('key-exchange key') : Uint8Array.from(seed)),
      wipe() {
        live?.fill(0);
        seed.fill(0);
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: keyBytes,
    serverShareBytes: ciphertextBytes,
    generate: (source = randomBytes) => exchangeKey(Uint8Array.from(draw(source, mlKemSeedBytes))),
    restore: (privateBytes) =>
      privateBytes.length === mlKemSeedBytes ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source = randomBytes) {
      if (clientShare.length !== keyBytes) return undefined;
      const message = Uint8Array.from(draw(source, 32));
      try {
        const { cipherText, sharedSecret } = kem.encapsulate(clientShare, message);
        return { share: cipherText, secret: Uint8Array.from(sharedSecret) };
      } catch {
        return undefined; // the modulus check of §7.2: a coefficient of q or more
      } finally {
        message.fill(0);
      }
    },
  };
}

const kems = { MLKEM512: ml_kem512, MLKEM768: ml_kem768, MLKEM1024: ml_kem1024 } as const;

/** FIPS 203 §8, table 3. */
export const mlKemSizes: Readonly<
  Record<MlKemName, { readonly publicKey: number; readonly cipherText: number }>
> = {
  MLKEM512: { publicKey: 800, cipherText: 768 },
  MLKEM768: { publicKey: 1184, cipherText: 1088 },
  MLKEM1024: { publicKey: 1568, cipherText: 1568 },
};

/** d‖z. */
export const mlKemSeedBytes = 64;
