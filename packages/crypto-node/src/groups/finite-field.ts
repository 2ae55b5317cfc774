import type { KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import {
  type FiniteField,
  derWriter,
  fieldNumbers,
  finiteFieldGroup as nobleGroup,
  parseShare,
  wiped,
} from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { leftPadded, nativeSource, plain } from '../bytes.ts';

/**
 * Finite-field Diffie-Hellman. There are two ways into OpenSSL. The class DiffieHellman checks its prime with a primality
 * test (0.25 s for 2,048 bits, more than 20 s for 8,192), except that OpenSSL 3.0 knows the primes of RFC 7919 and spares it.
 * Key objects cost no such test, but with those primes 3.0 raises the peer's value to the order, up to fifteen times the
 * work. So each gets what it is good at. The range of the peer's value is checked here: OpenSSL lets some values above p
 * pass.
 */
export function finiteFieldGroup(field: FiniteField): KeyExchangeGroup {
  const { name, bytes } = field;
  const isKnownTo30 = name !== 'dh' && process.versions.openssl.startsWith('3.0.');
  const native = isKnownTo30 ? classExchange(field) : keyExchange(field);

  function begin(exponent: Uint8Array): Exchange {
    try {
      return native(exponent);
    } catch {
      return nobleExchange(field, exponent); // numbers that this release refuses
    }
  }

  function agree(exchange: Exchange, peerShare: Uint8Array): Uint8Array | undefined {
    if (parseShare(field, peerShare) === undefined) return undefined;
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
    generate: (source = nativeSource) => exchangeKey(field.drawExponent(source)),
    restore: (privateBytes) =>
      field.isExponent(privateBytes) ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source = nativeSource) {
      if (clientShare.length !== bytes) return undefined;
      const exchange = begin(field.drawExponent(source));
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

function classExchange(field: FiniteField): Begin {
  const { prime, generator } = fieldNumbers(field);
  return (exponent) => {
    const exchange = crypto.createDiffieHellman(prime, generator);
    exchange.setPrivateKey(exponent);
    exchange.generateKeys(); // computes the public value of the key that is set
    return {
      share: plain(exchange.getPublicKey()),
      secret: (peerShare) => plain(exchange.computeSecret(peerShare)),
    };
  };
}

function nobleExchange(field: FiniteField, exponent: Uint8Array): Exchange {
  const key = nobleGroup(field).restore(exponent)!;
  return { share: key.share, secret: (peerShare) => key.finish(peerShare)! };
}

/** Keys in the form of PKCS #3: dhKeyAgreement with the prime and the generator, INTEGER x or y. */
function keyExchange(field: FiniteField): Begin {
  const { sequence, unsigned: integer, octetString: octets, bitString: bits, oid } = derWriter;
  const { prime, generator } = fieldNumbers(field);
  const algorithm = sequence(
    oid('2a864886f70d010301'), // dhKeyAgreement, 1.2.840.113549.1.3.1
    sequence(integer(prime), integer(generator)),
  );
  let base: crypto.KeyObject | undefined;

  function publicKey(y: Uint8Array): crypto.KeyObject {
    const key = Buffer.from(sequence(algorithm, bits(integer(y))));
    return crypto.createPublicKey({ key, format: 'der', type: 'spki' });
  }

  return (exponent) => {
    const key = Buffer.from(sequence(integer(new Uint8Array()), algorithm, octets(integer(exponent))));
    const privateKey = crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    const power = (value: crypto.KeyObject): Uint8Array =>
      plain(crypto.diffieHellman({ privateKey, publicKey: value }));
    base ??= publicKey(generator);
    return { share: power(base), secret: (peerShare) => power(publicKey(peerShare)) };
  };
}
