import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../test/harness/hex.ts';
import { refusal } from '../../test/harness/refusal.ts';
import { messages12 } from '../../test/arbitraries/messages12.ts';
import { InternalError } from '../errors/tls-error.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import { alertFor } from '../errors/alerts.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import { encodeHandshake, envelope } from './envelope.ts';
import {
  decodeHandshake12,
  encodeMessage12,
  tls12Codecs,
  tls12Messages,
  type Tls12Message,
} from './tls12.ts';

const forms = [
  ['with schemes', true],
  ['without schemes', false],
] as const;

const rows = forms.flatMap(([form, hasSchemes]) =>
  (Object.entries(messages12(hasSchemes)) as [Tls12Message['type'], Arbitrary<Tls12Message>][]).map(
    ([type, arbitrary]) => [type, form, hasSchemes, arbitrary] as const,
  ),
);

/** What any bytes can be the body of. */
const unstructured: readonly string[] = ['server_key_exchange', 'client_key_exchange', 'finished'];

it.each(forms)('has the same messages %s', (_form, hasSchemes) => {
  const table = tls12Messages(hasSchemes);
  const names = [...table.values()].map(({ name }) => name);
  expect(names.sort()).toEqual(Object.keys(tls12Codecs(!hasSchemes)).sort());
  for (const [number, { name, names: types }] of table) {
    expect(types).toEqual([name]);
    expect(handshakeTypes[name as Tls12Message['type']]).toBe(number);
  }
});

describe.each(rows)('%s %s', (type, _form, hasSchemes, arbitrary) => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const raw = encodeMessage12(message);
        expect(decodeHandshake12(raw, hasSchemes)).toEqual(message);
        expect(envelope(raw).type).toBe(handshakeTypes[type]);
      }),
    );
  });

  it('refuses every truncation that is not a message of its own', () => {
    if (unstructured.includes(type))
      return expect(refusal(() => decodeBody(type, '', hasSchemes))).toBe('accepted');
    fc.assert(
      fc.property(arbitrary, (message) => {
        const { type: number, body } = envelope(encodeMessage12(message));
        for (let length = 0; length < body.length; length++) {
          if (length === lengthWithoutExtensions(message)) continue;
          const raw = encodeHandshake(number, body.subarray(0, length));
          expect(refusal(() => decodeHandshake12(raw, hasSchemes))).toBe('peer.malformedMessage');
        }
      }),
      { numRuns: 5 },
    );
  });

  it.each(unstructured.includes(type) ? [] : [1, 2, 7])('refuses %i trailing bytes', (count) => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const { type: number, body } = envelope(encodeMessage12(message));
        fc.pre(body.length !== lengthWithoutExtensions(message));
        const raw = encodeHandshake(number, Uint8Array.from([...body, ...new Uint8Array(count)]));
        expect(refusal(() => decodeHandshake12(raw, hasSchemes))).toBe('peer.malformedMessage');
      }),
      { numRuns: 20 },
    );
  });

  it('answers changed bytes with a message or a TlsError', () => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 4 }),
        (message, changes) => {
          const { type: number, body } = envelope(encodeMessage12(message).slice());
          for (const [at, value] of changes) if (body.length > 0) body[at % body.length] = value;
          expect(refusal(() => tls12Messages(hasSchemes).get(number)!.decode(body))).toMatch(
            /^(accepted|peer\.)/,
          );
        },
      ),
    );
  });
});

describe('bounds', () => {
  const random = '00'.repeat(32);
  const cases: [message: Tls12Message['type'], form: boolean, body: string, outcome: string, why: string][] =
    [
      ['hello_request', true, '00', 'peer.malformedMessage', 'empty'],
      ['server_hello_done', true, '00', 'peer.malformedMessage', 'empty'],
      ['server_hello', true, `0303 ${random} 00 c02f 00`, 'accepted', 'no extensions'],
      ['server_hello', true, `0303 ${random} 00 c02f 00 0000`, 'accepted', 'an empty block'],
      [
        'server_hello',
        true,
        `0303 ${random} 21 ${'00'.repeat(33)} c02f 00`,
        'peer.malformedMessage',
        'SessionID<0..32>',
      ],
      ['server_hello', true, `0303 ${random} 00 c02f 00 0004 0016 0000`, 'accepted', 'encrypt_then_mac'],
      [
        'server_hello',
        true,
        `0303 ${random} 00 c02f 00 0008 0016 0000 0016 0000`,
        'peer.duplicateExtension',
        'twice',
      ],
      [
        'server_hello',
        true,
        `0303 ${random} 00 c02f 00 0006 002b 0002 0304`,
        'peer.forbiddenExtension',
        'TLS 1.3',
      ],
      ['certificate', true, '000000', 'accepted', 'no certificates'],
      ['certificate', true, '000003 000000', 'peer.malformedMessage', 'ASN.1Cert<1..2^24-1>'],
      ['certificate', true, '00 000000', 'peer.malformedMessage', 'the context that TLS 1.3 has'],
      ['new_session_ticket', true, '00000000 0000', 'accepted', 'no ticket after all'],
      ['new_session_ticket', true, '00000000 0001', 'peer.malformedMessage', 'a ticket cut short'],
      [
        'certificate_request',
        true,
        '00 0002 0401 0000',
        'peer.malformedMessage',
        'certificate_types<1..2^8-1>',
      ],
      ['certificate_request', true, '01 01 0002 0401 0000', 'accepted', 'one type, one scheme'],
      ['certificate_request', true, '01 01 0000 0000', 'peer.malformedMessage', 'no scheme'],
      ['certificate_request', true, '01 01 0003 040104 0000', 'peer.malformedMessage', 'half a scheme'],
      [
        'certificate_request',
        true,
        '01 01 0002 0401 0002 0000',
        'peer.malformedMessage',
        'DistinguishedName<1..2^16-1>',
      ],
      ['certificate_request', false, '01 01 0000', 'accepted', 'no schemes before TLS 1.2'],
      [
        'certificate_request',
        false,
        '01 01 0002 0401 0000',
        'peer.malformedMessage',
        'schemes before TLS 1.2',
      ],
      ['certificate_verify', true, '0401 0000', 'accepted', 'signature<0..2^16-1>'],
      ['certificate_verify', true, '0002 0401', 'peer.malformedMessage', 'a signature without its scheme'],
      ['certificate_verify', false, '0002 0401', 'accepted', 'a signature without its scheme'],
      ['certificate_verify', false, '0401 0001 00', 'peer.malformedMessage', 'a scheme before TLS 1.2'],
      ['finished', true, '00'.repeat(12), 'accepted', '12 bytes'],
      ['finished', true, '00'.repeat(11), 'accepted', '11 bytes, which verify nothing'],
      ['certificate_status', true, '01 000001 30', 'accepted', 'an OCSP response'],
      ['certificate_status', true, '01 000000', 'peer.malformedMessage', 'OCSPResponse<1..2^24-1>'],
      ['certificate_status', true, '02 000001 30', 'peer.malformedMessage', 'a type that nobody asked for'],
      ['next_protocol', true, '00 00', 'accepted', 'no name, no padding'],
      ['next_protocol', true, '02 6832', 'peer.malformedMessage', 'the padding is missing'],
    ];

  it.each(cases)('%s (schemes: %s) %s is %s (%s)', (name, form, body, outcome) => {
    expect(refusal(() => decodeBody(name, body, form))).toBe(outcome);
  });

  it('tells decode_error for all that is malformed', () => {
    expect(alertFor['peer.malformedMessage']).toBe('decode_error');
  });
});

it('knows no message of TLS 1.3 alone', () => {
  for (const name of [
    'encrypted_extensions',
    'end_of_early_data',
    'key_update',
    'compressed_certificate',
  ] as const) {
    expect(tls12Messages(true).has(handshakeTypes[name])).toBe(false);
    expect(decodeHandshake12(encodeHandshake(handshakeTypes[name], new Uint8Array(0)), true)).toBeUndefined();
  }
});

it('writes no message in the wrong form', () => {
  const algorithm = 0x0401 as SignatureScheme;
  const signature = new Uint8Array(2);
  const { certificate_verify, certificate_request } = tls12Codecs(true);
  const bare = tls12Codecs(false);
  const verify: Tls12Message = { type: 'certificate_verify', algorithm, signature };
  const request: Tls12Message = {
    type: 'certificate_request',
    certificateTypes: [],
    supportedSignatureAlgorithms: [algorithm],
    certificateAuthorities: [],
  };
  const writer = undefined as never;
  expect(() => bare.certificate_verify.write(writer, verify)).toThrow(InternalError);
  expect(() => certificate_verify.write(writer, { ...verify, algorithm: undefined })).toThrow(InternalError);
  expect(() => bare.certificate_request.write(writer, request)).toThrow(InternalError);
  expect(() =>
    certificate_request.write(writer, { ...request, supportedSignatureAlgorithms: undefined }),
  ).toThrow(InternalError);
});

function decodeBody(name: Tls12Message['type'], body: string, hasSchemes: boolean): Tls12Message | undefined {
  return decodeHandshake12(encodeHandshake(handshakeTypes[name], hex(body)), hasSchemes);
}

/** Where a hello may end because all its extensions may be missing. */
function lengthWithoutExtensions(message: Tls12Message): number | undefined {
  switch (message.type) {
    case 'client_hello':
      return envelope(encodeMessage12({ ...message, extensions: ExtensionBlock.of('CH', []) })).body.length;
    case 'server_hello':
      return 2 + 32 + 1 + message.sessionId.length + 2 + 1;
    default:
      return undefined;
  }
}
