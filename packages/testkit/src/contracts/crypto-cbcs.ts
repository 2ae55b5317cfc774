import type { CbcCipher, CbcName, CryptoProvider } from '@sealwire/core';
import {
  type ContractCase,
  ascii,
  caseAbout,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  flipped,
  hex,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';

/** Block ciphers in CBC mode (SP 800-38A §6.2). */
export function cbcCases(provider: CryptoProvider): ContractCase[] {
  const cases: ContractCase[] = [];
  for (const [name, { keyBytes, blockBytes }] of Object.entries(sizes) as [CbcName, Sizes][]) {
    const cipher = provider.cbcs?.[name];
    cases.push(
      caseAbout(`${name}: sizes`, cipher, (c) => {
        expectEqual(c.name, name, 'name');
        expectEqual(c.keyBytes, keyBytes, 'keyBytes');
        expectEqual(c.blockBytes, blockBytes, 'blockBytes');
      }),
      caseAbout(`${name}: decrypts what it encrypted, in whole blocks without padding`, cipher, roundTrips),
      caseAbout(`${name}: how the text is cut into pieces does not matter`, cipher, pieces),
      caseAbout(`${name}: the last block is the next initialisation vector`, cipher, chains),
      caseAbout(
        `${name}: a changed bit changes its block and the bit below it, and nothing else`,
        cipher,
        errs,
      ),
      caseAbout(`${name}: wrong lengths are misuse`, cipher, misuse),
      caseAbout(`${name}: changes no argument and keeps none, at any offset of memory`, cipher, ownership),
    );
  }
  for (const { name, cbc, key, iv, text, encrypted } of vectors) {
    cases.push(
      caseAbout(`${cbc}: ${name}`, provider.cbcs?.[cbc], (cipher) => {
        const prepared = cipher.key(unhex(key));
        expectBytes(prepared.encrypt(unhex(iv), [unhex(text)]), encrypted, 'encrypted');
        expectBytes(prepared.decrypt(unhex(iv), unhex(encrypted)), text, 'decrypted');
      }),
    );
  }
  cases.push(
    caseAbout(
      '3des-ede-cbc: parity bits of the keys are not looked at',
      provider.cbcs?.['3des-ede-cbc'],
      (c) => {
        const source = seededSource(21);
        const [key, iv, text] = [source(24), source(8), source(16)];
        const other = key.map((byte) => byte ^ 0x01);
        expectBytes(c.key(other).encrypt(iv, [text]), c.key(key).encrypt(iv, [text]), 'encrypted');
      },
    ),
    caseAbout('3des-ede-cbc: 10,000 blocks, each the key of the next', provider.cbcs?.['3des-ede-cbc'], (c) =>
      iterated(c),
    ),
  );
  return cases;
}

interface Sizes {
  readonly keyBytes: number;
  readonly blockBytes: number;
}

function roundTrips(cipher: CbcCipher): void {
  const source = seededSource(15);
  const key = cipher.key(source(cipher.keyBytes));
  for (const blocks of [0, 1, 2, 3, 4, 5, 17, 1_024, 1_025]) {
    const [iv, text] = [source(cipher.blockBytes), source(blocks * cipher.blockBytes)];
    const encrypted = key.encrypt(iv, [text]);
    expectPlain(encrypted, 'encrypted');
    expectEqual(encrypted.length, text.length, 'length');
    const decrypted = key.decrypt(iv, encrypted);
    expectPlain(decrypted, 'decrypted');
    expectBytes(decrypted, text, `${blocks} blocks`);
    encrypted.fill(0);
    expectBytes(decrypted, text, 'memory of its own');
  }
}

function pieces(cipher: CbcCipher): void {
  const source = seededSource(16);
  const key = cipher.key(source(cipher.keyBytes));
  const [iv, text] = [source(cipher.blockBytes), source(6 * cipher.blockBytes)];
  const whole = key.encrypt(iv, [text]);
  for (const cuts of [[0], [1], [16], [47], [48], [3, 3, 30], [7, 20, 33, 34]]) {
    const cut = [0, ...cuts, text.length].map((end, i, all) => text.subarray(all[i - 1] ?? 0, end));
    expectBytes(key.encrypt(iv, cut), whole, `cut at ${cuts}`);
  }
  expectBytes(key.encrypt(iv, []), '', 'no pieces');
}

function chains(cipher: CbcCipher): void {
  const source = seededSource(17);
  const key = cipher.key(source(cipher.keyBytes));
  const [iv, text] = [source(cipher.blockBytes), source(4 * cipher.blockBytes)];
  const whole = key.encrypt(iv, [text]);
  const half = text.length / 2;
  const first = key.encrypt(iv, [text.subarray(0, half)]);
  const second = key.encrypt(first.slice(-cipher.blockBytes), [text.subarray(half)]);
  expectBytes(joined([first, second]), whole, 'two halves');
  expectBytes(
    key.decrypt(first.slice(-cipher.blockBytes), second),
    text.subarray(half),
    'the second half alone',
  );
}

function errs(cipher: CbcCipher): void {
  const source = seededSource(18);
  const { blockBytes } = cipher;
  const key = cipher.key(source(cipher.keyBytes));
  const [iv, text] = [source(blockBytes), source(4 * blockBytes)];
  const decrypted = key.decrypt(iv, flipped(key.encrypt(iv, [text]), blockBytes + 3));
  const block = (bytes: Uint8Array, i: number): string =>
    hex(bytes.subarray(i * blockBytes, (i + 1) * blockBytes));
  expectEqual(block(decrypted, 0), block(text, 0), 'block 0');
  expectEqual(block(decrypted, 1) === block(text, 1), false, 'block 1 stays the same');
  expectEqual(block(decrypted, 2), block(flipped(text, 2 * blockBytes + 3), 2), 'block 2');
  expectEqual(block(decrypted, 3), block(text, 3), 'block 3');
  expectBytes(
    key.decrypt(flipped(iv, 0), key.encrypt(iv, [text])),
    flipped(text, 0),
    'a bit of the initialisation vector',
  );
}

function misuse(cipher: CbcCipher): void {
  const { keyBytes, blockBytes } = cipher;
  for (const length of [0, keyBytes - 1, keyBytes + 1]) {
    expectMisuse(() => cipher.key(new Uint8Array(length)), `a key of ${length} bytes`);
  }
  const key = cipher.key(new Uint8Array(keyBytes));
  const block = new Uint8Array(blockBytes);
  for (const length of [0, blockBytes - 1, blockBytes + 1, 2 * blockBytes]) {
    expectMisuse(() => key.encrypt(new Uint8Array(length), [block]), `encrypting after ${length} bytes`);
    expectMisuse(() => key.decrypt(new Uint8Array(length), block), `decrypting after ${length} bytes`);
  }
  for (const length of [1, blockBytes - 1, blockBytes + 1, 3 * blockBytes - 1]) {
    expectMisuse(() => key.encrypt(block, [new Uint8Array(length)]), `encrypting ${length} bytes`);
    expectMisuse(() => key.encrypt(block, [block, new Uint8Array(length)]), `a piece of ${length} bytes`);
    expectMisuse(() => key.decrypt(block, new Uint8Array(length)), `decrypting ${length} bytes`);
  }
  key.wipe();
  key.wipe();
  expectMisuse(() => key.encrypt(block, [block]), 'encrypting with a wiped key');
  expectMisuse(() => key.decrypt(block, block), 'decrypting with a wiped key');
}

function ownership(cipher: CbcCipher): void {
  const source = seededSource(19);
  const { keyBytes, blockBytes } = cipher;
  const [keyGiven, iv, text] = [source(keyBytes), source(blockBytes), source(3 * blockBytes)];
  const before = [keyGiven, iv, text].map(hex);
  const key = cipher.key(keyGiven);
  const encrypted = key.encrypt(iv, [text]);
  const encryptedBefore = hex(encrypted);
  key.decrypt(iv, encrypted);
  expectEqual([keyGiven, iv, text].map(hex).join(), before.join(), 'arguments');
  expectEqual(hex(encrypted), encryptedBefore, 'the ciphertext');
  keyGiven.fill(0);
  expectBytes(key.encrypt(iv, [text]), encrypted, 'after the caller changed the key');
  for (const offset of [1, 2, 3, 5, 8]) {
    const moved = (bytes: Uint8Array): Uint8Array => joined([new Uint8Array(offset), bytes]).subarray(offset);
    expectBytes(key.encrypt(moved(iv), [moved(text)]), encrypted, `encrypting at offset ${offset}`);
    expectBytes(key.decrypt(moved(iv), moved(encrypted)), text, `decrypting at offset ${offset}`);
  }
}

/** Every entry of the S-boxes and every round key takes part; the result is what OpenSSL comes to. */
function iterated(cipher: CbcCipher): void {
  let key = ascii('0123456789abcdefghijklmn');
  let text = new Uint8Array(8);
  for (let i = 0; i < 10_000; i++) {
    const next: Uint8Array = cipher.key(key).encrypt(new Uint8Array(8), [text]);
    key = joined([key.subarray(8), text]);
    text = Uint8Array.from(next);
  }
  expectBytes(text, iteratedTripleDes, 'the last block');
}

const sizes: Readonly<Record<CbcName, Sizes>> = {
  'aes-128-cbc': { keyBytes: 16, blockBytes: 16 },
  'aes-192-cbc': { keyBytes: 24, blockBytes: 16 },
  'aes-256-cbc': { keyBytes: 32, blockBytes: 16 },
  '3des-ede-cbc': { keyBytes: 24, blockBytes: 8 },
  'des-cbc': { keyBytes: 8, blockBytes: 8 },
};

interface CbcVector {
  readonly name: string;
  readonly cbc: CbcName;
  readonly key: string;
  readonly iv: string;
  readonly text: string;
  readonly encrypted: string;
}

const text38a =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';
const bundle = '0123456789abcdef23456789abcdef01456789abcdef0123';

const vectors: readonly CbcVector[] = [
  {
    name: 'SP 800-38A §F.2.1',
    cbc: 'aes-128-cbc',
    key: '2b7e151628aed2a6abf7158809cf4f3c',
    iv: '000102030405060708090a0b0c0d0e0f',
    text: text38a,
    encrypted:
      '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7',
  },
  {
    name: 'SP 800-38A §F.2.3',
    cbc: 'aes-192-cbc',
    key: '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
    iv: '000102030405060708090a0b0c0d0e0f',
    text: text38a,
    encrypted:
      '4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd',
  },
  {
    name: 'SP 800-38A §F.2.5',
    cbc: 'aes-256-cbc',
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    iv: '000102030405060708090a0b0c0d0e0f',
    text: text38a,
    encrypted:
      'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b',
  },
  // SP 800-67, appendix B.1: one block at a time, as CBC begins with nothing before it.
  ...(
    [
      ['5468652071756663', 'a826fd8ce53b855f'],
      ['6b2062726f776e20', 'cce21c8112256fe6'],
      ['666f78206a756d70', '68d5c05dd9b6b900'],
    ] as const
  ).map(([text, encrypted]) => ({
    name: `SP 800-67 appendix B.1, ${text}`,
    cbc: '3des-ede-cbc' as const,
    key: bundle,
    iv: '0000000000000000',
    text,
    encrypted,
  })),
  {
    name: 'FIPS 81 table C1',
    cbc: 'des-cbc',
    key: '0123456789abcdef',
    iv: '1234567890abcdef',
    text: '4e6f77206973207468652074696d6520666f7220616c6c20',
    encrypted: 'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  },
  {
    name: 'the three blocks chained (computed with OpenSSL)',
    cbc: '3des-ede-cbc',
    key: bundle,
    iv: 'f69f2445df4f9b17',
    text: '54686520717566636b2062726f776e20666f78206a756d70',
    encrypted: 'a5c282bad0de3774becd2e04386b589fb5057d8552fc4336',
  },
];

/** Computed with OpenSSL 3.0's des-ede3-ecb. */
const iteratedTripleDes = '147e822713b1d629';
