import type { CryptoProvider } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  expectBytes,
  expectMisuse,
  expectPlain,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';

type Chacha20 = NonNullable<CryptoProvider['chacha20']>;

/** The key stream of ChaCha20, as header protection of QUIC takes it. */
export function chacha20Cases(provider: CryptoProvider): ContractCase[] {
  const { chacha20 } = provider;
  return [
    ...vectors.map(({ name, key, start, stream }) =>
      caseAbout(`chacha20: ${name}`, chacha20, (of) => {
        expectBytes(of(unhex(key), unhex(start), stream.length / 2), stream, 'stream');
      }),
    ),
    caseAbout('chacha20: is the stream of chacha20-poly1305, which begins with block 1', chacha20, (of) => {
      const aead = provider.aeads['chacha20-poly1305'];
      if (aead === undefined) return;
      const source = seededSource(61);
      const [key, nonce] = [source(32), source(12)];
      const sealed = joined(aead.key(key).seal(nonce, new Uint8Array(0), [new Uint8Array(64)]));
      expectBytes(of(key, joined([Uint8Array.of(1, 0, 0, 0), nonce]), 64), sealed.subarray(0, 64), 'stream');
    }),
    caseAbout('chacha20: takes the last block counter of all', chacha20, (of) => {
      expectPlain(of(new Uint8Array(32), new Uint8Array(16).fill(0xff), 5), 'stream');
    }),
    caseAbout('chacha20: wrong lengths are misuse', chacha20, misuse),
    caseAbout('chacha20: changes no argument, at any offset of memory', chacha20, (of) => {
      const source = seededSource(62);
      const [key, start] = [source(33).subarray(1), source(17).subarray(1)];
      const before = [Uint8Array.from(key), Uint8Array.from(start)] as const;
      const stream = of(key, start, 64);
      expectBytes(key, before[0], 'key');
      expectBytes(start, before[1], 'start');
      expectBytes(of(...before, 64), stream, 'stream');
    }),
  ];
}

function misuse(of: Chacha20): void {
  expectMisuse(() => of(new Uint8Array(31), new Uint8Array(16), 5), 'a short key');
  expectMisuse(() => of(new Uint8Array(32), new Uint8Array(12), 5), 'a nonce alone');
  expectMisuse(() => of(new Uint8Array(32), new Uint8Array(16), 65), 'more than a block');
}

const vectors = [
  {
    name: 'RFC 8439 §2.3.2',
    key: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    start: '01000000000000090000004a00000000',
    stream:
      '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e' +
      'd2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
  },
  {
    name: 'RFC 9001 §A.5, a mask',
    key: '25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4',
    start: '5e5cd55c41f69080575d7999c25a5bfb',
    stream: 'aefefe7d03',
  },
];
