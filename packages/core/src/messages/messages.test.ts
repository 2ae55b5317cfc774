import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../test/harness/hex.ts';
import { refusal } from '../../test/harness/refusal.ts';
import { messages } from '../../test/arbitraries/messages.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import { encodeHandshake, envelope, headerBytes } from './envelope.ts';
import { selectedVersion, type LegacyServerHello } from './server-hello.ts';
import { encodeMessage, tls13Messages, type Tls13Message } from './tls13.ts';

const rows = Object.entries(messages) as [Tls13Message['type'], Arbitrary<Tls13Message>][];

describe.each(rows)('%s', (type, arbitrary) => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const raw = encodeMessage(message);
        expect(decodeRaw(raw)).toEqual(message);
        expect(tls13Messages.get(envelope(raw).type)!.names).toContain(message.type);
      }),
    );
  });

  it('refuses every truncation that is not a message of its own', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const { type: number, body } = envelope(encodeMessage(message));
        for (let length = 0; length < body.length; length++) {
          if (lengthsWithoutExtensions(message).includes(length)) continue;
          expect(refusal(() => decodeRaw(encodeHandshake(number, body.subarray(0, length))))).toBe(
            type === 'finished' ? 'accepted' : 'peer.malformedMessage',
          );
        }
      }),
      { numRuns: 5 },
    );
  });

  it.each(type === 'finished' ? [] : [1, 2, 7])('refuses %i trailing bytes', (count) => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        fc.pre(!hasOptionalExtensions(message));
        const { type: number, body } = envelope(encodeMessage(message));
        const longer = Uint8Array.from([...body, ...new Uint8Array(count)]);
        expect(refusal(() => decodeRaw(encodeHandshake(number, longer)))).toBe('peer.malformedMessage');
      }),
      { numRuns: 20 },
    );
  });
});

describe('arbitrary bytes', () => {
  it.each([...tls13Messages])('of type %i decode or are refused with a TlsError', (_number, { decode }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(refusal(() => decode(body))).toMatch(/^(accepted|peer\.)/);
      }),
    );
  });

  it.each(rows)('in the middle of %s decode or are refused with a TlsError', (_type, arbitrary) => {
    fc.assert(
      fc.property(
        arbitrary,
        fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { maxLength: 4 }),
        (message, changes) => {
          const { type, body } = envelope(encodeMessage(message).slice());
          for (const [at, value] of changes) if (body.length > 0) body[at % body.length] = value;
          expect(refusal(() => tls13Messages.get(type)!.decode(body))).toMatch(/^(accepted|peer\.)/);
        },
      ),
    );
  });
});

describe('bounds', () => {
  const random = '00'.repeat(32);
  const psk = `0029 002e 0007 0001 61 00000000 0023 22 ${'00'.repeat(34)}`;
  const cases: [message: keyof typeof handshakeTypes, body: string, outcome: string, why: string][] = [
    ['client_hello', `0301 ${random} 00 0002 1301 01 00`, 'accepted', 'a hello without extensions'],
    ['client_hello', `0303 ${random} 00 0002 1301 01 00 0000`, 'accepted', 'a hello with an empty block'],
    [
      'client_hello',
      `0303 ${random} 21 ${'00'.repeat(33)} 0002 1301 01 00`,
      'peer.malformedMessage',
      'legacy_session_id<0..32>',
    ],
    ['client_hello', `0303 ${random} 00 0000 01 00`, 'peer.malformedMessage', 'cipher_suites<2..2^16-2>'],
    ['client_hello', `0303 ${random} 00 0003 130113 01 00`, 'peer.malformedMessage', 'half a cipher suite'],
    [
      'client_hello',
      `0303 ${random} 00 0002 1301 00`,
      'peer.malformedMessage',
      'legacy_compression_methods<1..2^8-1>',
    ],
    [
      'client_hello',
      `0303 ${random} 00 0002 1301 02 0100`,
      'accepted',
      'compression methods of older versions',
    ],
    [
      'client_hello',
      `0303 ${random} 00 0002 1301 01 00 0036 ${psk} 0015 0000`,
      'peer.preSharedKeyNotLast',
      'padding after it',
    ],
    [
      'server_hello',
      `0303 ${random} 21 ${'00'.repeat(33)} 1301 00 0000`,
      'peer.malformedMessage',
      'legacy_session_id_echo<0..32>',
    ],
    ['server_hello', `0303 ${random} 00 1301 00`, 'accepted', 'a ServerHello of an older version'],
    ['certificate', '00 000005 000000 0000', 'peer.malformedMessage', 'cert_data<1..2^24-1>'],
    ['certificate', '00 000000', 'accepted', 'no certificates'],
    ['new_session_ticket', '00000001 00000002 00 0000 0000', 'peer.malformedMessage', 'ticket<1..2^16-1>'],
    ['certificate_verify', '0804 0000', 'accepted', 'signature<0..2^16-1>'],
    ['end_of_early_data', '00', 'peer.malformedMessage', 'empty'],
    ['key_update', '', 'peer.malformedMessage', 'one byte'],
    ['key_update', '02', 'peer.illegalKeyUpdate', 'neither 0 nor 1'],
    ['key_update', 'ff', 'peer.illegalKeyUpdate', 'neither 0 nor 1'],
  ];

  it.each(cases)('%s %s is %s (%s)', (name, body, outcome) => {
    expect(refusal(() => decodeRaw(encodeHandshake(handshakeTypes[name], hex(body))))).toBe(outcome);
  });
});

describe('server_hello of an older version', () => {
  const hello = {
    legacyVersion: 0x0303 as ProtocolVersion,
    random: new Uint8Array(32),
    legacySessionIdEcho: new Uint8Array(),
    cipherSuite: 0xc02f as CipherSuite,
    legacyCompressionMethod: 0,
  };
  const alpn = { type: 16, data: hex('0003 026832') };

  it('may carry what TLS 1.3 forbids', () => {
    const raw = encodeMessage({ type: 'legacy_server_hello', ...hello, extensions: [alpn] });
    const read = decodeRaw(raw) as LegacyServerHello;
    expect(read).toEqual({ type: 'legacy_server_hello', ...hello, extensions: [alpn] });
    expect(selectedVersion(read)).toBeUndefined();
  });

  it('is one of TLS 1.3 as soon as it has supported_versions', () => {
    const version = { type: 43, data: hex('0304') };
    const raw = encodeMessage({ type: 'legacy_server_hello', ...hello, extensions: [version, alpn] });
    expect(refusal(() => decodeRaw(raw))).toBe('peer.forbiddenExtension');
  });

  it('refuses duplicates all the same', () => {
    const raw = encodeMessage({ type: 'legacy_server_hello', ...hello, extensions: [alpn, alpn] });
    expect(refusal(() => decodeRaw(raw))).toBe('peer.duplicateExtension');
  });
});

describe('envelope', () => {
  it('splits header and body', () => {
    const raw = encodeHandshake(handshakeTypes.finished, new Uint8Array(300));
    expect([...raw.subarray(0, headerBytes)]).toEqual([20, 0, 1, 44]);
    expect(envelope(raw)).toEqual({ type: 20, raw, body: raw.subarray(4) });
  });

  it.each(['', '140000', '14000001', '1400000000'])('takes no part of a message: %s', (text) => {
    expect(() => envelope(hex(text))).toThrow('one whole handshake message');
  });
});

function decodeRaw(raw: Uint8Array): Tls13Message {
  const { type, body } = envelope(raw);
  return tls13Messages.get(type)!.decode(body);
}

/** Where hellos may end because all versions of TLS allow them to have no extensions. */
function lengthsWithoutExtensions(message: Tls13Message): number[] {
  switch (message.type) {
    case 'client_hello':
      return [envelope(encodeMessage({ ...message, extensions: ExtensionBlock.of('CH', []) })).body.length];
    case 'server_hello':
    case 'hello_retry_request':
    case 'legacy_server_hello':
      return [2 + 32 + 1 + message.legacySessionIdEcho.length + 2 + 1];
    default:
      return [];
  }
}

/** Whether bytes after the message would be read as its extensions. */
function hasOptionalExtensions(message: Tls13Message): boolean {
  return (
    (message.type === 'client_hello' && message.extensions.entries.length === 0) ||
    (message.type === 'legacy_server_hello' && message.extensions.length === 0)
  );
}
