import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeTlsError } from '@sealwire/x509';
import { decodeSslSession, encodeSslSession, type SslSession } from './ssl-session.ts';
import { verifyResultCode, verifyResultNumber } from './verify-result.ts';

const bytes = (length: number, value = 7) => new Uint8Array(length).fill(value);

const least: SslSession = {
  version: 0x0303,
  cipherSuite: 0xc02b,
  sessionId: bytes(0),
  masterSecret: bytes(48),
  time: 0,
  timeout: 0,
  sessionIdContext: bytes(0),
  verifyResult: 0,
  ticketLifetimeHint: 0,
  flags: 0,
  ticketAgeAdd: 0,
  maxEarlyData: 0,
  maxFragmentLengthMode: 0,
};

/** A SEQUENCE of so many bytes: to a codec that is a certificate. */
const certificates = fc
  .integer({ min: 0, max: 300 })
  .map((length) =>
    Uint8Array.of(
      0x30,
      ...(length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, 1, length - 256]),
      ...bytes(length),
    ),
  );
const octets = (most: number) => fc.uint8Array({ maxLength: most }).map((each) => Uint8Array.from(each));
const latin1 = (most: number) => octets(most).map((each) => Buffer.from(each).toString('latin1'));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));

const sessions: fc.Arbitrary<SslSession> = fc.record({
  version: fc.integer({ min: 0x0301, max: 0x0304 }),
  cipherSuite: fc.nat(0xffff),
  sessionId: octets(32),
  masterSecret: octets(64),
  time: fc.maxSafeNat(),
  timeout: uint32,
  peer: maybe(certificates),
  sessionIdContext: octets(32),
  verifyResult: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  hostname: maybe(latin1(40)),
  pskIdentityHint: maybe(octets(9)),
  pskIdentity: maybe(octets(9)),
  ticketLifetimeHint: uint32,
  ticket: maybe(octets(300)),
  compression: maybe(octets(1)),
  srpUsername: maybe(octets(9)),
  flags: fc.maxSafeNat(),
  ticketAgeAdd: uint32,
  maxEarlyData: uint32,
  alpnSelected: maybe(latin1(9)),
  maxFragmentLengthMode: fc.nat(4),
  ticketAppData: maybe(octets(30)),
  kexGroup: maybe(fc.nat(0xffff)),
  peerRawPublicKey: maybe(octets(90)),
});

describe('an SSL_SESSION', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(sessions, (session) => {
        const der = encodeSslSession(session);
        expect(decodeSslSession(der)).toEqual(session);
      }),
    );
  });

  it('is written one way only: what is read is written back, and nothing else is read', () => {
    fc.assert(
      fc.property(sessions, fc.nat(), fc.integer({ min: 1, max: 255 }), (session, where, change) => {
        const der = encodeSslSession(session);
        const at = where % der.length;
        const mutated = [
          Uint8Array.from(der, (byte, i) => (i === at ? byte ^ change : byte)),
          Uint8Array.from([...der.subarray(0, at), ...der.subarray(at + 1)]),
          Uint8Array.from([...der.subarray(0, at), change, ...der.subarray(at)]),
        ];
        for (const each of mutated) {
          const read = decodeSslSession(each);
          if (read !== undefined) expect([...encodeSslSession(read)]).toEqual([...each]);
        }
        expect(decodeSslSession(der.subarray(0, at))).toBeUndefined();
        expect(decodeSslSession(Uint8Array.from([...der, change]))).toBeUndefined();
      }),
    );
  });

  it('is not made of arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(decodeSslSession(noise)).toBeUndefined();
        expect(decodeSslSession(Uint8Array.of(0x30, Math.min(noise.length, 127), ...noise))).toBeUndefined();
      }),
    );
    expect(decodeSslSession(bytes(1_000_000, 0x30))).toBeUndefined();
  });

  const around = (body: Uint8Array) => Buffer.concat([Uint8Array.of(0x30, body.length), body]);

  it.each([
    ['the least there is', '020101 02020303 0402c02b', true],
    ['the newest version', '020101 02020304 0402c02b', true],
    ['another version of the form', '020102 02020303 0402c02b', false],
    ['SSL 3.0', '020101 02020300 0402c02b', false],
    ['what is no TLS of today', '020101 02020305 0402c02b', false],
    ['a suite of three bytes', '020101 02020303 0403c02b00', false],
  ])('says of which version and suite it is: %s', (_, head, isGood) => {
    const der = around(Buffer.from(`${head}04000430${'07'.repeat(48)}a4020400`.replaceAll(' ', ''), 'hex'));
    const read = decodeSslSession(der);
    expect(read !== undefined).toBe(isGood);
    if (read !== undefined)
      expect([read, encodeSslSession(read)]).toEqual([{ ...least, version: read.version }, der]);
  });

  it.each([
    ['a longer form of a length', 'a4020400', 'a403048100'],
    ['an indefinite length', 'a4020400', 'a48004000000'],
    ['a zero that need not stand there', 'a4020400', 'a4020400a503020100'],
    ['an integer with a zero before it', 'a4020400', 'a4020400a50402020001'],
    ['a flag in another order', 'a4020400', 'ad03020101a4020400'],
    ['a field twice', 'a4020400', 'a4020400a4020400'],
    ['an unknown field', 'a4020400', 'a4020400b503020101'],
    ['bytes left in a field', 'a4020400', 'a4020400a50402010100'],
    ['no session id context', 'a4020400', ''],
    ['an age that is negative', 'a4020400', 'a4020400ae030201ff'],
    ['a certificate that is none', 'a4020400', 'a3020400a4020400'],
  ])('has nothing to choose: %s', (_, place, instead) => {
    const der = Buffer.from(encodeSslSession(least)).toString('hex');
    expect(der.endsWith(place)).toBe(true);
    const body = Buffer.from(der.slice(4, -place.length) + instead, 'hex');
    expect(decodeSslSession(around(body))).toBeUndefined();
  });

  it.each<[string, Partial<SslSession>]>([
    ['a session id that is too long', { sessionId: bytes(33) }],
    ['a context that is too long', { sessionIdContext: bytes(33) }],
    ['a version of its own', { version: 0xfefd }],
    ['a time that is none', { time: Number.NaN }],
    ['a number beyond 32 bits', { ticketAgeAdd: 2 ** 32 }],
    ['a name that is no bytes', { hostname: 'ж' }],
    ['a certificate that is none', { peer: bytes(3) }],
  ])('is not written with %s', (_, wrong) => {
    expect(() => encodeSslSession({ ...least, ...wrong })).toThrow(/SSL_SESSION|an integer/);
  });
});

describe('openssl sess_id', () => {
  const print = (session: SslSession) => {
    const { stdout, stderr, status } = spawnSync(
      'openssl',
      ['sess_id', '-inform', 'DER', '-text', '-noout'],
      {
        input: encodeSslSession(session),
        encoding: 'utf8',
      },
    );
    expect([stderr, status]).toEqual(['', 0]);
    return stdout;
  };

  it.each([
    [0x0301, 'TLSv1', 0xc00a],
    [0x0302, 'TLSv1.1', 0xc00a],
    [0x0303, 'TLSv1.2', 0xc02b],
    [0x0304, 'TLSv1.3', 0x1302],
  ])('prints ours of version %i', (version, name, cipherSuite) => {
    const text = print({
      ...least,
      version,
      cipherSuite,
      sessionId: bytes(32, 0xab),
      sessionIdContext: bytes(3, 0x11),
      time: 1_700_000_000,
      timeout: 1_000,
      ticketLifetimeHint: 900,
      ticket: bytes(20, 0x5a),
      flags: 1,
      pskIdentity: Buffer.from('me'),
      pskIdentityHint: Buffer.from('hint'),
      maxEarlyData: 16_384,
      alpnSelected: 'h2',
      hostname: 'localhost',
      ticketAppData: bytes(9),
      kexGroup: 29,
    });
    expect(text).toContain(`Protocol  : ${name}\n`);
    expect(text).toContain(`Session-ID: ${'AB'.repeat(32)}`);
    expect(text).toContain('Session-ID-ctx: 111111');
    expect(text).toMatch(/Master-Key: (07){48}|Resumption PSK: (07){48}/);
    expect(text).toContain('PSK identity: me');
    expect(text).toContain('PSK identity hint: hint');
    expect(text).toContain('TLS session ticket lifetime hint: 900 (seconds)');
    expect(text).toContain('5a 5a 5a 5a');
    expect(text).toContain('Start Time: 1700000000');
    expect(text).toContain('Timeout   : 1000 (sec)');
    expect(text).toContain('Extended master secret: yes');
    if (version === 0x0304) expect(text).toContain('Max Early Data: 16384');
  });

  it('knows each verify_result by the sentence that goes with the code', () => {
    let told = 0;
    for (let number = 2; number < 80; number++) {
      const code = verifyResultCode(number);
      if (code === 'UNSPECIFIED') continue;
      expect(verifyResultNumber(code)).toBe(number);
      const { message } = nodeTlsError({ code: code as never, message: '' });
      const said = /Verify return code: (\d+) \((.*)\)/.exec(print({ ...least, verifyResult: number }));
      expect(said?.[1]).toBe(String(number));
      // What `verifyChain` never says has no sentence there.
      if (message === '') continue;
      told++;
      expect(`${code}: ${said?.[2]}`.toLowerCase()).toBe(`${code}: ${message}`.toLowerCase());
    }
    expect(told).toBeGreaterThan(40);
    expect([verifyResultNumber('OK'), verifyResultNumber('anything'), verifyResultCode(999)]).toEqual([
      0,
      1,
      'UNSPECIFIED',
    ]);
  });
});
