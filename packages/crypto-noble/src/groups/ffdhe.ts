import { randomBytes } from '@noble/hashes/utils.js';
import type { KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import { bytesOf, integerOf } from '../bytes.ts';
import { type FfdheName, ffdhePrime, ffdheSizes } from '../formats/ffdhe-primes.ts';
import { wiped } from '../misuse.ts';
import { modPower } from '../rsa/arithmetic.ts';
import { drawExponent, isExponent, parseFfdheShare } from './scalars.ts';

/** Finite-field Diffie-Hellman on the groups of RFC 7919. Slow in JavaScript: about 1.5 ms at 2,048 bits, 25 ms at 8,192; not constant time. */
export function ffdheGroup(name: FfdheName): KeyExchangeGroup {
  const bytes = ffdheSizes[name].bits / 8;
  const power = (base: bigint, exponent: Uint8Array): Uint8Array =>
    bytesOf(modPower(base, integerOf(exponent), ffdhePrime(name)), bytes);

  function agree(exponent: Uint8Array, peerShare: Uint8Array): Uint8Array | undefined {
    const y = parseFfdheShare(name, peerShare);
    return y === undefined ? undefined : power(y, exponent);
  }

  function exchangeKey(exponent: Uint8Array): KeyExchangeKey {
    let live: Uint8Array | undefined = exponent;
    return {
      share: power(2n, exponent),
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
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source = randomBytes) => exchangeKey(drawExponent(name, source)),
    restore: (privateBytes) =>
      isExponent(name, privateBytes) ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source = randomBytes) {
      if (clientShare.length !== bytes) return undefined;
      const exponent = drawExponent(name, source);
      const secret = agree(exponent, clientShare);
      return secret && { share: power(2n, exponent), secret };
    },
  };
}
