import type { KeyExchangeGroup, KeyExchangeKey, RandomSource } from '@sealwire/core';
import { draw, isAllZero, wiped } from '@sealwire/crypto-noble';
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { base64url, plain } from '../bytes.ts';

/**
 * X25519 and X448 (RFC 7748 §6). Keys go in as JSON Web Keys, which OpenSSL takes as raw bytes: 7 µs for a
 * public key where SubjectPublicKeyInfo costs 77 µs. A fresh pair comes out of the generator with its public half
 * already as such a key: half the price of importing a scalar, for which OpenSSL computes the public key, and computing it
 * again from the base point, as the given form does.
 */
export function xdhGroup(name: 'x25519' | 'x448'): KeyExchangeGroup {
  const { bytes, curve, basePoint } = parameters[name];
  const base = importPoint(curve, basePoint);
  const pkcs8Prefix = Buffer.from(parameters[name].pkcs8Prefix, 'hex');
  const takesAnyX = works(() => importScalar(new Uint8Array(bytes).fill(1)));
  const generatesPairs = works(() => {
    const { secretKey, share } = newPair(name, bytes);
    const again = keyOf(scalarOf(secretKey, bytes)).share;
    if (!again.every((byte, i) => byte === share[i])) throw new Error('expected the same public key');
  });

  function keyOf(scalar: Uint8Array): Pair {
    const secretKey = importScalar(scalar);
    return {
      scalar,
      secretKey,
      share: plain(crypto.diffieHellman({ privateKey: secretKey, publicKey: base })),
    };
  }

  function freshPair(source: RandomSource | undefined): Pair {
    if (source !== undefined) return keyOf(Uint8Array.from(draw(source, bytes)));
    return generatesPairs ? newPair(name, bytes) : keyOf(plain(crypto.randomBytes(bytes)));
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

  function exchangeKey({ scalar, secretKey, share }: Pair): KeyExchangeKey {
    let live: crypto.KeyObject | undefined = secretKey;
    return {
      share,
      finish: (serverShare) => agree(live ?? wiped('key-exchange key'), serverShare),
      exportPrivate() {
        const key = live ?? wiped('key-exchange key');
        return scalar === undefined ? scalarOf(key, bytes) : Uint8Array.from(scalar);
      },
      wipe() {
        scalar?.fill(0);
        live = undefined;
      },
    };
  }

  return {
    name,
    clientShareBytes: bytes,
    serverShareBytes: bytes,
    generate: (source) => exchangeKey(freshPair(source)),
    restore: (privateBytes) =>
      privateBytes.length === bytes ? exchangeKey(keyOf(Uint8Array.from(privateBytes))) : undefined,
    respond(clientShare, source) {
      if (clientShare.length !== bytes) return undefined;
      const { scalar, secretKey, share } = freshPair(source);
      const secret = agree(secretKey, clientShare);
      scalar?.fill(0);
      return secret && { share, secret };
    },
  };
}

interface Pair {
  /** Where it came as such. */
  readonly scalar?: Uint8Array;
  readonly secretKey: crypto.KeyObject;
  readonly share: Uint8Array;
}

/** The declarations of Node know JSON Web Keys as results of `export` alone. */
function newPair(name: 'x25519' | 'x448', bytes: number): Pair {
  const generate = crypto.generateKeyPairSync as unknown as (
    type: string,
    options: object,
  ) => { readonly privateKey: crypto.KeyObject; readonly publicKey: { readonly x: string } };
  const { privateKey, publicKey } = generate(name, { publicKeyEncoding: { format: 'jwk' } });
  const share = new Uint8Array(Buffer.from(publicKey.x, 'base64url'));
  if (share.length !== bytes) throw new Error(`expected a public key of ${bytes} bytes, got ${share.length}`);
  return { secretKey: privateKey, share };
}

/**
 * The scalar of a key: the end of its PKCS #8. Not as a JSON Web Key: while Node 20 exports one it holds a lock
 * that the collection of the generator's remains takes as well, so that a collection in the middle blocks for ever.
 */
function scalarOf(secretKey: crypto.KeyObject, bytes: number): Uint8Array {
  const pkcs8 = secretKey.export({ format: 'der', type: 'pkcs8' });
  const scalar = Uint8Array.from(pkcs8.subarray(pkcs8.length - bytes));
  pkcs8.fill(0);
  return scalar;
}

/** What the running node:crypto does is tried out. */
function works(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
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
