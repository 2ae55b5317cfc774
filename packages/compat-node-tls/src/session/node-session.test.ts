import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindsSessionsToHosts, decodeNodeSession, encodeNodeSession } from './node-session.ts';
import { decodeSslSession, encodeSslSession } from './ssl-session.ts';

const session = {
  version: 0x0304,
  cipherSuite: 0x1302,
  sessionId: new Uint8Array(32),
  masterSecret: new Uint8Array(48),
  time: 1_700_000_000,
  timeout: 7_200,
  sessionIdContext: new Uint8Array(0),
  verifyResult: 0,
  ticketLifetimeHint: 7_200,
  ticket: new Uint8Array(9),
  flags: 0,
  ticketAgeAdd: 5,
  maxEarlyData: 0,
  maxFragmentLengthMode: 0,
};

describe('the bytes of getSession()', () => {
  it('are the SSL_SESSION alone, or the name of a host and then that', () => {
    const der = encodeSslSession(session);
    expect(encodeNodeSession({ session, host: undefined })).toEqual(der);
    const bound = encodeNodeSession({ session, host: 'a.test' });
    const mark = Buffer.from('\0nodejs:tls:session:1\0\0\x06a.test', 'latin1');
    expect(bound).toEqual(Buffer.concat([mark, der]));
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }), (host) => {
        const bytes = encodeNodeSession({ session, host });
        expect(decodeNodeSession(bytes)).toEqual({ session, host });
        expect(decodeNodeSession(Uint8Array.from([...bytes, 0]))).toBeUndefined();
      }),
    );
  });

  it('that were cut or changed are none, and none are arbitrary ones', () => {
    const bytes = encodeNodeSession({ session, host: 'a.test' });
    for (let length = 0; length < bytes.length; length++)
      expect(decodeNodeSession(bytes.subarray(0, length))).toBeUndefined();
    // The mark, the length of the name, and a name that is no UTF-8.
    for (const at of [0, 5, 21, 22, 23])
      expect(decodeNodeSession(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBeUndefined();
    expect(decodeNodeSession(bytes.map((byte, i) => (i === 24 ? 0xff : byte)))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => {
        expect(decodeNodeSession(noise)).toBeUndefined();
        expect(decodeNodeSession(Uint8Array.from([...bytes.subarray(0, 22), ...noise]))).toBeUndefined();
      }),
    );
    expect(decodeSslSession(bytes)).toBeUndefined();
  });

  it.each([
    ['20.20.2', false],
    ['22.22.9', false],
    ['22.23.0', true],
    ['23.99.0', false],
    ['24.16.0', false],
    ['24.17.0', true],
    ['25.9.0', false],
    ['26.3.0', false],
    ['26.3.1', true],
    ['26.10.0', true],
    ['27.0.0', true],
  ])('have a name in Node %s: %s', (version, isBound) => {
    expect(bindsSessionsToHosts(version)).toBe(isBound);
  });
});
