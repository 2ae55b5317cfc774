import type { AeadAlgorithm, AeadKey, AeadName } from '@sealwire/core';
import { requireLength } from '../misuse.ts';
import { CcmKey } from './ccm.ts';
import { ChachaKey } from './chacha.ts';
import { GcmKey } from './gcm.ts';

/**
 * The AEADs in pure JavaScript. AES goes through lookup tables, so its timing may leak key bits to somebody
 * who shares the processor's caches; ChaCha20-Poly1305 has no tables and is somewhat faster here.
 */
export const aeads: Readonly<Record<AeadName, AeadAlgorithm>> = {
  'aes-128-gcm': algorithm('aes-128-gcm', 16, 16, (key) => new GcmKey(key)),
  'aes-256-gcm': algorithm('aes-256-gcm', 32, 16, (key) => new GcmKey(key)),
  'chacha20-poly1305': algorithm('chacha20-poly1305', 32, 16, (key) => new ChachaKey(key)),
  'aes-128-ccm': algorithm('aes-128-ccm', 16, 16, (key) => new CcmKey(key, 16)),
  'aes-128-ccm-8': algorithm('aes-128-ccm-8', 16, 8, (key) => new CcmKey(key, 8)),
  'aes-256-ccm': algorithm('aes-256-ccm', 32, 16, (key) => new CcmKey(key, 16)),
  'aes-256-ccm-8': algorithm('aes-256-ccm-8', 32, 8, (key) => new CcmKey(key, 8)),
};

function algorithm(
  name: AeadName,
  keyBytes: number,
  tagBytes: number,
  prepare: (key: Uint8Array) => AeadKey,
): AeadAlgorithm {
  return {
    name,
    keyBytes,
    nonceBytes: 12,
    tagBytes,
    key(key) {
      requireLength(key, keyBytes, `a key for ${name}`);
      return prepare(key);
    },
  };
}
