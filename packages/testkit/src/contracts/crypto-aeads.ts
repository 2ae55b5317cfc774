import type { AeadAlgorithm, AeadName, CryptoProvider } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  expectRefused,
  flipped,
  joined,
  seededSource,
  unhex,
} from './contract-case.ts';

export function aeadCases(provider: CryptoProvider): ContractCase[] {
  const cases: ContractCase[] = [];
  for (const [name, { keyBytes, tagBytes }] of Object.entries(sizes) as [
    AeadName,
    { keyBytes: number; tagBytes: number },
  ][]) {
    const aead = provider.aeads[name];
    cases.push(
      caseAbout(`${name}: sizes`, aead, (algorithm) => {
        expectEqual(algorithm.name, name, 'name');
        expectEqual(algorithm.keyBytes, keyBytes, 'keyBytes');
        expectEqual(algorithm.tagBytes, tagBytes, 'tagBytes');
        expectEqual(algorithm.nonceBytes, 12, 'nonceBytes');
      }),
      caseAbout(`${name}: opens what it sealed, at all lengths around blocks`, aead, roundTrips),
      caseAbout(`${name}: how the text is cut into pieces does not matter`, aead, pieces),
      caseAbout(`${name}: refuses every changed bit, key, nonce and additional data`, aead, tampering),
      caseAbout(`${name}: wrong lengths are misuse`, aead, misuse),
      caseAbout(`${name}: changes no argument and keeps none`, aead, ownership),
      caseAbout(`${name}: accepts arrays at any offset of their memory`, aead, offsets),
    );
  }
  for (const { name, aead, key, nonce, aad, text, sealed } of vectors) {
    cases.push(
      caseAbout(`${aead}: ${name}`, provider.aeads[aead], (algorithm) => {
        const prepared = algorithm.key(unhex(key));
        expectBytes(joined(prepared.seal(unhex(nonce), unhex(aad), [unhex(text)])), sealed, 'sealed');
        expectBytes(prepared.open(unhex(nonce), unhex(aad), unhex(sealed)), text, 'opened');
      }),
    );
  }
  return cases;
}

function roundTrips(aead: AeadAlgorithm): void {
  const source = seededSource(7);
  const key = aead.key(source(aead.keyBytes));
  for (const length of [0, 1, 15, 16, 17, 31, 32, 63, 64, 65, 255, 256, 1_000, 16_385]) {
    for (const aadBytes of [0, 5, 13, 16, 100]) {
      const [nonce, aad, text] = [source(12), source(aadBytes), source(length)];
      const sealedPieces = key.seal(nonce, aad, [text]);
      for (const piece of sealedPieces) expectPlain(piece, 'sealed');
      const sealed = joined(sealedPieces);
      expectEqual(sealed.length, length + aead.tagBytes, 'sealed length');
      const opened = key.open(nonce, aad, sealed);
      expectBytes(opened, text, `${length} bytes`);
      expectPlain(opened!, 'opened');
    }
  }
  const longAad = source(70_000); // CCM encodes lengths from 65,280 on differently
  expectBytes(
    key.open(longAad.subarray(0, 12), longAad, joined(key.seal(longAad.subarray(0, 12), longAad, []))),
    '',
    'long additional data',
  );
}

function pieces(aead: AeadAlgorithm): void {
  const source = seededSource(8);
  const key = aead.key(source(aead.keyBytes));
  const [nonce, aad, text] = [source(12), source(5), source(100)];
  const whole = joined(key.seal(nonce, aad, [text]));
  for (const cuts of [[0], [1], [16], [99], [100], [3, 3, 50], [7, 20, 64, 65]]) {
    const cut = [0, ...cuts, 100].map((end, i, all) => text.subarray(all[i - 1] ?? 0, end));
    expectBytes(joined(key.seal(nonce, aad, cut)), whole, `cut at ${cuts}`);
  }
  expectBytes(
    joined(key.seal(nonce, aad, [])),
    joined(key.seal(nonce, aad, [new Uint8Array()])),
    'no pieces',
  );
}

function tampering(aead: AeadAlgorithm): void {
  const source = seededSource(9);
  const keyBytes = source(aead.keyBytes);
  const key = aead.key(keyBytes);
  const [nonce, aad, text] = [source(12), source(13), source(37)];
  const sealed = joined(key.seal(nonce, aad, [text]));
  for (let at = 0; at < sealed.length; at++) {
    expectRefused(() => key.open(nonce, aad, flipped(sealed, at)), `byte ${at} changed`);
  }
  for (let length = 0; length < sealed.length; length += 3) {
    expectRefused(() => key.open(nonce, aad, sealed.subarray(0, length)), `cut to ${length} bytes`);
  }
  expectRefused(() => key.open(nonce, aad, joined([sealed, new Uint8Array(1)])), 'a byte more');
  expectRefused(() => key.open(nonce, flipped(aad, 3), sealed), 'other additional data');
  expectRefused(() => key.open(nonce, aad.subarray(1), sealed), 'shorter additional data');
  expectRefused(() => key.open(flipped(nonce, -1), aad, sealed), 'another nonce');
  expectRefused(() => aead.key(flipped(keyBytes, 0)).open(nonce, aad, sealed), 'another key');
  expectBytes(key.open(nonce, aad, sealed), text, 'the key still works');
}

function misuse(aead: AeadAlgorithm): void {
  const none = new Uint8Array();
  for (const length of [0, aead.keyBytes - 1, aead.keyBytes + 1]) {
    expectMisuse(() => aead.key(new Uint8Array(length)), `a key of ${length} bytes`);
  }
  const key = aead.key(new Uint8Array(aead.keyBytes));
  for (const length of [0, 8, 11, 13, 16]) {
    expectMisuse(() => key.seal(new Uint8Array(length), none, []), `sealing with a nonce of ${length} bytes`);
    expectMisuse(
      () => key.open(new Uint8Array(length), none, new Uint8Array(32)),
      `opening with a nonce of ${length} bytes`,
    );
  }
  key.wipe();
  key.wipe();
  expectMisuse(() => key.seal(new Uint8Array(12), none, []), 'sealing with a wiped key');
  expectMisuse(() => key.open(new Uint8Array(12), none, new Uint8Array(32)), 'opening with a wiped key');
}

function ownership(aead: AeadAlgorithm): void {
  const source = seededSource(10);
  const keyBytes = source(aead.keyBytes);
  const [nonce, aad, text] = [source(12), source(5), source(50)];
  const before = [keyBytes, nonce, aad, text].map((bytes) => Uint8Array.from(bytes));
  const key = aead.key(keyBytes);
  const sealed = joined(key.seal(nonce, aad, [text]));
  const sealedBefore = Uint8Array.from(sealed);
  const opened = key.open(nonce, aad, sealed)!;
  opened.fill(0);
  expectBytes(sealed, sealedBefore, 'sealed bytes');
  [keyBytes, nonce, aad, text].forEach((bytes, i) => expectBytes(bytes, before[i]!, `argument ${i}`));
  keyBytes.fill(0);
  expectBytes(joined(key.seal(nonce, aad, [text])), sealed, 'the key is a copy');
  const other = aead.key(before[0]!);
  key.wipe();
  expectBytes(joined(other.seal(nonce, aad, [text])), sealed, 'wiping one key leaves the other');
}

function offsets(aead: AeadAlgorithm): void {
  const source = seededSource(11);
  const key = aead.key(source(aead.keyBytes));
  const [nonce, aad, text] = [source(12), source(5), source(100)];
  const sealed = joined(key.seal(nonce, aad, [text]));
  for (let offset = 1; offset < 9; offset++) {
    const shifted = (bytes: Uint8Array): Uint8Array =>
      joined([new Uint8Array(offset), bytes]).subarray(offset);
    expectBytes(
      joined(key.seal(shifted(nonce), shifted(aad), [shifted(text)])),
      sealed,
      `sealing at offset ${offset}`,
    );
    expectBytes(key.open(shifted(nonce), shifted(aad), shifted(sealed)), text, `opening at offset ${offset}`);
  }
}

const sizes: Readonly<Record<AeadName, { keyBytes: number; tagBytes: number }>> = {
  'aes-128-gcm': { keyBytes: 16, tagBytes: 16 },
  'aes-256-gcm': { keyBytes: 32, tagBytes: 16 },
  'chacha20-poly1305': { keyBytes: 32, tagBytes: 16 },
  'aes-128-ccm': { keyBytes: 16, tagBytes: 16 },
  'aes-128-ccm-8': { keyBytes: 16, tagBytes: 8 },
  'aes-256-ccm': { keyBytes: 32, tagBytes: 16 },
  'aes-256-ccm-8': { keyBytes: 32, tagBytes: 8 },
};

interface AeadVector {
  readonly name: string;
  readonly aead: AeadName;
  readonly key: string;
  readonly nonce: string;
  readonly aad: string;
  readonly text: string;
  readonly sealed: string;
}

const gcmText =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const gcmKey = 'feffe9928665731c6d6a8f9467308308';
const gcmAad = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const ccmKey = '404142434445464748494a4b4c4d4e4f';
const ccmNonce = '101112131415161718191a1b';
const ccmAad = '000102030405060708090a0b0c0d0e0f10111213';
const ccmText = '202122232425262728292a2b2c2d2e2f3031323334353637';

const vectors: readonly AeadVector[] = [
  {
    name: 'GCM specification (McGrew, Viega) test case 1',
    aead: 'aes-128-gcm',
    key: '00'.repeat(16),
    nonce: '00'.repeat(12),
    aad: '',
    text: '',
    sealed: '58e2fccefa7e3061367f1d57a4e7455a',
  },
  {
    name: 'GCM specification test case 4',
    aead: 'aes-128-gcm',
    key: gcmKey,
    nonce: 'cafebabefacedbaddecaf888',
    aad: gcmAad,
    text: gcmText,
    sealed:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
  },
  {
    name: 'GCM specification test case 16',
    aead: 'aes-256-gcm',
    key: gcmKey + gcmKey,
    nonce: 'cafebabefacedbaddecaf888',
    aad: gcmAad,
    text: gcmText,
    sealed:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  },
  {
    name: 'RFC 8439 §2.8.2',
    aead: 'chacha20-poly1305',
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    text: '4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e',
    sealed:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691',
  },
  {
    name: 'SP 800-38C appendix C.3',
    aead: 'aes-128-ccm-8',
    key: ccmKey,
    nonce: ccmNonce,
    aad: ccmAad,
    text: ccmText,
    sealed: 'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951',
  },
  {
    name: 'the same with a tag of 16 bytes (OpenSSL 3.0)',
    aead: 'aes-128-ccm',
    key: ccmKey,
    nonce: ccmNonce,
    aad: ccmAad,
    text: ccmText,
    sealed: 'e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5c87ae488918de93f17dd3e4934347f44',
  },
  {
    name: 'the same with the key twice (OpenSSL 3.0)',
    aead: 'aes-256-ccm',
    key: ccmKey + ccmKey,
    nonce: ccmNonce,
    aad: ccmAad,
    text: ccmText,
    sealed: 'a4ce15f5b1acbdac939278ed5cdd95fa52180231b414419183c1ce308655108ec8df9d459c86f718',
  },
  {
    name: 'the same with the key twice and a tag of 8 bytes (OpenSSL 3.0)',
    aead: 'aes-256-ccm-8',
    key: ccmKey + ccmKey,
    nonce: ccmNonce,
    aad: ccmAad,
    text: ccmText,
    sealed: 'a4ce15f5b1acbdac939278ed5cdd95fa52180231b4144191287abb3730c939e4',
  },
];
