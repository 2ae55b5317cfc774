import type { KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import {
  type FfdheName,
  drawExponent,
  ffdhePrimeBytes,
  ffdheSizes,
  isExponent,
  parseFfdheShare,
  wiped,
} from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { leftPadded, plain } from '../bytes.ts';

/**
 * Finite-field Diffie-Hellman on the groups of RFC 7919. OpenSSL knows these primes and so skips the costly
 * check of the parameters. The range of the peer's value is checked here: OpenSSL lets some values above p pass.
 */
export function ffdheGroup(name: FfdheName): KeyExchangeGroup {
  const bytes = ffdheSizes[name].bits / 8;
  let prime: Uint8Array | undefined;

  function exchangeOf(exponent: Uint8Array): crypto.DiffieHellman {
    prime ??= ffdhePrimeBytes(name);
    const exchange = crypto.createDiffieHellman(prime, 2);
    exchange.setPrivateKey(exponent);
    exchange.generateKeys(); // computes the public value of the key that is set
    return exchange;
  }

  function shareOf(exchange: crypto.DiffieHellman): Uint8Array {
    return leftPadded(plain(exchange.getPublicKey()), bytes);
  }

  function agree(exchange: crypto.DiffieHellman, peerShare: Uint8Array): Uint8Array | undefined {
    if (parseFfdheShare(name, peerShare) === undefined) return undefined;
    try {
      return leftPadded(plain(exchange.computeSecret(peerShare)), bytes);
    } catch {
      return undefined;
    }
  }

  function exchangeKey(exponent: Uint8Array): KeyExchangeKey {
    const exchange = exchangeOf(exponent);
    let live: crypto.DiffieHellman | undefined = exchange;
    return {
      share: shareOf(exchange),
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => (live === undefined ? wiped('key-exchange key') : Uint8Array.from(exponent)),
      wipe() {
        exponent.fill(0);
        live = undefined;
      },
    };
  }

  const exponentFrom = (source: RandomSource = nativeSource): Uint8Array => drawExponent(name, source);

  return {
    name,
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source) => exchangeKey(exponentFrom(source)),
    restore: (privateBytes) =>
      isExponent(name, privateBytes) ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source) {
      if (clientShare.length !== bytes) return undefined;
      const exchange = exchangeOf(exponentFrom(source));
      const secret = agree(exchange, clientShare);
      return secret && { share: shareOf(exchange), secret };
    },
  };
}

const nativeSource: RandomSource = (length) => plain(crypto.randomBytes(length));
