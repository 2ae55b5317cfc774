import { describe, expect, it } from 'vitest';
import { UsageError } from './kinds.ts';
import { parseFlags, UnknownFlag } from './parse.ts';

const everywhere = (...argv: string[]) => Object.values(parseFlags(argv));

describe('flags', () => {
  it('without a prefix count for every attempt', () => {
    for (const flags of everywhere('-port', '4433', '-server', '-curves', '29', '-curves', '23')) {
      expect(flags).toMatchObject({ port: 4433, server: true, async: false, curves: [29, 23] });
      expect(flags['key-shares']).toBeUndefined();
    }
  });

  it.each(['initial', 'resume', 'retry'] as const)('with a prefix count for one: %s', (attempt) => {
    const parsed = parseFlags([`-on-${attempt}-expect-version`, '771', '-async']);
    for (const [name, flags] of Object.entries(parsed)) {
      expect(flags['expect-version']).toBe(name === attempt ? 771 : undefined);
      expect(flags.async).toBe(true);
    }
  });

  it('of another program are passed over with their values; those of this one count', () => {
    const [flags] = everywhere(
      '-on-handshaker-host-name',
      '-server',
      '-on-handshaker-server',
      '-on-shim-host-name',
      'a.example',
      '-on-shim-on-resume-async',
    );
    expect(flags).toMatchObject({ 'host-name': 'a.example', server: false, async: false });
    expect(parseFlags(['-on-shim-on-resume-async']).resume.async).toBe(true);
  });

  it('may have values that look like flags, or are empty, or raw, or in base64', () => {
    const [flags] = everywhere(
      '-host-name',
      '-async',
      '-export-label',
      '',
      '-advertise-alpn',
      '\x03foo',
      '-expect-ocsp-response',
      'AQID',
    );
    expect(flags).toMatchObject({
      'host-name': '-async',
      'export-label': '',
      'advertise-alpn': '\x03foo',
      'expect-ocsp-response': Uint8Array.of(1, 2, 3),
    });
    expect(flags?.async).toBe(false);
  });

  it('of credentials belong to the one that was opened last', () => {
    const { initial, resume } = parseFlags([
      '-cert-file',
      'default.pem',
      '-new-x509-credential',
      '-cert-file',
      'first.pem',
      '-must-match-issuer',
      '-on-resume-new-x509-credential',
      '-signing-prefs',
      '1027',
      '-signing-prefs',
      '1283',
    ]);
    expect(initial.defaultCredential).toMatchObject({
      'cert-file': 'default.pem',
      'must-match-issuer': false,
    });
    expect(initial.credentials).toMatchObject([
      { 'cert-file': 'first.pem', 'must-match-issuer': true, 'signing-prefs': [1027, 1283] },
    ]);
    expect(resume.credentials).toMatchObject([
      { 'cert-file': 'first.pem', 'signing-prefs': undefined },
      { 'cert-file': undefined, 'signing-prefs': [1027, 1283] },
    ]);
  });

  it.each([
    ['-dtls'],
    ['-on-resume-channel-id'],
    ['-on-handshaker-nonsense'],
    ['-constructor'],
    ['-toString'],
  ])('that nobody implements are named: %s', (flag) =>
    expect(() => parseFlags([flag])).toThrow(new UnknownFlag(flag)),
  );

  it.each([
    [['-port'], '-port lacks its value'],
    [['-port', '0x10'], 'expected a decimal integer, got "0x10"'],
    [['-port', ''], 'expected a decimal integer'],
    [['-expect-ocsp-response', 'AQI'], 'expected base64, got "AQI"'],
    [['port'], 'expected a flag, got "port"'],
  ])('that make no sense are refused: %j', (argv, message) => {
    expect(() => parseFlags(argv)).toThrow(message);
    expect(() => parseFlags(argv)).toThrow(UsageError);
  });
});
