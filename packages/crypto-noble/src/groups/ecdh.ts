import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { randomBytes } from '@noble/hashes/utils.js';
import type { CurveName, KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import { integerOf } from '../bytes.ts';
import { curveSizes } from '../formats/curves.ts';
import { wiped } from '../misuse.ts';
import { drawScalar } from './scalars.ts';

export const ecCurves = {
  secp256r1: p256,
  secp384r1: p384,
  secp521r1: p521,
  secp256k1,
  brainpoolP256r1,
  brainpoolP384r1,
  brainpoolP512r1,
} as const;

/** ECDH on curves with points (RFC 9846 §4.3.8.2, §7.4.2; RFC 8422 §5.4, §5.10): uncompressed, the secret is the bare x coordinate. */
export function ecdhGroup(name: CurveName): KeyExchangeGroup {
  const curve = ecCurves[name];
  const { bytes, order } = curveSizes[name];
  const shareBytes = 1 + 2 * bytes;

  function agree(scalar: Uint8Array, peerShare: Uint8Array): Uint8Array | undefined {
    if (peerShare.length !== shareBytes || peerShare[0] !== 0x04) return undefined;
    try {
      // The library returns a whole point; compressed, it is a sign byte and x.
      return curve.getSharedSecret(scalar, peerShare, true).slice(1);
    } catch {
      return undefined; // not on the curve
    }
  }

  function exchangeKey(scalar: Uint8Array): KeyExchangeKey {
    let live: Uint8Array | undefined = scalar;
    return {
      share: curve.getPublicKey(scalar, false),
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => Uint8Array.from(live ?? wiped('key-exchange key')),
      wipe() {
        live?.fill(0);
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: shareBytes,
    serverShareBytes: shareBytes,
    generate: (source = randomBytes) => exchangeKey(drawScalar(name, source)),
    restore(privateBytes) {
      if (privateBytes.length !== bytes) return undefined;
      const scalar = integerOf(privateBytes);
      return scalar === 0n || scalar >= order ? undefined : exchangeKey(Uint8Array.from(privateBytes));
    },
    respond(clientShare, source = randomBytes) {
      if (clientShare.length !== shareBytes || clientShare[0] !== 0x04) return undefined;
      const scalar = drawScalar(name, source);
      const secret = agree(scalar, clientShare);
      return secret && { share: curve.getPublicKey(scalar, false), secret };
    },
  };
}
