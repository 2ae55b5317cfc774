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

/** X25519, X448 and the NIST curves. */
export function ellipticCases(provider: CryptoProvider): ContractCase[] {
  const { x25519, x448, secp256r1, secp384r1, secp521r1 } = provider.groups;
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
    ...(
      [
        ['secp256r1', secp256r1],
        ['secp384r1', secp384r1],
        ['secp521r1', secp521r1],
      ] as const
    ).flatMap(([name, group]) => [
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
    ]),
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

/** SP 800-186 §3.2.1. */
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
};

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
];
