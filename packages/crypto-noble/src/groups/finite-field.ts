import { randomBytes } from '@noble/hashes/utils.js';
import type { GroupName, KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import { bytesOf, integerOf } from '../bytes.ts';
import { wiped } from '../misuse.ts';
import { modPower } from '../rsa/arithmetic.ts';

/** A finite field and how its secret exponents are made. */
export interface FiniteField {
  readonly name: GroupName | 'dh';
  /** Size of the prime, hence of shares and secrets. */
  readonly bytes: number;
  prime(): bigint;
  readonly generator: bigint;
  drawExponent(source: RandomSource): Uint8Array;
  /** Whether these bytes may have been drawn. */
  isExponent(bytes: Uint8Array): boolean;
}

/** Finite-field Diffie-Hellman. Slow in JavaScript, and not constant time. */
export function finiteFieldGroup(field: FiniteField): KeyExchangeGroup {
  const { name, bytes, generator } = field;
  const power = (base: bigint, exponent: Uint8Array): Uint8Array =>
    bytesOf(modPower(base, integerOf(exponent), field.prime()), bytes);

  function agree(exponent: Uint8Array, peerShare: Uint8Array): Uint8Array | undefined {
    const y = parseShare(field, peerShare);
    return y === undefined ? undefined : power(y, exponent);
  }

  function exchangeKey(exponent: Uint8Array): KeyExchangeKey {
    let live: Uint8Array | undefined = exponent;
    return {
      share: power(generator, exponent),
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
    generate: (source = randomBytes) => exchangeKey(field.drawExponent(source)),
    restore: (privateBytes) =>
      field.isExponent(privateBytes) ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source = randomBytes) {
      if (clientShare.length !== bytes) return undefined;
      const exponent = field.drawExponent(source);
      const secret = agree(exponent, clientShare);
      return secret && { share: power(generator, exponent), secret };
    },
  };
}

/**
 * The peer's public value, or `undefined` unless it has the size of the prime and 1 < y < p-1, which RFC 7919
 * §5.1 and RFC 9846 §4.3.8.1 demand: 0, 1 and p-1 fix the secret.
 */
export function parseShare(
  field: Pick<FiniteField, 'bytes' | 'prime'>,
  share: Uint8Array,
): bigint | undefined {
  if (share.length !== field.bytes) return undefined;
  const y = integerOf(share);
  return y > 1n && y < field.prime() - 1n ? y : undefined;
}
