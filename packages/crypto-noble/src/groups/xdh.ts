import { x25519 } from '@noble/curves/ed25519.js';
import { x448 } from '@noble/curves/ed448.js';
import { randomBytes } from '@noble/hashes/utils.js';
import type { KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import { isAllZero } from '../bytes.ts';
import { draw, wiped } from '../misuse.ts';

/** X25519 and X448 (RFC 7748 §6). */
export function xdhGroup(name: 'x25519' | 'x448'): KeyExchangeGroup {
  const curve = name === 'x25519' ? x25519 : x448;
  const bytes = name === 'x25519' ? 32 : 56;

  function agree(scalar: Uint8Array, peerShare: Uint8Array): Uint8Array | undefined {
    if (peerShare.length !== bytes) return undefined;
    try {
      const secret = curve.getSharedSecret(scalar, peerShare);
      return isAllZero(secret) ? undefined : secret; // RFC 9846 §7.4.2
    } catch {
      return undefined; // points of small order, whose result would be all-zero
    }
  }

  function exchangeKey(scalar: Uint8Array): KeyExchangeKey {
    let live: Uint8Array | undefined = scalar;
    return {
      share: curve.getPublicKey(scalar),
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => Uint8Array.from(live ?? wiped('key-exchange key')),
      wipe() {
        live?.fill(0);
        live = undefined;
      },
    };
  }

  const freshScalar = (source: RandomSource = randomBytes): Uint8Array =>
    Uint8Array.from(draw(source, bytes));

  return {
    name,
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source) => exchangeKey(freshScalar(source)),
    restore: (privateBytes) =>
      privateBytes.length === bytes ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source) {
      if (clientShare.length !== bytes) return undefined;
      const scalar = freshScalar(source);
      const secret = agree(scalar, clientShare);
      return secret && { share: curve.getPublicKey(scalar), secret };
    },
  };
}
