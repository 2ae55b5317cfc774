import { describe, expect, it } from 'vitest';
import { ApiMisuseError, signatureSchemes as schemes } from '@sealwire/core';
import { newKey, nowMs } from '../../test/authority.ts';
import { type DelegationContents, encodePem } from '../index.ts';

import { dayMs, delegator, credentialOf, seconds } from '../../test/delegator.ts';

describe('issueDelegatedCredential', () => {
  it('takes the schemes that fit, or those that are named', () => {
    const rsa = delegator({ keySpec: { type: 'rsa', bits: 2_048 } });
    const by = { certificate: encodePem('CERTIFICATE', rsa.certificate), key: rsa.key };
    expect(credentialOf(by)).toMatchObject({
      cred: { validTimeSeconds: seconds(nowMs + dayMs), dcCertVerifyAlgorithm: schemes.ed25519 },
      algorithm: schemes.rsa_pss_rsae_sha256,
    });
    const named = {
      to: newKey({ type: 'rsa-pss', bits: 2_048 }).publicKey.spki,
      scheme: schemes.rsa_pss_pss_sha512,
      signatureScheme: schemes.rsa_pss_rsae_sha384,
    };
    expect(credentialOf({ ...by, ...named })).toMatchObject({
      cred: { dcCertVerifyAlgorithm: schemes.rsa_pss_pss_sha512, subjectPublicKeyInfo: named.to },
      algorithm: schemes.rsa_pss_rsae_sha384,
    });
  });

  it('depends on its arguments alone with a source', () => {
    const source = (length: number) => new Uint8Array(length).fill(7);
    for (const keySpec of [
      { type: 'ec', curve: 'secp256r1' },
      { type: 'rsa', bits: 2_048 },
    ] as const) {
      const by = delegator({ keySpec });
      const [a, b] = [1, 2].map(() => credentialOf({ certificate: by.certificate, key: by.key, source }));
      expect(a).toEqual(b);
    }
  });

  it.each<[string, () => Partial<DelegationContents>]>([
    ['DELEGATION_TOO_LONG: expected at most 604800', () => ({ expiresAtMs: nowMs + 7 * dayMs + 1_000 })],
    [
      'DELEGATION_TOO_LONG: expected no longer than its certificate',
      () => {
        const { certificate, key } = delegator({ notAfterMs: nowMs + 1_000 });
        return { certificate, key, expiresAtMs: nowMs + 2_000 };
      },
    ],
    ['expected expiresAtMs in ms, later than nowMs', () => ({ expiresAtMs: nowMs })],
    ['expected expiresAtMs in ms, later than nowMs', () => ({ expiresAtMs: Number.NaN })],
    ['expected expiresAtMs in ms', () => ({ expiresAtMs: nowMs, nowMs: Number.NaN })],
    ['expected the role client or server', () => ({ role: 'peer' as never })],
    ['expected the private key of CN=owner, got another key', () => ({ key: newKey() })],
    [
      'DELEGATION_NOT_PERMITTED: expected DelegationUsage not to be critical',
      () => {
        const usage = { id: '1.3.6.1.4.1.44363.44', critical: true, value: Uint8Array.of(5, 0) };
        const { certificate, key } = delegator({ delegationUsage: false, extensions: [usage] });
        return { certificate, key };
      },
    ],
    [
      'DELEGATION_NOT_PERMITTED: expected the extension',
      () => {
        const { certificate, key } = delegator({ delegationUsage: false });
        return { certificate, key };
      },
    ],
    [
      'expected a key that may be delegated to, got one of type rsa',
      () => ({ to: newKey({ type: 'rsa', bits: 2_048 }) }),
    ],
    ['expected a public key that node knows', () => ({ to: Uint8Array.of(0x30, 0) })],
    ['DELEGATION_BAD_KEY: expected a key for the scheme 0x808', () => ({ scheme: schemes.ed448 })],
    [
      "expected signatureScheme to fit the certificate's ec key",
      () => ({ signatureScheme: schemes.ed25519 }),
    ],
  ])('refuses what no peer would take: %s', (message, change) => {
    expect(() => credentialOf(change())).toThrow(ApiMisuseError);
    expect(() => credentialOf(change())).toThrow(message);
  });
});
