import type { KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import { draw, isAllZero, wiped } from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { base64url, plain } from '../bytes.ts';

/**
 * X25519 and X448 (RFC 7748 §6). Keys go in as JSON Web Keys, which OpenSSL takes as raw bytes: 7 µs for a
 * public key where SubjectPublicKeyInfo costs 77 µs. They never come out as such: the share is computed from
 * the base point, because exporting a key that was just generated can block for ever in Node 20.
 */
export function xdhGroup(name: 'x25519' | 'x448'): KeyExchangeGroup {
  const { bytes, curve, basePoint } = parameters[name];
  const base = importPoint(curve, basePoint);
  const pkcs8Prefix = Buffer.from(parameters[name].pkcs8Prefix, 'hex');
  let takesAnyX = true;
  try {
    importScalar(new Uint8Array(bytes).fill(1));
  } catch {
    takesAnyX = false;
  }

  function keyOf(scalar: Uint8Array): { secretKey: crypto.KeyObject; share: Uint8Array } {
    const secretKey = importScalar(scalar);
    return { secretKey, share: plain(crypto.diffieHellman({ privateKey: secretKey, publicKey: base })) };
  }

  /** As a JSON Web Key where x is not looked at (Node 20, 22), which costs a tenth of PKCS #8 there. */
  function importScalar(scalar: Uint8Array): crypto.KeyObject {
    if (takesAnyX) {
      const key = { kty: 'OKP', crv: curve, d: base64url(scalar), x: base64url(basePoint) };
      return crypto.createPrivateKey({ key, format: 'jwk' });
    }
    return crypto.createPrivateKey({
      key: Buffer.concat([pkcs8Prefix, scalar]),
      format: 'der',
      type: 'pkcs8',
    });
  }

  function agree(secretKey: crypto.KeyObject, peerShare: Uint8Array): Uint8Array | undefined {
    if (peerShare.length !== bytes) return undefined;
    try {
      const secret = plain(
        crypto.diffieHellman({ privateKey: secretKey, publicKey: importPoint(curve, peerShare) }),
      );
      return isAllZero(secret) ? undefined : secret; // RFC 9846 §7.4.2
    } catch {
      return undefined; // OpenSSL refuses the all-zero result itself
    }
  }

  function exchangeKey(scalar: Uint8Array): KeyExchangeKey {
    const { secretKey, share } = keyOf(scalar);
    let live: crypto.KeyObject | undefined = secretKey;
    return {
      share,
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate: () => (live === undefined ? wiped('key-exchange key') : Uint8Array.from(scalar)),
      wipe() {
        scalar.fill(0);
        live = undefined;
      },
    };
  }

  const scalarFrom = (source?: RandomSource): Uint8Array =>
    source ? Uint8Array.from(draw(source, bytes)) : plain(crypto.randomBytes(bytes));

  return {
    name,
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source) => exchangeKey(scalarFrom(source)),
    restore: (privateBytes) =>
      privateBytes.length === bytes ? exchangeKey(Uint8Array.from(privateBytes)) : undefined,
    respond(clientShare, source) {
      if (clientShare.length !== bytes) return undefined;
      const { secretKey, share } = keyOf(scalarFrom(source));
      const secret = agree(secretKey, clientShare);
      return secret && { share, secret };
    },
  };
}

function importPoint(curve: string, point: Uint8Array): crypto.KeyObject {
  return crypto.createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64url(point) }, format: 'jwk' });
}

function basePoint(u: number, bytes: number): Uint8Array {
  const point = new Uint8Array(bytes);
  point[0] = u;
  return point;
}

const parameters = {
  x25519: {
    bytes: 32,
    curve: 'X25519',
    basePoint: basePoint(9, 32),
    pkcs8Prefix: '302e020100300506032b656e04220420',
  },
  x448: {
    bytes: 56,
    curve: 'X448',
    basePoint: basePoint(5, 56),
    pkcs8Prefix: '3046020100300506032b656f043a0438',
  },
} as const;
