import { constants, createPrivateKey, privateDecrypt, randomBytes } from 'node:crypto';
import type { CryptoProvider } from '@sealwire/core';
import type { Comparison } from './compare.ts';

/**
 * RSA key transport: ciphertexts that hold a premaster secret, and others. Whoever can tell them apart decrypts what
 * was recorded (Bleichenbacher; RFC 5246 §7.4.7.1).
 */
export function rsaComparisons(provider: CryptoProvider): Comparison[] {
  const key = provider.generateKeyPair({ type: 'rsa', bits: 2048 });
  const fallback = new Uint8Array(randomBytes(48));
  const nodeKey = createPrivateKey({ key: Buffer.from(key.exportPkcs8()), format: 'der', type: 'pkcs8' });
  const encrypted = (bytes: number) => key.publicKey.encryptPkcs1!(new Uint8Array(randomBytes(bytes)))!;

  const makers: Readonly<Record<Kind, () => Uint8Array>> = {
    right: () => encrypted(48),
    'right as well': () => encrypted(48),
    'too short': () => encrypted(47),
    'of random bytes': () => {
      const random = new Uint8Array(randomBytes(256));
      // Below any modulus of this size.
      random[0]! &= 0x7f;
      return random;
    },
  };
  const pools = { right: [], 'right as well': [], 'too short': [], 'of random bytes': [] } as Record<
    Kind,
    Uint8Array[]
  >;
  for (let i = 0; i < poolSize; i++) {
    for (const kind of Object.keys(pools) as Kind[]) pools[kind].push(makers[kind]());
  }
  let turn = 0;
  const next = (kind: Kind) => pools[kind][turn++ % poolSize]!;

  /** Says by an exception that the padding is wrong, as libraries do. */
  function throwsAtPadding(ciphertext: Uint8Array): boolean {
    try {
      const block = privateDecrypt({ key: nodeKey, padding: constants.RSA_NO_PADDING }, ciphertext);
      const end = block.indexOf(0, 2);
      if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('wrong padding');
      return block.length - end - 1 === fallback.length;
    } catch {
      return false;
    }
  }

  const over = (subject: string, handles: (input: Uint8Array) => boolean): Comparison[] =>
    (['right as well', 'too short', 'of random bytes'] as const).map((other) => ({
      name: `${subject}: right, ${other}`,
      input: (kind) => next(kind === 0 ? 'right' : other),
      handles,
    }));
  return [
    ...over('Sealwire', (ciphertext) => key.decryptPkcs1!(ciphertext, fallback).length === fallback.length),
    ...over('control, throws at wrong padding', (ciphertext) => {
      throwsAtPadding(ciphertext);
      return true;
    }),
  ];
}

type Kind = 'right' | 'right as well' | 'too short' | 'of random bytes';

const poolSize = 64;
