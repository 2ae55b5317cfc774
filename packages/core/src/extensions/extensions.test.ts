import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../test/harness/refusal.ts';
import { encodeSample, extensionSamples, otherStatusRequest } from '../../test/arbitraries/extensions.ts';
import { decode, encode } from '../wire/codec.ts';
import { InternalError } from '../errors/tls-error.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import { ExtensionBlock } from './block.ts';
import { decodeExtensions, knownExtensions, writeExtensions } from './matrix.ts';
import { statusRequestExtension } from './status-request.ts';

const rows = extensionSamples.map((row) => [row.definition.name, row.place, row] as const);

it('has samples of every extension in every message where it may stand', () => {
  const sampled = new Set(extensionSamples.map(({ definition, place }) => `${definition.name} ${place}`));
  const defined = knownExtensions.flatMap(({ name, codecs }) =>
    Object.keys(codecs).map((place) => `${name} ${place}`),
  );
  expect([...sampled].sort()).toEqual(defined.sort());
});

describe.each(rows)('%s in %s', (name, place, row) => {
  const codec = row.definition.codecs[place]!;

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(row.value, (value) => {
        expect(decode(codec, encodeSample(row, value).data, name)).toEqual(value);
      }),
    );
  });

  it('answers any bytes with a value or a TlsError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (data) => {
        expect(refusal(() => decode(codec, data, name))).toMatch(/^(accepted|peer\.malformedMessage)$/);
      }),
    );
  });
});

describe.each(rows.filter(([, , row]) => !row.unstructured && !row.openEnded))(
  '%s in %s',
  (name, place, row) => {
    const codec = row.definition.codecs[place]!;

    it('refuses every truncation', () => {
      fc.assert(
        fc.property(row.value, (value) => {
          const { data } = encodeSample(row, value);
          for (let length = 0; length < data.length; length++) {
            expect(refusal(() => decode(codec, data.subarray(0, length), name))).toBe(
              'peer.malformedMessage',
            );
          }
        }),
        { numRuns: 20 },
      );
    });

    it('refuses trailing bytes', () => {
      fc.assert(
        fc.property(row.value, fc.uint8Array({ minLength: 1, maxLength: 3 }), (value, more) => {
          const { data } = encodeSample(row, value);
          const longer = Uint8Array.from([...data, ...more]);
          expect(refusal(() => decode(codec, longer, name))).toBe('peer.malformedMessage');
        }),
      );
    });
  },
);

it.each([3, 40])('finds each of %s extensions, and refuses one that stands twice', (count) => {
  const entries = Array.from({ length: count }, (_, i) => ({ type: 0xf100 + i, data: new Uint8Array([i]) }));
  const block = ExtensionBlock.of('CH', entries);
  for (const { type, data } of entries) expect(block.raw({ type })).toEqual(data);
  expect([block.has({ type: 0xfe00 }), block.raw({ type: 0xfe00 })]).toEqual([false, undefined]);
  const again = entries[count - 1]!;
  expect(() => ExtensionBlock.of('CH', [...entries, again])).toThrow(InternalError);
  const read = (list: typeof entries) => {
    const writer = new Writer();
    writeExtensions(writer, list);
    const reader = new Reader(writer.finish(), 'hello');
    return () => decodeExtensions('CH', reader).entries;
  };
  expect(read(entries)()).toEqual(entries);
  for (const twice of [entries[0]!, again])
    expect(refusal(read([...entries, twice]))).toBe('peer.duplicateExtension');
});

it('keeps a status_request of an unknown type', () => {
  fc.assert(
    fc.property(otherStatusRequest, (value) => {
      const data = encode(statusRequestExtension.codecs.CH, value);
      expect(decode(statusRequestExtension.codecs.CH, data, 'status_request')).toEqual(value);
    }),
  );
});
