import type { CryptoProvider } from '@sealwire/core';
import { aeads } from './aead.ts';
import { nativeSource } from './bytes.ts';
import { cbcs } from './cbc.ts';
import { chacha20 } from './chacha20.ts';
import { certificateCompression } from './compression.ts';
import { dh } from './groups/dh.ts';
import { groups } from './groups/groups.ts';
import { hashes } from './hashes.ts';
import { pbkdf2, scrypt } from './key-derivation.ts';
import { generateKeyPair } from './keys/generate.ts';
import { nativeMlDsa } from './keys/ml-dsa.ts';
import { importPrivateKey } from './keys/private-key.ts';
import { importPublicKey } from './keys/public-key.ts';

/**
 * Everything that the running node:crypto offers synchronously; what it lacks comes from
 * `@sealwire/crypto-noble`, as do those given forms into which node:crypto lets nobody put randomness.
 */
export const nodeProvider: CryptoProvider = {
  name: 'node',
  random: nativeSource,
  hashes,
  aeads,
  cbcs,
  chacha20,
  groups,
  dh,
  importPublicKey,
  importPrivateKey,
  generateKeyPair,
  /** Tried out when somebody asks: it takes milliseconds. */
  get mlDsa() {
    return nativeMlDsa();
  },
  pbkdf2,
  scrypt,
  certificateCompression,
};
