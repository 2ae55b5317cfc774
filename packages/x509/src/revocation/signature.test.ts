import { describe, expect, test } from 'vitest';
import { authority, nowMs, provider, withKey, newKey } from '../../test/authority.ts';
import { crlOf } from '../../test/revocation.ts';
import { type PathPolicy, nodeTlsPolicy, parseCertificate, parseCrl } from '../index.ts';
import { pathPolicy } from '../path/policy.ts';
import { signatureFault } from './signature.ts';

/** What is asked of certificates is asked of what revokes them. */
const ca = authority('ca');
const rsa = authority('rsa', { keySpec: { type: 'rsa', bits: 1024 } });

function fault(issuer: typeof ca, policy: Partial<PathPolicy> = {}, der = crlOf(issuer)): string {
  const { spki } = parseCertificate(issuer.certificate);
  const found = signatureFault(parseCrl(der), spki, provider, pathPolicy(policy));
  return found === undefined ? 'good' : `${found.kind}: ${found.message}`;
}

describe('who signs a list with P-256 and SHA-256', () => {
  test('is strong enough up to level 3', () => {
    expect(fault(ca)).toBe('good');
    expect(fault(ca, { securityLevel: 3 })).toBe('good');
    expect(fault(ca, { securityLevel: 4 })).toBe(
      'undeterminable: expected a signature of at least 192 bits of security (level 4), got 128',
    );
  });
  test('may have to use another hash, or another key', () => {
    expect(fault(ca, { signatureHashes: ['sha384'] })).toBe(
      'undeterminable: expected one of sha384, got sha256',
    );
    const strongly = crlOf(ca, { signatureAlgorithm: { type: 'ecdsa', hash: 'sha512' } });
    expect(fault(ca, { securityLevel: 4 }, strongly)).toBe(
      'undeterminable: expected a key of at least 192 bits of security (level 4), got 128',
    );
  });
  test('by the rules of OpenSSL is not asked for a level', () => {
    expect(fault(ca, nodeTlsPolicy(5))).toBe('good');
    expect(fault(rsa, nodeTlsPolicy(5))).toBe('good');
  });
});

test('a short RSA key proves nothing', () =>
  expect(fault(rsa)).toBe('undeterminable: expected an RSA key of at least 2048 bits, got 1024'));

test('another key is told from one that cannot be asked', () =>
  expect(fault(ca, {}, crlOf(withKey(ca, newKey()), { thisUpdateMs: nowMs }))).toBe(
    'wrong: expected a signature by that key',
  ));
