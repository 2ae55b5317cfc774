import { randomBytes } from '@noble/hashes/utils.js';
import type { CryptoProvider } from '@sealwire/core';
import { aeads } from './aead/aeads.ts';
import { cbcs } from './cbc/cbcs.ts';
import { chacha20 } from './chacha20.ts';
import { certificateCompression } from './compression.ts';
import { dhField } from './groups/dh.ts';
import { finiteFieldGroup } from './groups/finite-field.ts';
import { groups } from './groups/groups.ts';
import { hashes } from './hashes.ts';
import { pbkdf2, scrypt } from './key-derivation.ts';
import { generateKeyPair } from './keys/generate.ts';
import { importPrivateKey } from './keys/private-key.ts';
import { importPublicKey } from './keys/public-key.ts';

/**
 * Everything in pure JavaScript, for browsers, Workers and any other runtime with `crypto.getRandomValues`.
 * Prefer ChaCha20-Poly1305 and elliptic curves with it. JavaScript promises nothing about time: the curves
 * aim at a fixed sequence of operations, AES and 3DES use tables, RSA private operations are blinded but not constant
 * time, ML-KEM makes no claim. A server that holds RSA keys should use a native provider.
 */
export const nobleProvider: CryptoProvider = {
  name: 'noble',
  random: (length) => randomBytes(length),
  hashes,
  aeads,
  cbcs,
  chacha20,
  groups,
  dh(parameters) {
    const field = dhField(parameters);
    return field && finiteFieldGroup(field);
  },
  importPublicKey,
  importPrivateKey,
  generateKeyPair,
  pbkdf2,
  scrypt,
  certificateCompression,
};
