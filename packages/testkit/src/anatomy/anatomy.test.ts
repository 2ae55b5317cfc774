import { ApiMisuseError, decodeHandshake, TlsError } from '@sealwire/core';
import {
  clientKeyExchangeFields,
  type Codec,
  decode,
  decodeHandshake12,
  encodeHandshake,
  handshakeTypes,
  knownExtensions,
  serverKeyExchangeParams,
} from '@sealwire/core/codecs';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arbitraryHandshake,
  arbitraryHandshake12,
  messageTypes,
  messageTypes12,
} from '../arbitraries/messages.ts';
import { arbitraryBytes } from '../arbitraries/shapes.ts';
import { bytesOfHex, hexOf, sameBytes } from '../bytes.ts';
import { dissect, dissectAs } from './dissect.ts';
import { assemble, insertField, removeField, replaceField } from './edit.ts';
import { findPart, type Part, partsOf, sizeOf } from './part.ts';
import { type Structures, structuresOf } from './structures.ts';

const anyMessage: Arbitrary<Uint8Array> = fc.oneof(...messageTypes.map(arbitraryHandshake));

/** Messages with a few bytes changed, cut or added: some are still well-formed. */
const brokenMessage = fc
  .tuple(
    anyMessage,
    fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 3 }),
    fc.integer({ min: -3, max: 3 }),
  )
  .map(([message, changes, by]) => {
    const changed = new Uint8Array(Math.max(4, message.length + by));
    changed.set(message.subarray(0, changed.length));
    for (const [at, value] of changes) changed[at % changed.length] = value;
    if (by !== 0 || changes.length % 2 === 0)
      changed.set([0, (changed.length - 4) >> 8, (changed.length - 4) & 0xff], 1);
    return changed;
  });

describe('dissect', () => {
  it('covers every byte once, in order, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(anyMessage, brokenMessage, fc.uint8Array({ maxLength: 60 })), (message) => {
        const root = dissect(message);
        for (const part of partsOf(root)) expectTiled(part, message);
        expect(sameBytes(assemble(root), message)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('finds no problem where the codecs find none', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(anyMessage, brokenMessage), (message) => {
        const verdict = verdictOf(() => decodeHandshake(message));
        if (verdict !== 'accepted') return;
        accepted++;
        expect(partsOf(dissect(message)).find(({ problem }) => problem !== undefined)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it('finds no problem in a HelloRetryRequest that ends before its extensions', () => {
    const random = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
    const message = bytesOfHex(`02000026 0303 ${random} 00 1301 00`);
    expect(verdictOf(() => decodeHandshake(message))).toBe('accepted');
    expect(dissect(message).problem).toBeUndefined();
  });

  it('finds the problem where a codec says that the structure is broken', () => {
    let refused = 0;
    const toleratedByShape = new Map<string, number>();
    fc.assert(
      fc.property(brokenMessage, (message) => {
        if (message.length - 4 !== ((message[1]! << 16) | (message[2]! << 8) | message[3]!)) return;
        const verdict = verdictOf(() => decodeHandshake(message));
        if (verdict !== 'peer.malformedMessage') return;
        refused++;
        if (dissect(message).problem === undefined) {
          const name = dissect(message).name;
          toleratedByShape.set(name, (toleratedByShape.get(name) ?? 0) + 1);
        }
      }),
      { numRuns: 1500, seed: 1 },
    );
    expect(refused).toBeGreaterThan(100);
    // What a codec checks beyond the structure: characters of a host name, the count of names.
    const tolerated = [...toleratedByShape.values()].reduce((sum, count) => sum + count, 0);
    expect(tolerated / refused).toBeLessThan(0.1);
  });

  it.each(
    knownExtensions.flatMap(({ name, codecs }) =>
      Object.entries(codecs).map(([place, codec]) => [name, place, codec] as const),
    ),
  )('has the true shape of %s in %s', (name, _place, codec) => {
    let accepted = 0;
    fc.assert(
      fc.property(
        arbitraryBytes(codec.shape),
        fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 2 }),
        (bytes, changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) if (changed.length > 0) changed[at % changed.length] = value;
          if (verdictOf(() => decode(codec, changed, name)) !== 'accepted') return;
          accepted++;
          const root = dissectAs(name, codec.shape, changed);
          expect(root.problem).toBeUndefined();
          expect(sameBytes(assemble(root), changed)).toBe(true);
        },
      ),
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('names fields, numbers and items', () => {
    const root = dissect(clientHello);
    expect(findPart(root, 'extensions.key_share.value[0].group')).toMatchObject({
      meaning: 'x25519',
      offset: 74,
    });
    expect(findPart(root, 'cipher_suites[1]')?.meaning).toBe('GREASE 0x1a1a');
    expect(findPart(root, 'extensions.server_name.value[0].host_name')?.meaning).toBe('"abc"');
    expect(findPart(root, 'extensions.server_name.nothing')).toBeUndefined();
    expect(partsOf(root).find(({ problem }) => problem !== undefined)).toBeUndefined();
  });

  it('says what is wrong, and keeps what follows', () => {
    const short = clientHello.slice(0, -1);
    short[3] = short[3]! - 1;
    const root = dissect(short);
    expect(root.problem).toContain('bytes left');
    const unknown = dissect(new Uint8Array([0x63, 0, 0, 1, 7]));
    expect([unknown.problem, unknown.name]).toEqual([undefined, '0x63']);
    expect(dissect(new Uint8Array([1, 0])).problem).toBe('no length');
    expect(dissect(bytesOfHex('18000001 05')).parts.at(-1)).toMatchObject({ meaning: '5' });
  });
});

describe('dissect before TLS 1.3', () => {
  const versions: [Structures['version'], boolean][] = [
    ['tls12', true],
    ['tls11', false],
  ];

  it.each(versions)('finds no problem in what the codecs of %s read', (version, hasSchemes) => {
    const any = fc.oneof(...messageTypes12.map((type) => arbitraryHandshake12(type, hasSchemes)));
    fc.assert(
      fc.property(any, fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 2 }), (message, changes) => {
        const changed = message.slice();
        for (const [at, value] of changes) if (at % changed.length > 3) changed[at % changed.length] = value;
        const root = dissect(changed, { version });
        expect(sameBytes(assemble(root), changed)).toBe(true);
        for (const part of partsOf(root)) expectTiled(part, changed);
        if (verdictOf(() => decodeHandshake12(changed, hasSchemes)) !== 'accepted') return;
        expect(partsOf(root).find(({ problem }) => problem !== undefined)).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  const keyExchanges = Object.keys(clientKeyExchangeFields) as (keyof typeof clientKeyExchangeFields)[];

  it.each(keyExchanges)('takes the key exchange messages of %s apart', (keyExchange) => {
    const codec = clientKeyExchangeFields[keyExchange] as Codec<unknown>;
    fc.assert(
      fc.property(arbitraryBytes(codec.shape), (body) => {
        const message = encodeHandshake(handshakeTypes.client_key_exchange, body);
        const root = dissect(message, { version: 'tls12', keyExchange });
        expect(root.problem).toBeUndefined();
        expect(findPart(root, 'body')).toBeUndefined();
        expect(sameBytes(assemble(root), message)).toBe(true);
      }),
      { numRuns: 30 },
    );
    if (keyExchange === 'rsa') return;
    const params = serverKeyExchangeParams[keyExchange] as Codec<unknown>;
    fc.assert(
      fc.property(arbitraryBytes(params.shape), fc.boolean(), (body, isSigned) => {
        const signed = isSigned ? [...body, 0x04, 0x01, 0x00, 0x01, 0xff] : [...body];
        const message = encodeHandshake(handshakeTypes.server_key_exchange, Uint8Array.from(signed));
        const root = dissect(message, { version: 'tls12', keyExchange, isSigned });
        expect(root.problem).toBeUndefined();
        expect(findPart(root, 'algorithm')?.meaning).toBe(isSigned ? 'rsa_pkcs1_sha256' : undefined);
        expect(sameBytes(assemble(root), message)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves key exchanges as bytes where no suite explains them', () => {
    const message = encodeHandshake(handshakeTypes.client_key_exchange, bytesOfHex('0001ff'));
    expect(hexOf(findPart(dissect(message, { version: 'tls11' }), 'body')!.content)).toBe('0001ff');
  });

  it.each([
    ['0303', 'c02b', { version: 'tls12', keyExchange: 'ecdhe', isSigned: true }],
    ['0303', '009c', { version: 'tls12', keyExchange: 'rsa' }],
    ['0302', '0033', { version: 'tls11', keyExchange: 'dhe', isSigned: true }],
    ['0301', '0034', { version: 'tls11', keyExchange: 'dhe' }],
    ['0303', 'c0aa', { version: 'tls12', keyExchange: 'dhePsk' }],
    ['0303', '7777', { version: 'tls12' }],
  ])('knows from a ServerHello of %s with suite %s what follows', (version, suite, structures) => {
    const body = bytesOfHex(`${version} ${'00'.repeat(32)} 00 ${suite} 00 0004 0017 0000`);
    const hello = encodeHandshake(handshakeTypes.server_hello, body);
    expect(structuresOf(hello)).toEqual(structures);
    const extension = findPart(dissect(hello, structuresOf(hello)), 'extensions.extended_main_secret');
    expect(extension?.problem).toBeUndefined();
  });

  it('knows a ServerHello of TLS 1.3 by its supported_versions', () => {
    const body = bytesOfHex(`0303 ${'00'.repeat(32)} 00 1301 00 0006 002b 0002 0304`);
    expect(structuresOf(encodeHandshake(handshakeTypes.server_hello, body))).toEqual({ version: 'tls13' });
  });

  it('edits fields of older messages', () => {
    const structures = { version: 'tls12', keyExchange: 'ecdhe', isSigned: true } as const;
    const body = bytesOfHex('03 001d 01 09 0403 0001 ff');
    const message = encodeHandshake(handshakeTypes.server_key_exchange, body);
    const changed = replaceField(message, 'public', new Uint8Array(2), structures);
    expect(hexOf(changed)).toBe('0c00000b03001d02000004030001ff');
    expect(hexOf(removeField(message, 'algorithm', structures))).toBe('0c00000803001d01090001ff');
    expect(hexOf(insertField(message, 'signature', new Uint8Array(1), 'after', structures))).toBe(
      '0c00000b03001d010904030001ff00',
    );
  });
});

describe('editing', () => {
  it('replaces a field and corrects the lengths around it', () => {
    const longer = replaceField(
      clientHello,
      'extensions.server_name.value[0].host_name',
      bytesOfHex('6162636465'),
    );
    expect(longer.length).toBe(clientHello.length + 2);
    expect(dissect(longer).problem).toBeUndefined();
    expect(findPart(dissect(longer), 'extensions.server_name.value[0].host_name')?.meaning).toBe('"abcde"');
    const retyped = replaceField(clientHello, 'extensions.key_share.value[0].group', 0x0017);
    expect(findPart(dissect(retyped), 'extensions.key_share.value[0].group')?.meaning).toBe('secp256r1');
    const flipped = replaceField(clientHello, 'random', (random) => random.map((byte) => byte ^ 0xff));
    expect(hexOf(flipped.subarray(6, 10))).toBe('ffffffff');
  });

  it('removes and inserts', () => {
    const without = removeField(clientHello, 'extensions.key_share');
    expect(findPart(dissect(without), 'extensions.key_share')).toBeUndefined();
    expect(dissect(without).problem).toBeUndefined();
    const more = insertField(clientHello, 'cipher_suites[0]', new Uint8Array([0x13, 0x03]), 'before');
    expect(findPart(dissect(more), 'cipher_suites[0]')?.meaning).toBe('TLS_CHACHA20_POLY1305_SHA256');
    expect(sameBytes(removeField(more, 'cipher_suites[0]'), clientHello)).toBe(true);
    expect(
      sameBytes(
        removeField(insertField(clientHello, 'cipher_suites[1]', new Uint8Array(2)), 'cipher_suites[2]'),
        clientHello,
      ),
    ).toBe(true);
  });

  it('lies about the length where it is told to', () => {
    expect(hexOf(replaceField(clientHello, 'length', 1).subarray(0, 4))).toBe('01000001');
  });

  it('changes nothing when a field is replaced by itself', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, n) => {
        const paths = partsOf(dissect(message)).map(({ path }) => path);
        const path = paths[1 + (n % (paths.length - 1))]!;
        expect(
          sameBytes(
            replaceField(message, path, (content) => content),
            message,
          ),
        ).toBe(true);
      }),
    );
  });

  it('refuses what is not there or does not fit', () => {
    expect(() => replaceField(clientHello, 'cookie', 1)).toThrow(ApiMisuseError);
    expect(() => replaceField(clientHello, '', 1)).toThrow(ApiMisuseError);
    expect(() => replaceField(clientHello, 'legacy_version', 0x1_0000)).toThrow('fits 2 bytes');
    expect(() => replaceField(clientHello, 'legacy_session_id', new Uint8Array(256))).toThrow('fits 1 bytes');
  });
});

/** Its parts lie one after the other and fill its content. */
function expectTiled(part: Part, message: Uint8Array): void {
  const start = part.offset + part.lengthBytes;
  expect(sameBytes(message.subarray(start, start + part.content.length), part.content)).toBe(true);
  if (part.parts.length === 0) return;
  let at = start;
  for (const each of part.parts) {
    expect(each.offset).toBe(at);
    at += sizeOf(each);
  }
  expect(at).toBe(start + part.content.length);
}

function verdictOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof TlsError) return error.code;
    return String(error);
  }
}

const clientHello = bytesOfHex(`
  010000 72 0303 ${'00'.repeat(32)} 00 0004 1301 1a1a 01 00 0045
  0000 0008 0006 00 0003 616263
  002b 0003 02 0304
  0033 0026 0024 001d 0020 ${'11'.repeat(32)}
  000a 0004 0002 001d
`);
