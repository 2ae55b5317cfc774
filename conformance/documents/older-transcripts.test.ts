import { openRecords, type Passage, printTranscript, printTranscriptHtml } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { recorded, type RecordedMessage } from '../../packages/core/test/vectors/tls12-messages.ts';
import { nodeProvider } from '../properties/scenarios.ts';

/**
 * Transcripts of TLS 1.2 and older without secrets: recorded handshakes in records, each direction going on behind a
 * ChangeCipherSpec with what nobody can open.
 */
const names = Object.keys(recorded) as (keyof typeof recorded)[];

describe.each(names)('%s', (name) => {
  const records = openRecords(passageOf(recorded[name], name), nodeProvider);
  const text = printTranscript(records, { maxBytesPerField: 32 });

  it('shows each message in the structure of its version', () => {
    const shown = records.flatMap(({ messages }) =>
      messages.map((each) => Buffer.from(each).toString('hex')),
    );
    expect(shown).toEqual(recorded[name].map(({ raw }) => Buffer.from(raw).toString('hex')));
    for (const { name: type } of recorded[name]) expect(text).toContain(`  ${type}, `);
    expect(text).not.toMatch(/announced|bytes too many|after the problem|no such case|allowed are/);
    // Nothing is left undivided: what the suite explains is taken apart, too.
    expect(text).not.toMatch(/ body(:|$)/m);
  });

  it('leaves closed what is sealed, whatever its content type', () => {
    const closed = records.filter(({ isProtected }) => isProtected);
    expect(closed.map(({ from, type, content }) => [from, type, content])).toEqual([
      ['client', 22, undefined],
      ['server', 22, undefined],
      ['client', 23, undefined],
      ['server', 21, undefined],
    ]);
    expect(text.match(/content that no secret opens/g)).toHaveLength(4);
  });

  it('makes a page of it', () => {
    expect(printTranscriptHtml(records)).toContain('<b>client_hello, ');
  });
});

it('names what was negotiated', () => {
  const text = (name: keyof typeof recorded) =>
    printTranscript(openRecords(passageOf(recorded[name], name), nodeProvider));
  const newest = text('tls12EcdheEcdsaClientAuth');
  for (const line of [
    /server_version: tls12/,
    /cipher_suite: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256/,
    /curve_type: named_curve/,
    /namedcurve: x25519/,
    /algorithm: ecdsa_secp256r1_sha256/,
    /\[2\]: ecdsa_sign/,
    /\[0\]: uncompressed/,
  ]) {
    expect(newest).toMatch(line);
  }
  const oldest = text('tls10DheRsaClientAuth');
  for (const line of [/server_version: tls10/, /dh_p: 128 bytes/, /dh_yc: 128 bytes/])
    expect(oldest).toMatch(line);
  expect(oldest).not.toMatch(/algorithm:/);
  expect(text('tls12EcdhePsk')).toMatch(/psk_identity_hint: 4 bytes/);
});

function passageOf(messages: readonly RecordedMessage[], name: string): Passage {
  const version = name.startsWith('tls10') ? 1 : name.startsWith('tls11') ? 2 : 3;
  const record = (type: number, content: Uint8Array) =>
    Uint8Array.from([type, 3, version, content.length >> 8, content.length & 0xff, ...content]);
  const piece = (from: 'client' | 'server', bytes: Uint8Array) => ({ from, bytes, atMs: 0 });
  const sealed = new Uint8Array(40).fill(0xa5);
  const isTicket = ({ name: type }: RecordedMessage) => type === 'new_session_ticket';
  const pieces = (part: readonly RecordedMessage[]) =>
    part.map(({ from, raw }) => piece(from, record(22, raw)));
  return {
    keyLog: [],
    wire: [
      ...pieces(messages.filter((each) => !isTicket(each))),
      piece('client', record(20, new Uint8Array([1]))),
      piece('client', record(22, sealed)),
      ...pieces(messages.filter(isTicket)),
      piece('server', record(20, new Uint8Array([1]))),
      piece('server', record(22, sealed)),
      piece('client', record(23, sealed)),
      piece('server', record(21, sealed)),
    ],
  };
}
