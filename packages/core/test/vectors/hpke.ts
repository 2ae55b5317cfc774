/**
 * Base mode vectors of RFC 9180 Appendix A, from the source of its final draft (cfrg/draft-irtf-cfrg-hpke,
 * 2024-07-10): setup, and the first two, the fifth and the sixth encryption of each.
 */
export interface HpkeVector {
  readonly name: string;
  readonly kem: number;
  readonly kdf: number;
  readonly aead: number;
  readonly info: string;
  readonly ikmE: string;
  readonly skEm: string;
  readonly ikmR: string;
  readonly pkRm: string;
  readonly skRm: string;
  readonly enc: string;
  readonly encryptions: readonly {
    readonly sequence: number;
    readonly aad: string;
    readonly plaintext: string;
    readonly sealed: string;
  }[];
}

export const hpkeVectors: readonly HpkeVector[] = [
  {
    name: 'DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM',
    kem: 32,
    kdf: 1,
    aead: 1,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: '7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234',
    skEm: '52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736',
    ikmR: '6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037',
    pkRm: '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d',
    skRm: '4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8',
    enc: '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '7175db9717964058640a3a11fb9007941a5d1757fda1a6935c805c21af32505bf106deefec4a49ac38d71c9e0a',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '957f9800542b0b8891badb026d79cc54597cb2d225b54c00c5238c25d05c30e3fbeda97d2e0e1aba483a2df9f2',
      },
    ],
  },
  {
    name: 'DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305',
    kem: 32,
    kdf: 1,
    aead: 3,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: '909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b',
    skEm: 'f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600',
    ikmR: '1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df',
    pkRm: '4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a',
    skRm: '8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb',
    enc: '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9cd6c23ef2a95c',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5b',
      },
    ],
  },
  {
    name: 'DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM',
    kem: 16,
    kdf: 1,
    aead: 1,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: '4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e',
    skEm: '4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb',
    ikmR: '668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550',
    pkRm: 
      '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d3' +
      '0ad6aa8f80e30f1d128aafd68a2ce72ea0',
    skRm: 'f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2',
    enc: 
      '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900' +
      'be863c403ce65c9bfcb9382657222d18c4',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3748271affd4ecb06646e0329cbdf3c3cd655b28e82',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '2ad71c85bf3f45c6eca301426289854b31448bcf8a8ccb1deef3ebd87f60848aa53c538c30a4dac71d619ee2cd',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '10f179686aa2caec1758c8e554513f16472bd0a11e2a907dde0b212cbe87d74f367f8ffe5e41cd3e9962a6afb2',
      },
    ],
  },
  {
    name: 'DHKEM(P-256, HKDF-SHA256), HKDF-SHA512, AES-128-GCM',
    kem: 16,
    kdf: 3,
    aead: 1,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: '4ab11a9dd78c39668f7038f921ffc0993b368171d3ddde8031501ee1e08c4c9a',
    skEm: '2292bf14bb6e15b8c81a0f45b7a6e93e32d830e48cca702e0affcfb4d07e1b5c',
    ikmR: 'ea9ff7cc5b2705b188841c7ace169290ff312a9cb31467784ca92d7a2e6e1be8',
    pkRm: 
      '04085aa5b665dc3826f9650ccbcc471be268c8ada866422f739e2d531d4a8818a9466bc6b449357096232919ec4fe907' +
      '0ccbac4aac30f4a1a53efcf7af90610edd',
    skRm: '3ac8530ad1b01885960fab38cf3cdc4f7aef121eaa239f222623614b4079fb38',
    enc: 
      '0493ed86735bdfb978cc055c98b45695ad7ce61ce748f4dd63c525a3b8d53a15565c6897888070070c1579db1f86aaa5' +
      '6deb8297e64db7e8924e72866f9a472580',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'd3cf4984931484a080f74c1bb2a6782700dc1fef9abe8442e44a6f09044c88907200b332003543754eb51917ba',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'd14414555a47269dfead9fbf26abb303365e40709a4ed16eaefe1f2070f1ddeb1bdd94d9e41186f124e0acc62d',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'be5da649469efbad0fb950366a82a73fefeda5f652ec7d3731fac6c4ffa21a7004d2ab8a04e13621bd3629547d',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '62092672f5328a0dde095e57435edf7457ace60b26ee44c9291110ec135cb0e14b85594e4fea11247d937deb62',
      },
    ],
  },
  {
    name: 'DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305',
    kem: 16,
    kdf: 1,
    aead: 3,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: 'f1f1a3bc95416871539ecb51c3a8f0cf608afb40fbbe305c0a72819d35c33f1f',
    skEm: '7550253e1147aae48839c1f8af80d2770fb7a4c763afe7d0afa7e0f42a5b3689',
    ikmR: '61092f3f56994dd424405899154a9918353e3e008171517ad576b900ddb275e7',
    pkRm: 
      '04a697bffde9405c992883c5c439d6cc358170b51af72812333b015621dc0f40bad9bb726f68a5c013806a790ec716ab' +
      '8669f84f6b694596c2987cf35baba2a006',
    skRm: 'a4d1c55836aa30f9b3fbb6ac98d338c877c2867dd3a77396d13f68d3ab150d3b',
    enc: 
      '04c07836a0206e04e31d8ae99bfd549380b072a1b1b82e563c935c095827824fc1559eac6fb9e3c70cd3193968994e7f' +
      'e9781aa103f5b50e934b5b2f387e381291',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '6469c41c5c81d3aa85432531ecf6460ec945bde1eb428cb2fedf7a29f5a685b4ccb0d057f03ea2952a27bb458b',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'f1564199f7e0e110ec9c1bcdde332177fc35c1adf6e57f8d1df24022227ffa8716862dbda2b1dc546c9d114374',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '8f2814a2c548b3be50259713c6724009e092d37789f6856553d61df23ebc079235f710e6af3c3ca6eaba7c7c6c',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'b45b69d419a9be7219d8c94365b89ad6951caf4576ea4774ea40e9b7047a09d6537d1aa2f7c12d6ae4b729b4d0',
      },
    ],
  },
  {
    name: 'DHKEM(P-521, HKDF-SHA512), HKDF-SHA512, AES-256-GCM',
    kem: 18,
    kdf: 3,
    aead: 2,
    info: '4f6465206f6e2061204772656369616e2055726e',
    ikmE: 
      '7f06ab8215105fc46aceeb2e3dc5028b44364f960426eb0d8e4026c2f8b5d7e7a986688f1591abf5ab753c357a5d6f04' +
      '40414b4ed4ede71317772ac98d9239f70904',
    skEm: 
      '014784c692da35df6ecde98ee43ac425dbdd0969c0c72b42f2e708ab9d535415a8569bdacfcc0a114c85b8e3f26acf4d' +
      '68115f8c91a66178cdbd03b7bcc5291e374b',
    ikmR: 
      '2ad954bbe39b7122529f7dde780bff626cd97f850d0784a432784e69d86eccaade43b6c10a8ffdb94bf943c6da479db1' +
      '37914ec835a7e715e36e45e29b587bab3bf1',
    pkRm: 
      '0401b45498c1714e2dce167d3caf162e45e0642afc7ed435df7902ccae0e84ba0f7d373f646b7738bbbdca11ed91bdea' +
      'e3cdcba3301f2457be452f271fa6837580e661012af49583a62e48d44bed350c7118c0d8dc861c238c72a2bda17f6470' +
      '4f464b57338e7f40b60959480c0e58e6559b190d81663ed816e523b6b6a418f66d2451ec64',
    skRm: 
      '01462680369ae375e4b3791070a7458ed527842f6a98a79ff5e0d4cbde83c27196a3916956655523a6a2556a7af62c5c' +
      'adabe2ef9da3760bb21e005202f7b2462847',
    enc: 
      '040138b385ca16bb0d5fa0c0665fbbd7e69e3ee29f63991d3e9b5fa740aab8900aaeed46ed73a49055758425a0ce3650' +
      '7c54b29cc5b85a5cee6bae0cf1c21f2731ece2013dc3fb7c8d21654bb161b463962ca19e8c654ff24c94dd2898de1205' +
      '1f1ed0692237fb02b2f8d1dc1c73e9b366b529eb436e98a996ee522aef863dd5739d2f29b0',
    encryptions: [
      {
        sequence: 0,
        aad: '436f756e742d30',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '170f8beddfe949b75ef9c387e201baf4132fa7374593dfafa90768788b7b2b200aafcc6d80ea4c795a7c5b841a',
      },
      {
        sequence: 1,
        aad: '436f756e742d31',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'd9ee248e220ca24ac00bbbe7e221a832e4f7fa64c4fbab3945b6f3af0c5ecd5e16815b328be4954a05fd352256',
      },
      {
        sequence: 255,
        aad: '436f756e742d323535',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          '4f268d0930f8d50b8fd9d0f26657ba25b5cb08b308c92e33382f369c768b558e113ac95a4c70dd60909ad1adc7',
      },
      {
        sequence: 256,
        aad: '436f756e742d323536',
        plaintext: '4265617574792069732074727574682c20747275746820626561757479',
        sealed: 
          'dbbfc44ae037864e75f136e8b4b4123351d480e6619ae0e0ae437f036f2f8f1ef677686323977a1ccbb4b4f16a',
      },
    ],
  },
];
