import { namedGroups, signatureSchemes as schemes, suites13, tls13 } from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import { describe, expect, it } from 'vitest';
import { parseFlags } from '../flags/parse.ts';
import { underPolicy } from './compliance.ts';
import { cipherSuites } from './suites.ts';
import { versionsOf } from './versions.ts';

const under = (...argv: string[]) => underPolicy(parseFlags(argv).initial);

describe('compliance policies', () => {
  it('leave what has none as it is', () => {
    const { initial } = parseFlags(['-curves', '29']);
    expect(underPolicy(initial)).toBe(initial);
  });

  it('take the place of what the flags say otherwise', () => {
    const flags = under('-curves', '29', '-cnsa2-202603', '-verify-prefs', '1025');
    expect(flags.curves).toEqual([namedGroups.MLKEM1024]);
    expect(flags['verify-prefs']).not.toContain(schemes.rsa_pkcs1_sha256);
    expect(versionsOf(flags)).toEqual([tls13]);
    expect(cipherSuites([tls13, tls12], flags)).toEqual([suites13.TLS_AES_256_GCM_SHA384]);
  });

  it('are for every credential', () => {
    const flags = under('-wpa-202304', '-new-x509-credential', '-signing-prefs', '1027');
    for (const credential of [flags.defaultCredential, ...flags.credentials])
      expect(credential['signing-prefs']).toContain(schemes.ecdsa_secp384r1_sha384);
    expect(flags.credentials[0]?.['signing-prefs']).not.toContain(schemes.ecdsa_secp256r1_sha256);
  });
});
