import { ApiMisuseError, decodeHandshake } from '@sealwire/core';
import {
  clientKeyExchangeFields,
  type Codec,
  decode,
  decodeHandshake12,
  digitallySigned,
  encode,
  encodeMessage,
  encodeMessage12,
  type ExtensionPlace,
  knownExtensions,
  registries,
  serverKeyExchangeParams,
  type Shape,
  tls12Codecs,
  tls12Messages,
  tls13Messages,
} from '@sealwire/core/codecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAccepted } from './accepted.ts';
import {
  arbitraryExtension,
  arbitraryExtensionBlock,
  arbitraryHandshake,
  arbitraryHandshake12,
  arbitraryMessage,
  arbitraryMessage12,
  arbitraryValue,
  messageTypes,
  messageTypes12,
} from './messages.ts';
import { arbitraryBytes } from './shapes.ts';

const places = knownExtensions.flatMap(({ name, codecs }) =>
  Object.entries(codecs).map(([place, codec]) => [name, place as ExtensionPlace, codec] as const),
);

it('has every message that can be decoded', () => {
  const decoded = [...tls13Messages.values()].flatMap(({ names }) => names);
  expect([...messageTypes].sort()).toEqual([...decoded].sort());
});

describe.each(messageTypes)('%s', (type) => {
  it('decodes, encodes to what means the same, and is of its type', () => {
    fc.assert(
      fc.property(arbitraryMessage(type), (message) => {
        expect(message.type).toBe(type);
        expect(decodeHandshake(encodeMessage(message))).toEqual(message);
      }),
      { numRuns: 60 },
    );
  });

  it('shrinks to something small', () => {
    const run = fc.check(
      fc.property(arbitraryHandshake(type), () => false),
      { seed: 3 },
    );
    const [smallest] = run.counterexample as [Uint8Array];
    expect(smallest.length).toBeLessThan(120);
  });

  it('is made without much being thrown away', () => {
    const raws = fc.sample(arbitraryHandshake(type), { numRuns: 50, seed: 5 });
    expect(raws).toHaveLength(50);
  });
});

it('has every message of TLS 1.2 and older that can be decoded', () => {
  const decoded = [...tls12Messages(true).values()].flatMap(({ names }) => names);
  expect([...messageTypes12].sort()).toEqual([...decoded].sort());
});

describe.each([true, false])('before TLS 1.3, schemes: %s', (hasSchemes) => {
  it.each(messageTypes12)('%s decodes, encodes to what means the same, and is of its type', (type) => {
    fc.assert(
      fc.property(arbitraryMessage12(type, hasSchemes), (message) => {
        expect(message.type).toBe(type);
        expect(decodeHandshake12(encodeMessage12(message), hasSchemes)).toEqual(message);
      }),
      { numRuns: 60 },
    );
  });

  it.each(messageTypes12)('%s is made without much being thrown away', (type) => {
    expect(fc.sample(arbitraryHandshake12(type, hasSchemes), { numRuns: 50, seed: 5 })).toHaveLength(50);
  });
});

// ClientHello, which all versions have, is bound by more than its structure.
const { client_hello: _, ...codecs12 } = tls12Codecs(true);

const structures12: [string, Codec<unknown>][] = [
  ...Object.entries(codecs12),
  ['certificate_request without schemes', tls12Codecs(false).certificate_request],
  ...Object.entries(serverKeyExchangeParams),
  ...Object.entries(clientKeyExchangeFields),
  ['DigitallySigned', digitallySigned(true)],
  ['DigitallySigned without its scheme', digitallySigned(false)],
];

it.each(structures12)('%s has a shape that says nearly all, and registries that exist', (name, codec) => {
  const accepted = fc
    .sample(arbitraryBytes(codec.shape), { numRuns: 200, seed: 7 })
    .filter((bytes) => isAccepted(() => decode(codec, bytes, name)));
  expect(accepted.length).toBeGreaterThan(150);
  for (const bytes of accepted) {
    const value = decode(codec, bytes, name);
    expect(decode(codec, encode(codec, value), name)).toEqual(value);
  }
  for (const registry of registriesOf(codec.shape)) expect(Object.keys(registries)).toContain(registry);
});

describe.each(places)('%s in %s', (name, place, codec) => {
  it('decodes and encodes', () => {
    fc.assert(
      fc.property(arbitraryExtension(name, place), ({ data }) => {
        const value = decode(codec, data, name);
        // A list of names of other types than host_name alone can be read, and nobody writes one.
        fc.pre(
          !(
            name === 'server_name' &&
            (value as { hostName?: string }).hostName === undefined &&
            value !== true
          ),
        );
        expect(decode(codec, encode(codec, value), name)).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('is seldom refused: the shape says nearly all that the codec demands', () => {
    const accepted = fc
      .sample(arbitraryBytes(codec.shape), { numRuns: 200, seed: 7 })
      .filter((bytes) => isAccepted(() => decode(codec, bytes, name)));
    expect(accepted.length).toBeGreaterThan(150);
  });

  it('names registries that exist', () => {
    for (const registry of registriesOf(codec.shape)) expect(Object.keys(registries)).toContain(registry);
  });
});

it('makes blocks of extensions that may stand in the message', () => {
  const seen = new Set<number>();
  fc.assert(
    fc.property(arbitraryExtensionBlock('CH'), (block) => {
      for (const { type } of block.entries) seen.add(type);
      const psk = block.entries.findIndex(({ type }) => type === 41);
      expect([-1, block.entries.length - 1]).toContain(psk);
    }),
  );
  const mayStand = knownExtensions.filter(({ codecs }) => codecs.CH !== undefined);
  expect(mayStand.filter(({ type }) => !seen.has(type))).toEqual([]);
});

it('makes values of any codec', () => {
  const keyShare = knownExtensions.find(({ name }) => name === 'key_share')!;
  fc.assert(
    fc.property(arbitraryValue(keyShare.codecs.SH!), (value) => {
      expect(Object.keys(value as object)).toEqual(['group', 'keyExchange']);
    }),
  );
});

it('refuses what does not exist', () => {
  expect(() => arbitraryExtension('cookie', 'EE')).toThrow(ApiMisuseError);
  expect(() => arbitraryMessage('hello' as 'finished')).toThrow(ApiMisuseError);
  expect(() => arbitraryHandshake12('key_update' as 'finished', true)).toThrow(ApiMisuseError);
});

function registriesOf(shape: Shape): string[] {
  switch (shape.is) {
    case 'uint':
      return shape.registry === undefined ? [] : [shape.registry];
    case 'vector':
    case 'items':
      return registriesOf(shape.item);
    case 'struct':
      return shape.fields.flatMap(([, field]) => registriesOf(field));
    case 'select':
      return [
        ...registriesOf(shape.tag),
        ...Object.values(shape.cases).flatMap(([, field]) => registriesOf(field)),
      ];
    default:
      return [];
  }
}
