import type { CryptoProvider, GroupName, KeyExchangeGroup } from '@sealwire/core';
import {
  type ContractCase,
  caseAbout,
  defined,
  expectBytes,
  expectEqual,
  expectMisuse,
  expectPlain,
  expectRefused,
  joined,
  scriptedSource,
  seededSource,
} from './contract-case.ts';
import { dhCases, numberedGroups, numbersOf } from './crypto-groups-dh.ts';
import { ffdheCases } from './crypto-groups-ffdhe.ts';
import { ellipticCases } from './crypto-groups-elliptic.ts';
import type { GroupFacts } from './group-facts.ts';
import { mlKemCases } from './crypto-groups-ml-kem.ts';

/** Key exchange: what holds for every group here, what is particular to a family in its own file. */
export function groupCases(provider: CryptoProvider): ContractCase[] {
  const cases: ContractCase[] = [];
  for (const [name, facts] of Object.entries(groupFacts) as [GroupName, GroupFacts][]) {
    cases.push(...casesOf(name, provider.groups[name], facts));
  }
  const dh = provider.dh?.bind(provider);
  for (const [name, facts] of Object.entries(numberedGroups)) {
    const group = dh?.(numbersOf(facts.prime, facts.generator));
    cases.push(...casesOf(name, group, facts));
  }
  return [
    ...cases,
    ...ellipticCases(provider),
    ...ffdheCases(provider),
    ...dhCases(provider),
    ...mlKemCases(provider),
  ];
}

function casesOf(name: string, group: KeyExchangeGroup | undefined, facts: GroupFacts): ContractCase[] {
  return [
    caseAbout(`${name}: sizes`, group, (g) => {
      expectEqual(g.name, facts.name ?? name, 'name');
      expectEqual(g.clientShareBytes, facts.client, 'clientShareBytes');
      expectEqual(g.serverShareBytes, facts.server, 'serverShareBytes');
    }),
    caseAbout(`${name}: both sides come to one secret, native form`, group, (g) => agrees(g, facts)),
    caseAbout(`${name}: given form draws ${facts.draws} and depends on nothing else`, group, (g) =>
      isGiven(g, facts),
    ),
    caseAbout(`${name}: restores from its private bytes`, group, restores),
    caseAbout(`${name}: refuses shares of a wrong length`, group, refusesLengths),
    caseAbout(`${name}: a wiped key and a short draw are misuse`, group, misuse),
  ];
}

function agrees(group: KeyExchangeGroup, { client, server, secret }: GroupFacts): void {
  const key = group.generate();
  const response = defined(group.respond(key.share), 'response');
  expectEqual(key.share.length, client, 'client share');
  expectEqual(response.share.length, server, 'server share');
  expectEqual(response.secret.length, secret, 'secret');
  expectBytes(key.finish(response.share), response.secret, 'secrets');
  expectBytes(key.finish(response.share), response.secret, 'a key may finish twice');
  for (const bytes of [
    key.share,
    response.share,
    response.secret,
    key.exportPrivate(),
    key.finish(response.share)!,
  ]) {
    expectPlain(bytes, 'result');
  }
}

function isGiven(group: KeyExchangeGroup, { draws, responseDraws = draws }: GroupFacts): void {
  // The first two bytes are zero, which keeps every candidate below the orders, so that none is redrawn.
  const script = (seed: number, lengths: readonly number[]): Uint8Array[] => {
    const source = seededSource(seed);
    return lengths.map((length) => source(length).fill(0, 0, 2));
  };
  const generate = scriptedSource(script(1, draws));
  const key = group.generate(generate);
  expectEqual(generate.left(), 0, 'draws left over after generating');
  expectBytes(group.generate(scriptedSource(script(1, draws))).share, key.share, 'the same draws');
  const respond = scriptedSource(script(2, responseDraws));
  const response = defined(group.respond(key.share, respond), 'response');
  expectEqual(respond.left(), 0, 'draws left over after responding');
  const again = defined(group.respond(key.share, scriptedSource(script(2, responseDraws))), 'response');
  expectBytes(again.share, response.share, 'the same response');
  expectBytes(again.secret, response.secret, 'the same secret');
  expectBytes(key.finish(response.share), response.secret, 'secrets');
  expectBytes(key.exportPrivate(), joined(script(1, draws)), 'private bytes are what was drawn');
}

function restores(group: KeyExchangeGroup): void {
  const key = group.generate();
  const privateBytes = key.exportPrivate();
  const restored = defined(group.restore(privateBytes), 'restored key');
  expectBytes(restored.share, key.share, 'share');
  const response = defined(group.respond(key.share), 'response');
  expectBytes(restored.finish(response.share), response.secret, 'secret');
  key.wipe();
  privateBytes.fill(0);
  expectBytes(restored.finish(response.share), response.secret, 'the restored key has memory of its own');
  const bytes = restored.exportPrivate();
  expectRefused(() => group.restore(new Uint8Array()), 'no private bytes');
  expectRefused(() => group.restore(bytes.subarray(1)), 'a private byte less');
  expectRefused(() => group.restore(joined([bytes, new Uint8Array(1)])), 'a private byte more');
}

function refusesLengths(group: KeyExchangeGroup): void {
  const key = group.generate();
  const response = defined(group.respond(key.share), 'response');
  for (const [what, bytes] of wrongLengths(key.share))
    expectRefused(() => group.respond(bytes), `client share: ${what}`);
  for (const [what, bytes] of wrongLengths(response.share))
    expectRefused(() => key.finish(bytes), `server share: ${what}`);
}

function wrongLengths(share: Uint8Array): [string, Uint8Array][] {
  return [
    ['empty', new Uint8Array()],
    ['one byte', share.subarray(0, 1)],
    ['a byte less', share.subarray(0, -1)],
    ['first byte missing', share.subarray(1)],
    ['a byte more', joined([share, new Uint8Array(1)])],
    ['a zero in front', joined([new Uint8Array(1), share])],
  ];
}

function misuse(group: KeyExchangeGroup): void {
  const key = group.generate();
  const { share } = defined(group.respond(key.share), 'response');
  key.wipe();
  key.wipe();
  expectMisuse(() => key.finish(share), 'finishing with a wiped key');
  expectMisuse(() => key.exportPrivate(), 'exporting a wiped key');
  expectMisuse(() => group.generate((length) => new Uint8Array(length - 1)), 'a draw that is too short');
}

const dh = (share: number, secret: number, draw: number): GroupFacts => ({
  client: share,
  server: share,
  secret,
  draws: [draw],
});
const kem = (client: number, server: number): GroupFacts => ({
  client,
  server,
  secret: 32,
  draws: [64],
  responseDraws: [32],
});

/** RFC 9846 §4.3.8, §7.4; RFC 8422 §5.4, §5.10; RFC 7919 §5.2; FIPS 203 table 3; draft-ietf-tls-ecdhe-mlkem §4. */
const groupFacts: Readonly<Record<GroupName, GroupFacts>> = {
  x25519: dh(32, 32, 32),
  x448: dh(56, 56, 56),
  secp256r1: dh(65, 32, 32),
  secp384r1: dh(97, 48, 48),
  secp521r1: dh(133, 66, 66),
  secp256k1: dh(65, 32, 32),
  brainpoolP256r1: dh(65, 32, 32),
  brainpoolP384r1: dh(97, 48, 48),
  brainpoolP512r1: dh(129, 64, 64),
  ffdhe2048: dh(256, 256, 28),
  ffdhe3072: dh(384, 384, 34),
  ffdhe4096: dh(512, 512, 40),
  ffdhe6144: dh(768, 768, 46),
  ffdhe8192: dh(1024, 1024, 50),
  MLKEM512: kem(800, 768),
  MLKEM768: kem(1184, 1088),
  MLKEM1024: kem(1568, 1568),
  X25519MLKEM768: { client: 1216, server: 1120, secret: 64, draws: [64, 32], responseDraws: [32, 32] },
  SecP256r1MLKEM768: { client: 1249, server: 1153, secret: 64, draws: [32, 64], responseDraws: [32, 32] },
  SecP384r1MLKEM1024: { client: 1665, server: 1665, secret: 80, draws: [48, 64], responseDraws: [48, 32] },
};
