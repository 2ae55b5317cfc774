import type { CurveName, KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import { curveSizes, drawScalar, integerOf, wiped } from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { leftPadded, plain } from '../bytes.ts';

/** ECDH on curves with points (RFC 9846 §4.3.8.2, §7.4.2; RFC 8422 §5.4, §5.10), given raw; the shared secret is the bare x coordinate. */
export function ecdhGroup(name: CurveName): KeyExchangeGroup {
  const { bytes, order } = curveSizes[name];
  const shareBytes = 1 + 2 * bytes;
  const curve = opensslNames[name];

  function exchangeOf(scalar: Uint8Array): crypto.ECDH {
    const exchange = crypto.createECDH(curve);
    exchange.setPrivateKey(scalar);
    return exchange;
  }

  function fresh(source?: RandomSource): crypto.ECDH {
    if (source) return exchangeOf(drawScalar(name, source));
    const exchange = crypto.createECDH(curve);
    exchange.generateKeys();
    return exchange;
  }

  function agree(exchange: crypto.ECDH, peerShare: Uint8Array): Uint8Array | undefined {
    if (peerShare.length !== shareBytes || peerShare[0] !== 0x04) return undefined;
    try {
      return leftPadded(plain(exchange.computeSecret(peerShare)), bytes);
    } catch {
      return undefined; // not on the curve
    }
  }

  function exchangeKey(exchange: crypto.ECDH): KeyExchangeKey {
    let live: crypto.ECDH | undefined = exchange;
    return {
      share: plain(exchange.getPublicKey()),
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => leftPadded(plain((live ?? wiped('key-exchange key')).getPrivateKey()), bytes),
      wipe() {
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: shareBytes,
    serverShareBytes: shareBytes,
    generate: (source) => exchangeKey(fresh(source)),
    restore(privateBytes) {
      if (privateBytes.length !== bytes) return undefined;
      const scalar = integerOf(privateBytes);
      return scalar === 0n || scalar >= order
        ? undefined
        : exchangeKey(exchangeOf(Uint8Array.from(privateBytes)));
    },
    respond(clientShare, source) {
      if (clientShare.length !== shareBytes || clientShare[0] !== 0x04) return undefined;
      const exchange = fresh(source);
      const secret = agree(exchange, clientShare);
      return secret && { share: plain(exchange.getPublicKey()), secret };
    },
  };
}

export const opensslNames: Readonly<Record<CurveName, string>> = {
  secp256r1: 'prime256v1',
  secp384r1: 'secp384r1',
  secp521r1: 'secp521r1',
  secp256k1: 'secp256k1',
  brainpoolP256r1: 'brainpoolP256r1',
  brainpoolP384r1: 'brainpoolP384r1',
  brainpoolP512r1: 'brainpoolP512r1',
};
