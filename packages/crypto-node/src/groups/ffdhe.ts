import type { KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import {
  type FfdheName,
  derWriter,
  drawExponent,
  ffdhePrimeBytes,
  ffdheSizes,
  isExponent,
  parseFfdheShare,
  wiped,
} from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { leftPadded, nativeSource, plain } from '../bytes.ts';

/**
 * Finite-field Diffie-Hellman on the groups of RFC 7919. There are two ways into OpenSSL. The class
 * DiffieHellman checks its prime with a primality test in newer releases (0.25 s for 2,048 bits, more than 20 s for
 * 8,192); OpenSSL 3.0 knows the primes and spares it. Key objects cost no such test, but in 3.0 raise the
 * peer's value to the order, up to fifteen times the work. So each release gets what it is good at. The range of the
 * peer's value is checked here: OpenSSL lets some values above p pass.
 */
export function ffdheGroup(name: FfdheName): KeyExchangeGroup {
  const bytes = ffdheSizes[name].bits / 8;
  const begin = process.versions.openssl.startsWith('3.0.') ? classExchange(name) : keyExchange(name);

  function agree(exchange: Exchange, peerShare: Uint8Array): Uint8Array | undefined {
    if (parseFfdheShare(name, peerShare) === undefined) return undefined;
    try {
      return leftPadded(exchange.secret(peerShare), bytes);
    } catch {
      return undefined; // releases differ in whether they look for the subgroup too
    }
  }

  function exchangeKey(exponent: Uint8Array): KeyExchangeKey {
    let live: Exchange | undefined = begin(exponent);
    return {
      share: leftPadded(live.share, bytes),
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => (live === undefined ? wiped('key-exchange key') : Uint8Array.from(exponent)),
      wipe() {
        exponent.fill(0);
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source = nativeSource) => exchangeKey(drawExponent(name, source)),
    restore: (privateBytes) =>
      isExponent(name, privateBytes) ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source = nativeSource) {
      if (clientShare.length !== bytes) return undefined;
      const exchange = begin(drawExponent(name, source));
      const secret = agree(exchange, clientShare);
      return secret && { share: leftPadded(exchange.share, bytes), secret };
    },
  };
}

interface Exchange {
  readonly share: Uint8Array;
  /** May throw, and may come without leading zeros. */
  secret(peerShare: Uint8Array): Uint8Array;
}

type Begin = (exponent: Uint8Array) => Exchange;

function classExchange(name: FfdheName): Begin {
  const prime = ffdhePrimeBytes(name);
  return (exponent) => {
    const exchange = crypto.createDiffieHellman(prime, 2);
    exchange.setPrivateKey(exponent);
    exchange.generateKeys(); // computes the public value of the key that is set
    return {
      share: plain(exchange.getPublicKey()),
      secret: (peerShare) => plain(exchange.computeSecret(peerShare)),
    };
  };
}

/** Keys in the form of PKCS #3: dhKeyAgreement with the prime and the generator, INTEGER x or y. */
function keyExchange(name: FfdheName): Begin {
  const { integer, octets, bits, sequence, algorithm } = partsOf(name);
  const generator = publicKey(Uint8Array.of(2));

  function publicKey(y: Uint8Array): crypto.KeyObject {
    const key = Buffer.from(sequence(algorithm, bits(integer(y))));
    return crypto.createPublicKey({ key, format: 'der', type: 'spki' });
  }

  return (exponent) => {
    const key = Buffer.from(sequence(integer(new Uint8Array()), algorithm, octets(integer(exponent))));
    const privateKey = crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const power = (base: crypto.KeyObject): Uint8Array =>
      plain(crypto.diffieHellman({ privateKey, publicKey: base }));
    return { share: power(generator), secret: (peerShare) => power(publicKey(peerShare)) };
  };
}

function partsOf(name: FfdheName) {
  const { sequence, unsigned: integer, octetString: octets, bitString: bits, oid } = derWriter;
  const algorithm = sequence(
    oid('2a864886f70d010301'), // dhKeyAgreement, 1.2.840.113549.1.3.1
    sequence(integer(ffdhePrimeBytes(name)), integer(Uint8Array.of(2))),
  );
  return { integer, octets, bits, sequence, algorithm };
}
