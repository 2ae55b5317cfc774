import type {
  AeadName,
  CbcCipher,
  CbcName,
  CryptoProvider,
  GroupName,
  HashName,
  KeySpec,
  PrivateKey,
  SignatureAlgorithm,
} from '@sealwire/core';
import fc from 'fast-check';
import {
  type ContractCase,
  ContractFailure,
  caseAbout,
  contractCase,
  defined,
  expectBytes,
  expectEqual,
  hex,
  joined,
  seededSource,
} from './contract-case.ts';
import { curveNames } from './crypto-groups-elliptic.ts';

/**
 * Two providers against each other: given forms byte by byte, native forms by finishing what the other began.
 * `runs` is the number of random examples per property (default 20); the slow groups get fewer.
 */
export function crossCheckProviders(a: CryptoProvider, b: CryptoProvider, runs = 20): ContractCase[] {
  const check = <T extends [unknown, ...unknown[]]>(times: number, property: fc.IProperty<T>): void => {
    fc.assert(property, { numRuns: Math.max(2, times) });
  };
  const shared = <K extends string, V>(
    x: Readonly<Partial<Record<K, V>>>,
    y: Readonly<Partial<Record<K, V>>>,
  ): [K, V, V][] =>
    (Object.keys(x) as K[]).flatMap((key) => (x[key] && y[key] ? [[key, x[key], y[key]] as [K, V, V]] : []));

  const hashes = shared<HashName, NonNullable<CryptoProvider['hashes'][HashName]>>(a.hashes, b.hashes).map(
    ([name, x, y]) =>
      contractCase(`${name}: the same digests and HMACs`, () => {
        check(
          runs,
          fc.property(fc.array(bytesUpTo(300), { maxLength: 4 }), bytesUpTo(200), (pieces, key) => {
            expectBytes(x.digest(pieces), y.digest(pieces), 'digest');
            expectBytes(x.hmac(key, pieces), y.hmac(key, pieces), 'HMAC');
          }),
        );
      }),
  );

  const aeads = shared<AeadName, NonNullable<CryptoProvider['aeads'][AeadName]>>(a.aeads, b.aeads).map(
    ([name, x, y]) =>
      contractCase(`${name}: the same ciphertexts, opened by either`, () => {
        check(
          runs,
          fc.property(
            exactBytes(x.keyBytes),
            exactBytes(12),
            bytesUpTo(100),
            fc.array(bytesUpTo(600), { maxLength: 4 }),
            (keyBytes, nonce, aad, pieces) => {
              const [one, other] = [x.key(keyBytes), y.key(keyBytes)];
              const sealed = joined(one.seal(nonce, aad, pieces));
              expectBytes(joined(other.seal(nonce, aad, pieces)), sealed, 'sealed');
              expectBytes(other.open(nonce, aad, sealed), joined(pieces), 'opened by the second');
              expectBytes(one.open(nonce, aad, sealed), joined(pieces), 'opened by the first');
            },
          ),
        );
      }),
  );

  const cbcs = shared<CbcName, CbcCipher>(a.cbcs ?? {}, b.cbcs ?? {}).map(([name, x, y]) =>
    contractCase(`${name}: the same ciphertexts, decrypted by either`, () => {
      const blocks = fc.integer({ min: 0, max: 40 }).chain((count) => exactBytes(count * x.blockBytes));
      check(
        runs,
        fc.property(exactBytes(x.keyBytes), exactBytes(x.blockBytes), blocks, (keyBytes, iv, text) => {
          const [one, other] = [x.key(keyBytes), y.key(keyBytes)];
          const encrypted = one.encrypt(iv, [text]);
          expectBytes(other.encrypt(iv, [text]), encrypted, 'encrypted');
          expectBytes(other.decrypt(iv, text), one.decrypt(iv, text), 'anything decrypted');
          expectBytes(other.decrypt(iv, encrypted), text, 'decrypted by the second');
        }),
      );
    }),
  );

  const derivations = [
    caseAbout('pbkdf2: the same keys', a.pbkdf2 && b.pbkdf2, () => {
      const hashNames = [
        'md5',
        'sha1',
        'sha224',
        'sha256',
        'sha384',
        'sha512',
        'sha512-224',
        'sha512-256',
      ] as const;
      const small = fc.integer({ min: 1, max: 150 });
      check(
        runs,
        fc.property(
          fc.constantFrom(...hashNames),
          bytesUpTo(200),
          bytesUpTo(80),
          small,
          small,
          (hash, password, salt, iterations, length) => {
            const [one, other] = [a, b].map((each) => each.pbkdf2!(hash, password, salt, iterations, length));
            expectBytes(one, other!, 'key');
          },
        ),
      );
    }),
    caseAbout('scrypt: the same keys', a.scrypt && b.scrypt, () => {
      const small = fc.integer({ min: 1, max: 5 });
      check(
        runs,
        fc.property(bytesUpTo(80), bytesUpTo(80), small, small, small, (password, salt, bits, r, p) => {
          const cost = { N: 2 ** bits, r, p, maxmem: 2 ** 20 };
          const [one, other] = [a, b].map((each) => each.scrypt!(password, salt, cost, 40));
          expectBytes(one, other!, 'key');
        }),
      );
    }),
  ];

  const groups = (Object.keys(a.groups) as GroupName[]).map((name) =>
    caseAbout(
      `${name}: the same given forms, one secret across providers`,
      a.groups[name] && b.groups[name],
      () => {
        const [x, y] = [a.groups[name]!, b.groups[name]!];
        check(
          slowGroups.test(name) ? runs / 10 : runs / 2,
          fc.property(fc.integer(), fc.integer(), (seed, otherSeed) => {
            const key = x.generate(seededSource(seed));
            const sameKey = y.generate(seededSource(seed));
            expectBytes(sameKey.share, key.share, 'share');
            expectBytes(sameKey.exportPrivate(), key.exportPrivate(), 'private bytes');
            const response = defined(y.respond(key.share, seededSource(otherSeed)), 'response');
            const sameResponse = defined(x.respond(key.share, seededSource(otherSeed)), 'response');
            expectBytes(sameResponse.share, response.share, 'response share');
            expectBytes(sameResponse.secret, response.secret, 'response secret');
            expectBytes(key.finish(response.share), response.secret, 'secret');
            expectBytes(
              defined(y.restore(key.exportPrivate()), 'restored').finish(response.share),
              response.secret,
              'secret of the restored key',
            );
            const native = defined(x.respond(y.generate().share), 'response to a native key');
            expectEqual(native.share.length, x.serverShareBytes, 'its share');
          }),
        );
      },
    ),
  );

  const numbered = caseAbout('dh: the same given forms, one secret across providers', a.dh && b.dh, () => {
    const [dhOfA, dhOfB] = [a.dh!.bind(a), b.dh!.bind(b)];
    check(
      runs / 2,
      fc.property(fc.integer({ min: 64, max: 130 }), fc.integer(), fc.integer(), (bytes, seed, otherSeed) => {
        const source = seededSource(seed);
        const prime = source(bytes);
        prime[0]! |= 0x80;
        prime[bytes - 1]! |= 0x01;
        const parameters = { prime, generator: source(bytes - 1) };
        const [x, y] = [defined(dhOfA(parameters), 'group'), defined(dhOfB(parameters), 'group')];
        const key = x.generate(seededSource(seed));
        const same = y.generate(seededSource(seed));
        expectBytes(same.share, key.share, 'share');
        expectBytes(same.exportPrivate(), key.exportPrivate(), 'private bytes');
        const response = defined(y.respond(key.share, seededSource(otherSeed)), 'response');
        expectBytes(key.finish(response.share), response.secret, 'secret');
      }),
    );
  });

  const points = (['x25519', 'x448', ...curveNames] as const).map((name) =>
    caseAbout(`${name}: the same verdict on arbitrary shares`, a.groups[name] && b.groups[name], () => {
      const [x, y] = [a.groups[name]!, b.groups[name]!];
      const key = x.generate();
      const same = defined(y.restore(key.exportPrivate()), 'restored');
      check(
        runs,
        fc.property(exactBytes(x.clientShareBytes), fc.boolean(), (share, marked) => {
          if (marked) share[0] = 0x04;
          const [one, other] = [key.finish(share), same.finish(share)];
          expectEqual(one && hex(one), other && hex(other), 'secrets');
        }),
      );
    }),
  );

  const ofBoth = (a.mlDsa ?? []).filter((name) => b.mlDsa?.includes(name));
  const keys = [...specs, ...ofBoth.map((type) => ({ type }))].map((spec) =>
    contractCase(`${JSON.stringify(spec)}: the same given keys and signatures, verified by either`, () => {
      const isRsa = spec.type === 'rsa' || spec.type === 'rsa-pss';
      check(
        isRsa ? 2 : runs / 4,
        fc.property(fc.integer(), bytesUpTo(200), (seed, message) => {
          const key = a.generateKeyPair(spec, seededSource(seed));
          const same = b.generateKeyPair(spec, seededSource(seed));
          expectBytes(same.exportPkcs8(), key.exportPkcs8(), 'PKCS #8');
          expectBytes(same.publicKey.spki, key.publicKey.spki, 'SubjectPublicKeyInfo');
          for (const algorithm of algorithmsOf(spec)) {
            const signature = key.sign(algorithm, message, seededSource(seed));
            expectBytes(
              same.sign(algorithm, message, seededSource(seed)),
              signature,
              `given ${JSON.stringify(algorithm)}`,
            );
            acceptedByBoth(a, b, key, algorithm, message);
            acceptedByBoth(a, b, same, algorithm, message);
          }
        }),
      );
    }),
  );

  const encryption = contractCase('rsa: the same given ciphertexts, decrypted by either', () => {
    const pkcs8 = a.generateKeyPair({ type: 'rsa', bits: 1_024 }).exportPkcs8();
    const [x, y] = [a, b].map((provider) => defined(provider.importPrivateKey(pkcs8), 'private key'));
    check(
      runs / 2,
      fc.property(fc.integer(), bytesUpTo(117), exactBytes(128), (seed, message, anything) => {
        const fallback = new Uint8Array(message.length).fill(0xfa);
        const ciphertext = defined(x!.publicKey.encryptPkcs1?.(message, seededSource(seed)), 'ciphertext');
        expectBytes(y!.publicKey.encryptPkcs1?.(message, seededSource(seed)), ciphertext, 'ciphertext');
        for (const [sender, receiver] of [
          [x!, y!],
          [y!, x!],
        ] as const) {
          const native = defined(sender.publicKey.encryptPkcs1?.(message), 'ciphertext');
          expectBytes(receiver.decryptPkcs1?.(native, fallback), message, 'message');
          expectBytes(receiver.decryptPkcs1?.(anything, fallback), fallback, 'anything');
        }
      }),
    );
  });

  const imports = contractCase('public keys: the same verdict on keys with changed bytes', () => {
    const keys = specs.map((spec) => a.generateKeyPair(spec).publicKey.spki);
    check(
      runs * 10,
      fc.property(
        fc.constantFrom(...keys),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        (spki, changes) => {
          const mutant = Uint8Array.from(spki);
          for (const [at, value] of changes) mutant[at % mutant.length] = value;
          const [one, other] = [a.importPublicKey(mutant), b.importPublicKey(mutant)];
          if (JSON.stringify(one?.kind) !== JSON.stringify(other?.kind)) {
            throw new ContractFailure(
              `${hex(mutant)}: ${a.name} says ${JSON.stringify(one?.kind)}, ${b.name} ${JSON.stringify(other?.kind)}`,
            );
          }
        },
      ),
    );
  });

  const codecs = shared(a.certificateCompression ?? {}, b.certificateCompression ?? {}).map(([name, x, y]) =>
    contractCase(`${name}: what one wrote, the other reads`, () => {
      check(
        runs,
        fc.property(bytesUpTo(3_000), (bytes) => {
          for (const [writer, reader] of [
            [x, y],
            [y, x],
          ] as const) {
            const stream = writer?.compress?.(bytes);
            if (stream === undefined) continue;
            expectBytes(reader?.decompress(stream, bytes.length), bytes, 'content');
          }
        }),
      );
    }),
  );

  return [
    ...hashes,
    ...aeads,
    ...cbcs,
    ...derivations,
    ...groups,
    numbered,
    ...points,
    ...keys,
    encryption,
    imports,
    ...codecs,
  ];
}

function acceptedByBoth(
  a: CryptoProvider,
  b: CryptoProvider,
  key: PrivateKey,
  algorithm: SignatureAlgorithm,
  message: Uint8Array,
): void {
  const signature = key.sign(algorithm, message);
  for (const provider of [a, b]) {
    const publicKey = defined(provider.importPublicKey(key.publicKey.spki), 'public key');
    expectEqual(publicKey.verify(algorithm, message, signature), true, `verified by ${provider.name}`);
  }
}

function algorithmsOf(spec: KeySpec): SignatureAlgorithm[] {
  switch (spec.type) {
    case 'ec':
      return (['sha1', 'sha256', 'sha384', 'sha512'] as const).map((hash) => ({ type: 'ecdsa', hash }));
    case 'ed25519':
    case 'ed448':
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return [{ type: spec.type }];
    case 'rsa':
      return [
        { type: 'rsa-pkcs1', hash: 'sha256' },
        { type: 'rsa-pkcs1', hash: 'md5-sha1' },
        ...pssAlgorithms,
      ];
    case 'rsa-pss':
      return pssAlgorithms;
  }
}

const bytesUpTo = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const exactBytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

const slowGroups = /^ffdhe|^secp521r1|^brainpool|^SecP384/;

const pssAlgorithms: SignatureAlgorithm[] = [
  { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha256', saltBytes: 32 },
  { type: 'rsa-pss', hash: 'sha256', mgfHash: 'sha1', saltBytes: 20 },
];

const specs: readonly KeySpec[] = [
  { type: 'rsa', bits: 768 },
  { type: 'rsa-pss', bits: 768 },
  ...curveNames.map((curve) => ({ type: 'ec', curve }) as const),
  { type: 'ed25519' },
  { type: 'ed448' },
];
