import { namedGroups, tls13 } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { defaultGroups, implementedGroups, parseGroups } from '../../src/openssl/groups.ts';

const {
  x25519,
  secp256r1,
  secp384r1,
  secp521r1,
  x448,
  ffdhe2048,
  ffdhe3072,
  X25519MLKEM768,
  brainpoolP256r1,
} = namedGroups;

describe('a list of groups', () => {
  it('has classes and shares in 3.5', () => {
    expect(parseGroups('*X25519:P-256/P-384:P-521/-P-384:?nonsense', '3.5')).toEqual({
      ids: [x25519, secp256r1, secp521r1],
      classes: [[x25519, secp256r1], [secp521r1]],
      keyShares: [x25519],
    });
    expect(parseGroups('P-384:DEFAULT/ffdhe4096', '3.5')).toMatchObject({
      classes: [
        [secp384r1, X25519MLKEM768, x25519, secp256r1, x448, secp521r1, ffdhe2048, ffdhe3072],
        [namedGroups.ffdhe4096],
      ],
      keyShares: [X25519MLKEM768, x25519],
    });
  });

  it('is plain in 3.0', () => {
    expect(parseGroups('P-384:X25519', '3.0')).toEqual({
      ids: [secp384r1, x25519],
      classes: [[secp384r1, x25519]],
      keyShares: 'first',
    });
    expect(parseGroups('P-384/X25519', '3.0')).toMatchObject({ code: 'ERR_CRYPTO_OPERATION_FAILED' });
  });

  it('is the default one for auto', () => {
    for (const version of ['3.0', '3.5'] as const)
      expect(parseGroups('auto', version)).toEqual(defaultGroups(version));
    expect(defaultGroups('3.5').classes).toEqual([
      [X25519MLKEM768],
      [x25519, secp256r1],
      [x448, secp384r1, secp521r1],
      [ffdhe2048, ffdhe3072],
    ]);
  });

  it('is reduced to what the versions here have', () => {
    const sect163k1 = 0x0001;
    const ids = [sect163k1, brainpoolP256r1, x25519, ffdhe2048];
    expect(implementedGroups(ids, [tls13], nodeProvider)).toEqual([x25519, ffdhe2048]);
    expect(implementedGroups(ids, [tls12], nodeProvider)).toEqual([brainpoolP256r1, x25519, ffdhe2048]);
  });
});
