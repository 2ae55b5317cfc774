import type { CryptoProvider, CurveName, KeyExchangeGroup } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  defined,
  expectBytes,
  expectMisuse,
  expectRefused,
  flipped,
  joined,
  scriptedSource,
  seededSource,
  unhex,
} from './contract-case.ts';

/** X25519, X448 and the curves with points. */
export function ellipticCases(provider: CryptoProvider): ContractCase[] {
  const { x25519, x448 } = provider.groups;
  return [
    ...exchangeVectors.map((vector) =>
      caseAbout(vector.name, provider.groups[vector.group], (group) => exchange(group, vector)),
    ),
    caseAbout(
      'x25519: points of small order are refused (RFC 9846 §7.4.2, RFC 7748 §6.1)',
      x25519,
      (group) => {
        for (const point of smallOrder25519) {
          refusesShare(group, unhex(point));
          const highBit = unhex(point);
          highBit[31]! |= 0x80; // the unused bit is to be ignored, RFC 7748 §5
          refusesShare(group, highBit);
        }
      },
    ),
    caseAbout('x448: points of small order are refused (RFC 7748 §6.2)', x448, (group) => {
      for (const point of smallOrder448) refusesShare(group, unhex(point));
    }),
    caseAbout(
      'x25519: the unused bit and coordinates of p and above are accepted (RFC 7748 §5)',
      x25519,
      (group) => {
        const key = group.generate();
        const nine = defined(key.finish(unhex(`09${'00'.repeat(31)}`)), 'u = 9');
        expectBytes(key.finish(unhex(`09${'00'.repeat(30)}80`)), nine, 'u = 9 with the unused bit');
        expectBytes(key.finish(unhex(`f6${'ff'.repeat(30)}7f`)), nine, 'u = p + 9');
      },
    ),
    ...curveNames.flatMap((name) => {
      const group = provider.groups[name];
      return [
        caseAbout(`${name}: invalid points are refused (RFC 9846 §4.3.8.2)`, group, (g) =>
          refusesPoints(g, name),
        ),
        caseAbout(`${name}: given scalars of 0, n and above are drawn anew`, group, (g) => redraws(g, name)),
        caseAbout(`${name}: private bytes of 0, n and above are refused`, group, (g) =>
          refusesScalars(g, name),
        ),
        caseAbout(`${name}: a source of zeros for ever is misuse`, group, (g) =>
          expectMisuse(() => g.generate((length) => new Uint8Array(length)), 'zeros'),
        ),
      ];
    }),
  ];
}

interface ExchangeVector {
  readonly name: string;
  readonly group: 'x25519' | 'x448' | CurveName;
  readonly privateBytes: string;
  readonly share: string;
  readonly peerShare: string;
  readonly secret: string;
}

function exchange(group: KeyExchangeGroup, vector: ExchangeVector): void {
  const key = defined(group.restore(unhex(vector.privateBytes)), 'restored key');
  expectBytes(key.share, vector.share, 'share');
  expectBytes(key.finish(unhex(vector.peerShare)), vector.secret, 'secret');
  const drawn = scriptedSource([unhex(vector.privateBytes)]);
  const response = defined(group.respond(unhex(vector.peerShare), drawn), 'response');
  expectBytes(response.share, vector.share, 'the share of a responder');
  expectBytes(response.secret, vector.secret, 'the secret of a responder');
}

function refusesShare(group: KeyExchangeGroup, share: Uint8Array): void {
  const key = group.generate();
  expectRefused(() => group.respond(share), 'client share');
  expectRefused(() => group.respond(share, seededSource(3)), 'client share, given form');
  expectRefused(() => key.finish(share), 'server share');
}

function refusesPoints(group: KeyExchangeGroup, name: CurveName): void {
  const { share } = group.generate();
  const coordinateBytes = (share.length - 1) / 2;
  const x = share.subarray(1, 1 + coordinateBytes);
  const zero = new Uint8Array(coordinateBytes);
  const uncompressed = Uint8Array.of(0x04);
  const { p } = curves[name];
  refusesShare(group, flipped(share, -1)); // off the curve
  refusesShare(group, flipped(share, 5));
  refusesShare(group, joined([uncompressed, zero, zero]));
  refusesShare(group, joined([uncompressed, x, zero]));
  refusesShare(group, joined([uncompressed, unhex(p), zero])); // a coordinate that is not reduced
  refusesShare(group, joined([uncompressed, zero.map(() => 0xff), zero.map(() => 0xff)]));
  refusesShare(group, new Uint8Array(1)); // infinity
  refusesShare(group, new Uint8Array(share.length));
  refusesShare(group, joined([Uint8Array.of(0x02 + (share.at(-1)! & 1)), x])); // compressed
  for (const form of [0x00, 0x02, 0x03, 0x05, 0x06, 0x07]) {
    const other = Uint8Array.from(share);
    other[0] = form; // 0x06 and 0x07 are the hybrid form of X9.62
    refusesShare(group, other);
  }
}

function redraws(group: KeyExchangeGroup, name: CurveName): void {
  const { n } = curves[name];
  const bytes = n.length / 2;
  const good = seededSource(4)(bytes).fill(0, 0, 2);
  const source = scriptedSource([new Uint8Array(bytes), unhex(n), unhex(aboveOrder(name)), good]);
  expectBytes(group.generate(source).exportPrivate(), good, 'private bytes');
  if (name !== 'secp521r1') return;
  const upperBits = Uint8Array.from(good);
  upperBits[0] = 0xfe; // the seven bits above the order are cleared, not refused
  expectBytes(
    group.generate(scriptedSource([upperBits])).exportPrivate(),
    good,
    'private bytes with upper bits',
  );
}

function refusesScalars(group: KeyExchangeGroup, name: CurveName): void {
  const { n } = curves[name];
  for (const scalar of [new Uint8Array(n.length / 2), unhex(n), unhex(aboveOrder(name))]) {
    expectRefused(() => group.restore(scalar), 'private bytes');
  }
  const highest = unhex(n);
  highest[highest.length - 1]! -= 1;
  defined(group.restore(highest), 'n - 1');
}

function aboveOrder(name: CurveName): string {
  const { n } = curves[name];
  return name === 'secp521r1' ? `01${'ff'.repeat(65)}` : 'ff'.repeat(n.length / 2);
}

/** SP 800-186 §3.2.1; SEC 2 §2.4.1; RFC 5639 §3. */
export const curves: Readonly<Record<CurveName, { readonly p: string; readonly n: string }>> = {
  secp256r1: {
    p: 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    n: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  },
  secp384r1: {
    p: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
    n: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  },
  secp521r1: {
    p: `01${'ff'.repeat(65)}`,
    n: '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  },
  secp256k1: {
    p: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f',
    n: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  },
  brainpoolP256r1: {
    p: 'a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377',
    n: 'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
  },
  brainpoolP384r1: {
    p: '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53',
    n: '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
  },
  brainpoolP512r1: {
    p: 'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3',
    n: 'aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069',
  },
};

export const curveNames = Object.keys(curves) as CurveName[];

/** u of order 1, 2, 4 and 8 on the curve and its twist, with those that reduce to them. */
const smallOrder25519: readonly string[] = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];

const smallOrder448: readonly string[] = [
  '00'.repeat(56),
  `01${'00'.repeat(55)}`,
  `fe${'ff'.repeat(27)}fe${'ff'.repeat(27)}`,
  `ff${'ff'.repeat(27)}fe${'ff'.repeat(27)}`,
  `${'00'.repeat(28)}${'ff'.repeat(28)}`,
];

const exchangeVectors: readonly ExchangeVector[] = [
  {
    name: 'x25519: RFC 7748 §6.1',
    group: 'x25519',
    privateBytes: '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
    share: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    peerShare: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    secret: '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
  },
  {
    name: 'x448: RFC 7748 §6.2',
    group: 'x448',
    privateBytes:
      '9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b',
    share:
      '9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0',
    peerShare:
      '3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609',
    secret:
      '07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d',
  },
  {
    name: 'secp256r1: RFC 5903 §8.1',
    group: 'secp256r1',
    privateBytes: 'c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433',
    share:
      '04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
    peerShare:
      '04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
    secret: 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
  },
  {
    name: 'secp256k1: Wycheproof, ecdh_secp256k1_test, tcId 1',
    group: 'secp256k1',
    privateBytes: 'f4b7ff7cccc98813a69fae3df222bfe3f4e28f764bf91b4a10d8096ce446b254',
    share:
      '042437217554f2c4a425d320acb9519abe59fb491279630c8daa8d19bcaa6d6d32fc1d8c23feba0a9ea3931fa3baa6684d870a514885b9f854ba1d1fda8fb33cc3',
    peerShare:
      '04d8096af8a11e0b80037e1ee68246b5dcbb0aeb1cf1244fd767db80f3fa27da2b396812ea1686e7472e9692eaf3e958e50e9500d3b4c77243db1f2acd67ba9cc4',
    secret: '544dfae22af6af939042b1d85b71a1e49e9a5614123c4d6ad0c8af65baf87d65',
  },
  {
    name: 'brainpoolP256r1: RFC 7027 §A.1',
    group: 'brainpoolP256r1',
    privateBytes: '81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d',
    share:
      '0444106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c272223f789ef10eb089bdc',
    peerShare:
      '048d2d688c6cf93e1160ad04cc4429117dc2c41825e1e9fca0addd34e6f1b39f7b990c57520812be512641e47034832106bc7d3e8dd0e4c7f1136d7006547cec6a',
    secret: '89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b',
  },
  {
    name: 'brainpoolP384r1: RFC 7027 §A.2',
    group: 'brainpoolP384r1',
    privateBytes:
      '1e20f5e048a5886f1f157c74e91bde2b98c8b52d58e5003d57053fc4b0bd65d6f15eb5d1ee1610df870795143627d042',
    share:
      '0468b665dd91c195800650cdd363c625f4e742e8134667b767b1b476793588f885ab698c852d4a6e77a252d6380fcaf06855bc91a39c9ec01dee36017b7d673a931236d2f1f5c83942d049e3fa20607493e0d038ff2fd30c2ab67d15c85f7faa59',
    peerShare:
      '044d44326f269a597a5b58bba565da5556ed7fd9a8a9eb76c25f46db69d19dc8ce6ad18e404b15738b2086df37e71d1eb462d692136de56cbe93bf5fa3188ef58bc8a3a0ec6c1e151a21038a42e9185329b5b275903d192f8d4e1f32fe9cc78c48',
    secret:
      '0bd9d3a7ea0b3d519d09d8e48d0785fb744a6b355e6304bc51c229fbbce239bbadf6403715c35d4fb2a5444f575d4f42',
  },
  {
    name: 'brainpoolP512r1: RFC 7027 §A.3',
    group: 'brainpoolP512r1',
    privateBytes:
      '16302ff0dbbb5a8d733dab7141c1b45acbc8715939677f6a56850a38bd87bd59b09e80279609ff333eb9d4c061231fb26f92eeb04982a5f1d1764cad57665422',
    share:
      '040a420517e406aac0acdce90fcd71487718d3b953efd7fbec5f7f27e28c6149999397e91e029e06457db2d3e640668b392c2a7e737a7f0bf04436d11640fd09fd72e6882e8db28aad36237cd25d580db23783961c8dc52dfa2ec138ad472a0fcef3887cf62b623b2a87de5c588301ea3e5fc269b373b60724f5e82a6ad147fde7',
    peerShare:
      '049d45f66de5d67e2e6db6e93a59ce0bb48106097ff78a081de781cdb31fce8ccbaaea8dd4320c4119f1e9cd437a2eab3731fa9668ab268d871deda55a5473199f2fdc313095bcdd5fb3a91636f07a959c8e86b5636a1e930e8396049cb481961d365cc11453a06c719835475b12cb52fc3c383bce35e27ef194512b71876285fa',
    secret:
      'a7927098655f1f9976fa50a9d566865dc530331846381c87256baf3226244b76d36403c024d7bbf0aa0803eaff405d3d24f11a9b5c0bef679fe1454b21c4cd1f',
  },
];
