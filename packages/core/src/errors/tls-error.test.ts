import { describe, expect, it } from 'vitest';
import { locate, TlsError } from './tls-error.ts';

describe('TlsError', () => {
  it('cannot blame the peer without a rule', () => {
    // @ts-expect-error: whoever blames the peer says by which section.
    const nameless = new TlsError('peer.badFinished', 'x');
    // @ts-expect-error: also where other details are given.
    const halfNamed = new TlsError('peer.badFinished', 'x', { field: 'verify_data' });
    expect([nameless.section, halfNamed.section]).toEqual([undefined, undefined]);
    expect(new TlsError('local.aborted', 'x').section).toBeUndefined();
  });

  it('keeps what it said itself when more becomes known', () => {
    const section = 'RFC 9846 §4';
    const evidence = { what: 'record', bytes: new Uint8Array(1), totalBytes: 1 } as const;
    const error = new TlsError('peer.badFinished', 'x', { section, handshakeMessage: 'finished' });
    locate(error, { handshakeMessage: 'certificate', evidence });
    expect(error).toMatchObject({ handshakeMessage: 'finished', evidence });
    const silent = new TlsError('internal.error', 'x');
    locate(silent, { handshakeMessage: 'certificate' });
    expect(silent).toMatchObject({ handshakeMessage: 'certificate', evidence: undefined });
  });
});
