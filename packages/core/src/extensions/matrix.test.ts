import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSample, extensionBlocks, extensionSamples } from '../../test/arbitraries/extensions.ts';
import { TlsError } from '../errors/tls-error.ts';
import { namedGroups } from '../registry/groups.ts';
import { decode, encode } from '../wire/codec.ts';
import { Reader } from '../wire/reader.ts';
import { ExtensionBlock } from './block.ts';
import { cookieExtension } from './cookie.ts';
import { extension, messageNames, type ExtensionPlace, type RawExtension } from './definition.ts';
import { keyShareExtension } from './key-share.ts';
import { codeForTwice, decodeExtensions, extensions, knownExtensions, refuseUnsolicited } from './matrix.ts';
import { paddingExtension } from './padding.ts';
import { bindersLength, preSharedKeyExtension, refuseIllegalPreSharedKey } from './pre-shared-key.ts';
import { serverNameExtension } from './server-name.ts';
import { renegotiationInfoExtension } from './renegotiation-info.ts';
import { supportedVersionsExtension } from './supported-versions.ts';
import { hex } from '../../test/harness/hex.ts';

/**
 * The table of RFC 9846 §4.3, rows in its order; then the rows of RFC 8446 §4.2 that §4.3 leaves out because
 * they are not marked "Recommended"; then what TLS 1.3 does not use. SH12 by RFC 5246 §7.4.1.4 and the document of
 * each extension.
 */
const table: Record<string, string> = {
  server_name: 'CH EE CR SH12',
  status_request: 'CH CR CT SH12',
  supported_groups: 'CH EE SH12',
  signature_algorithms: 'CH CR',
  application_layer_protocol_negotiation: 'CH EE SH12',
  client_certificate_type: 'CH EE SH12',
  server_certificate_type: 'CH EE SH12',
  compress_certificate: 'CH CR',
  padding: 'CH',
  record_size_limit: 'CH EE SH12',
  pre_shared_key: 'CH SH',
  early_data: 'CH EE NST',
  supported_versions: 'CH SH HRR',
  cookie: 'CH HRR',
  psk_key_exchange_modes: 'CH',
  certificate_authorities: 'CH CR',
  oid_filters: 'CR',
  post_handshake_auth: 'CH',
  signature_algorithms_cert: 'CH CR',
  key_share: 'CH SH HRR',

  max_fragment_length: 'CH EE SH12',
  signed_certificate_timestamp: 'CH CR CT SH12',

  ec_point_formats: 'CH SH12',
  status_request_v2: 'CH',
  encrypt_then_mac: 'CH SH12',
  extended_main_secret: 'CH SH12',
  session_ticket: 'CH SH12',
  renegotiation_info: 'CH SH12',
  next_protocol_negotiation: 'CH SH12',

  // RFC 9345 §6.
  delegated_credential: 'CH CR CT',

  // RFC 9849 §11.1: the second in no message at all.
  encrypted_client_hello: 'CH EE HRR',
  ech_outer_extensions: '',

  // RFC 9001 §8.2; in SH12 it is refused for answering nothing.
  quic_transport_parameters: 'CH EE SH12',

  // draft-vvv-tls-alps-01 §6; SH12 as above.
  application_settings: 'CH EE SH12',
  application_settings_old: 'CH EE SH12',
};

const places = Object.keys(messageNames) as ExtensionPlace[];

it('knows the extensions of the table, each once', () => {
  expect(knownExtensions.map(({ name }) => name).sort()).toEqual(Object.keys(table).sort());
});

describe.each(knownExtensions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (name, definition) => {
    const own = extensionSamples.filter((row) => row.definition === definition);
    const allowed = (place: ExtensionPlace) => table[name]!.split(' ').includes(place);

    it.each(places.filter(allowed))('may stand in %s', (place) => {
      const row = own.find((each) => each.place === place)!;
      fc.assert(
        fc.property(row.value, (value) => {
          const block = decodeBlock(place, [encodeSample(row, value)]);
          expect((block as ExtensionBlock<never>).get(definition as never)).toEqual(value);
        }),
        { numRuns: 10 },
      );
    });

    it.each(places.filter((place) => !allowed(place)))('is refused in %s', (place) => {
      const [sample] = own;
      const entry =
        sample === undefined
          ? { type: definition.type, data: new Uint8Array(3) }
          : encodeSample(sample, fc.sample(sample.value, 1)[0]);
      expect(refusal(() => decodeBlock(place, [entry]))).toEqual({
        code: 'peer.forbiddenExtension',
        field: `${messageNames[place]}.extensions.${name}`,
      });
    });
  },
);

describe.each(places)('a block of %s', (place) => {
  it('keeps order and bytes', () => {
    fc.assert(
      fc.property(extensionBlocks(place), (block) => {
        const wire = encode(extensions(place), block);
        const read = decode(extensions(place), wire, messageNames[place]);
        expect(read.entries).toEqual(block.entries);
        expect(encode(extensions(place), read)).toEqual(wire);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a type that stands twice, known or not', () => {
    const known = extensionSamples.find((row) => row.place === place)!;
    const twice = encodeSample(known, fc.sample(known.value, 1)[0]);
    expect(refusal(() => decodeBlock(place, [twice, unknown, twice]))).toEqual({
      code: codeForTwice(place),
      field: `${messageNames[place]}.extensions.${known.definition.name}`,
    });
    expect(refusal(() => decodeBlock(place, [unknown, unknown]))).toEqual({
      code: codeForTwice(place),
      field: `${messageNames[place]}.extensions.0x6a6a`,
    });
  });

  it('refuses malformed data when it is decoded, naming the extension', () => {
    const structured = extensionSamples.find(
      (row) => row.place === place && !row.unstructured && !row.openEnded,
    )!;
    const { type, data } = encodeSample(structured, fc.sample(structured.value, 1)[0]);
    const longer = { type, data: Uint8Array.from([...data, 0]) };
    expect(refusal(() => decodeBlock(place, [unknown, longer]))).toMatchObject({
      code: 'peer.malformedMessage',
      field: expect.stringMatching(`^${messageNames[place]}\\.extensions\\.${structured.definition.name}`),
    });
  });

  it('keeps unknown extensions as bytes', () => {
    const block = decodeBlock(place, [unknown]);
    expect(block.raw(unknown)).toEqual(unknown.data);
    expect(block.has(unknown)).toBe(true);
  });

  it('refuses lengths that do not add up', () => {
    for (const wire of [
      '',
      '00',
      '0001',
      '000100',
      '0003000000',
      '0004006a0001',
      '00056a6a000100ff',
      '00046a6a0001',
    ]) {
      expect(refusal(() => decode(extensions(place), hex(wire), messageNames[place]))).toMatchObject({
        code: 'peer.malformedMessage',
      });
    }
  });
});

/** A request that asks for these types. */
function offering(...types: readonly number[]) {
  return ExtensionBlock.of(
    'CH',
    types.map((type) => ({ type: type as RawExtension['type'], data: new Uint8Array(0) })),
  );
}

describe('refuseUnsolicited', () => {
  const share = extension('HRR', keyShareExtension, namedGroups.secp256r1);
  const cookie = extension('HRR', cookieExtension, new Uint8Array([1]));

  it('lets an answer pass that was asked for', () => {
    const block = decodeBlock('HRR', [share]);
    expect(refusal(() => refuseUnsolicited(block, offering(keyShareExtension.type)))).toBe('accepted');
  });

  it('refuses an answer to nothing, known or not', () => {
    expect(
      refusal(() => refuseUnsolicited(decodeBlock('HRR', [share, unknown]), offering(share.type))),
    ).toEqual({
      code: 'peer.unsolicitedExtension',
      field: 'hello_retry_request.extensions.0x6a6a',
    });
    expect(refusal(() => refuseUnsolicited(decodeBlock('EE', [acknowledgement]), offering()))).toEqual({
      code: 'peer.unsolicitedExtension',
      field: 'encrypted_extensions.extensions.server_name',
    });
  });

  it('lets exceptions pass: a HelloRetryRequest may bring a cookie', () => {
    const block = decodeBlock('HRR', [cookie, share]);
    const offered = offering(keyShareExtension.type);
    expect(refusal(() => refuseUnsolicited(block, offered, [cookieExtension]))).toBe('accepted');
    expect(refusal(() => refuseUnsolicited(block, offered))).toMatchObject({
      code: 'peer.unsolicitedExtension',
    });
  });
});

describe('in the ServerHello of older versions', () => {
  const info = extension('SH12', renegotiationInfoExtension, new Uint8Array(0));

  it('says by which rule', () => {
    const cookie = { type: cookieExtension.type, data: new Uint8Array(3) };
    expect(sectionOf(() => decodeBlock('SH12', [cookie]))).toBe('RFC 5246 §7.4.1.4');
    expect(sectionOf(() => refuseUnsolicited(decodeBlock('SH12', [info]), offering()))).toBe(
      'RFC 5246 §7.4.1.4',
    );
    expect(sectionOf(() => decodeBlock('SH', [info]))).toBe('RFC 9846 §4.3');
  });

  it('answers extensions that were asked for, and signals', () => {
    const block = decodeBlock('SH12', [info]);
    expect(refusal(() => refuseUnsolicited(block, offering(renegotiationInfoExtension.type)))).toBe(
      'accepted',
    );
    expect(refusal(() => refuseUnsolicited(block, offering(), [renegotiationInfoExtension]))).toBe(
      'accepted',
    );
  });
});

describe('refuseIllegalPreSharedKey', () => {
  const identity = { identity: new Uint8Array(3), obfuscatedTicketAge: 7 };
  const psk = extension('CH', preSharedKeyExtension, {
    identities: [identity],
    binders: [new Uint8Array(32)],
  });

  it('accepts it at the end, and its absence', () => {
    expect(refusal(() => refuseIllegalPreSharedKey(decodeBlock('CH', [unknown, psk])))).toBe('accepted');
    expect(refusal(() => refuseIllegalPreSharedKey(decodeBlock('CH', [unknown])))).toBe('accepted');
  });

  it('refuses it anywhere else', () => {
    expect(refusal(() => refuseIllegalPreSharedKey(decodeBlock('CH', [psk, unknown])))).toMatchObject({
      code: 'peer.preSharedKeyNotLast',
    });
  });

  it('refuses another number of binders than of identities', () => {
    const offered = { identities: [identity, identity], binders: [new Uint8Array(32)] };
    const block = decodeBlock('CH', [extension('CH', preSharedKeyExtension, offered)]);
    expect(refusal(() => refuseIllegalPreSharedKey(block))).toMatchObject({ code: 'peer.illegalExtension' });
  });

  it('knows where the binders begin', () => {
    const offered = { identities: [identity], binders: [new Uint8Array(32).fill(1)] };
    const { data } = extension('CH', preSharedKeyExtension, offered);
    expect(data.subarray(data.length - bindersLength(offered))).toEqual(hex(`002120${'01'.repeat(32)}`));
  });
});

describe('ExtensionBlock', () => {
  const padding = extension('CH', paddingExtension, new Uint8Array(3));
  const name = extension('CH', serverNameExtension, { hostName: 'a.example' });

  it('replaces in place, appends, and leaves out', () => {
    const block = ExtensionBlock.of('CH', [padding, name]);
    const longer = extension('CH', paddingExtension, new Uint8Array(5));
    expect(block.with(longer).entries).toEqual([longer, name]);
    expect(block.with(unknown).entries).toEqual([padding, name, unknown]);
    expect(block.without(paddingExtension).entries).toEqual([name]);
    expect(block.entries).toEqual([padding, name]);
    expect(block.with(longer).get(paddingExtension)).toEqual(new Uint8Array(5));
  });

  it('does not build what no peer would accept', () => {
    expect(() => ExtensionBlock.of('CH', [padding, padding])).toThrow('padding, padding');
  });

  it('gives to each message its own type of value, and none where the extension is forbidden', () => {
    const hello = ExtensionBlock.of('CH', [name]);
    const retry = ExtensionBlock.of('HRR', []);
    const host: string | undefined = hello.get(serverNameExtension)?.hostName;
    const versions: readonly number[] | undefined = hello.get(supportedVersionsExtension);
    const version: number | undefined = retry.get(supportedVersionsExtension);
    expect([host, versions, version]).toEqual(['a.example', undefined, undefined]);
    // @ts-expect-error server_name may not stand in HelloRetryRequest
    expect(retry.get(serverNameExtension)).toBeUndefined();
    // @ts-expect-error a HelloRetryRequest names one group, not shares
    expect(() => extension('HRR', keyShareExtension, [])).not.toThrow();
  });
});

const unknown: RawExtension = { type: 0x6a6a, data: new Uint8Array([1, 2, 3]) };
const acknowledgement = extension('EE', serverNameExtension, true);

function decodeBlock<P extends ExtensionPlace>(
  place: P,
  entries: readonly RawExtension[],
): ExtensionBlock<P> {
  const body = entries.flatMap(({ type, data }) => [
    type >> 8,
    type & 0xff,
    data.length >> 8,
    data.length & 0xff,
    ...data,
  ]);
  const reader = new Reader(
    Uint8Array.from([body.length >> 8, body.length & 0xff, ...body]),
    messageNames[place],
  );
  const block = decodeExtensions(place, reader);
  reader.end();
  return block;
}

function sectionOf(run: () => unknown): string | undefined {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as TlsError).section;
  }
}

function refusal(run: () => unknown): unknown {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof TlsError) return { code: error.code, field: error.field };
    throw error;
  }
}
