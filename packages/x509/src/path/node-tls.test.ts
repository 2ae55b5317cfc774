import { describe, expect, test } from 'vitest';
import { type Contents, authority, issue, newKey, nowMs, provider, withKey } from '../../test/authority.ts';
import { ascii, sequence, tlv } from '../../test/der.ts';
import { type Issued, nodeTlsError, nodeTlsPolicy, verifyChain, verifyCodes } from '../index.ts';

/** The code and the sentence of `node:tls`; `ok` where it takes the chain. */
function shown(chain: readonly Issued[], roots: readonly Issued[], level: 0 | 1 | 2 = 2): string {
  const outcome = verifyChain({
    provider,
    chain: chain.map(({ certificate }) => certificate),
    roots: roots.map(({ certificate }) => certificate),
    timeMs: nowMs,
    policy: nodeTlsPolicy(level),
  });
  if (outcome.ok) return 'ok';
  const { code, message } = nodeTlsError(outcome);
  return `${code}: ${message}`;
}

function of(change: { root?: Contents; middle?: Contents; leaf?: Contents; level?: 0 | 1 | 2 }): string {
  const root = authority('root', change.root);
  const middle = authority('middle', { issuer: root, ...change.middle });
  const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'], ...change.leaf });
  return shown([leaf, middle], [root], change.level);
}

const past = { notBeforeMs: Date.UTC(2025, 0), notAfterMs: Date.UTC(2026, 0) };
const purpose = 'INVALID_PURPOSE: unsuitable certificate purpose';
const expired = 'CERT_HAS_EXPIRED: certificate has expired';

describe('what node:tls shows', () => {
  test('nothing wrong', () => expect(of({})).toBe('ok'));
  test('the last error counts: names after times, times after extensions, lower after upper', () => {
    expect(of({ leaf: past })).toBe(expired);
    expect(of({ leaf: { ...past, extendedKeyUsage: ['clientAuth'] } })).toBe(expired);
    expect(of({ middle: { ca: false, keyUsage: ['keyCertSign'] } })).toBe(purpose);
    expect(of({ middle: { keyUsage: ['digitalSignature'] } })).toBe(
      'UNSPECIFIED: key usage does not include certificate signing',
    );
    expect(of({ leaf: past, middle: { nameConstraints: { excluded: { dnsNames: ['a.example'] } } } })).toBe(
      'UNSPECIFIED: excluded subtree violation',
    );
    const future = { notBeforeMs: Date.UTC(2026, 10), notAfterMs: Date.UTC(2027, 0) };
    expect(of({ middle: future, leaf: past })).toBe(expired);
    expect(of({ middle: past, leaf: future })).toBe('CERT_NOT_YET_VALID: certificate is not yet valid');
  });
  test('nobody who is trusted', () => {
    const [root, middle] = [authority('root'), authority('middle')];
    const leaf = issue('leaf', { issuer: middle });
    expect(shown([leaf], [root])).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE: unable to verify the first certificate',
    );
    expect(shown([leaf, middle], [root])).toBe(
      'SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain',
    );
    expect(shown([issue('self')], [root])).toBe('DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate');
    const lower = authority('lower', { issuer: root });
    expect(shown([issue('leaf', { issuer: lower }), lower], [middle])).toBe(
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unable to get local issuer certificate',
    );
    expect(shown([issue('leaf', { issuer: lower })], [lower])).toBe(
      'UNABLE_TO_GET_ISSUER_CERT: unable to get issuer certificate',
    );
    expect(shown([issue('leaf', { issuer: lower })], [lower, root])).toBe('ok');
  });
  test('signatures, keys and levels', () => {
    const root = authority('root');
    const forged = issue('leaf', { issuer: withKey(root, newKey()), ...past });
    expect(shown([forged], [root])).toBe(expired);
    expect(shown([issue('leaf', { issuer: withKey(root, newKey()) })], [root])).toBe(
      'CERT_SIGNATURE_FAILURE: certificate signature failure',
    );
    const small = { keySpec: { type: 'rsa', bits: 1024 } } as const;
    expect(of({ leaf: small })).toBe('UNSPECIFIED: EE certificate key too weak');
    expect(of({ middle: small })).toBe('UNSPECIFIED: CA certificate key too weak');
    expect(of({ leaf: small, middle: small, level: 1 })).toBe('ok');
    const rsa = { keySpec: { type: 'rsa', bits: 2048 } } as const;
    const sha1 = { signatureAlgorithm: { type: 'rsa-pkcs1', hash: 'sha1' } } as const;
    expect(of({ root: rsa, middle: sha1 })).toBe('UNSPECIFIED: CA signature digest algorithm too weak');
    expect(of({ root: rsa, middle: sha1, level: 0 })).toBe('ok');
  });
  test('the common name is under constraints where it is all there is', () => {
    const middle = { nameConstraints: { permitted: { dnsNames: ['b.example'] } } };
    const violation = 'UNSPECIFIED: permitted subtree violation';
    expect(of({ middle, leaf: { dnsNames: [], subject: { CN: 'a.example' } } })).toBe(violation);
    expect(of({ middle, leaf: { dnsNames: [], subject: { CN: '*.example' } } })).toBe(violation);
    expect(of({ middle, leaf: { dnsNames: [], subject: { CN: 'x.b.example' } } })).toBe('ok');
    expect(of({ middle, leaf: { dnsNames: [], subject: { CN: 'not a name' } } })).toBe('ok');
    expect(of({ middle, leaf: { dnsNames: ['b.example'], subject: { CN: 'a.example' } } })).toBe('ok');
  });
  test('where OpenSSL is more lenient, and where it is less', () => {
    const critical = (id: string, value: Uint8Array) => ({ extensions: [{ id, critical: true, value }] });
    expect(of({ leaf: critical('2.5.29.35', sequence()) })).toBe('UNSPECIFIED: unhandled critical extension');
    expect(of({ leaf: critical('2.5.29.31', sequence()) })).toBe('ok');
    // Nobody looks at policies.
    expect(of({ middle: critical('2.5.29.36', sequence(tlv(0x80, [0]))) })).toBe('ok');
    expect(of({ leaf: { extensions: [{ id: '2.5.29.32', value: ascii('not DER') }] } })).toBe('ok');
    expect(of({ leaf: { extendedKeyUsage: ['any'] } })).toBe(purpose);
    expect(of({ leaf: { extendedKeyUsage: ['2.16.840.1.113730.4.1'] } })).toBe('ok');
    expect(of({ leaf: { keyUsage: ['keyAgreement'] } })).toBe('ok');
    expect(of({ leaf: { keyUsage: ['dataEncipherment'] } })).toBe(purpose);
    // A key usage alone makes a CA of an anchor.
    const none = { id: '2.5.29.19', value: new Uint8Array(0) };
    expect(of({ root: { extensions: [none] } })).not.toBe('ok');
    const other = { keyIdentifier: tlv(0x80, [1, 2, 3]) };
    expect(of({ leaf: { extensions: [{ id: '2.5.29.35', value: sequence(other.keyIdentifier) }] } })).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE: unable to verify the first certificate',
    );
  });
  test("Netscape's certificate type, which OpenSSL follows still", () => {
    const typed = (octet: number, critical: boolean) => {
      const value = tlv(0x03, [
        Math.clz32(octet & -octet) === 31 ? 0 : 31 - Math.clz32(octet & -octet),
        octet,
      ]);
      return of({ leaf: { extensions: [{ id: '2.16.840.1.113730.1.1', critical, value }] } });
    };
    for (const critical of [true, false]) {
      expect(typed(0x40, critical)).toBe('ok');
      expect(typed(0xc0, critical)).toBe('ok');
      expect(typed(0x80, critical)).toBe(purpose);
      expect(typed(0x20, critical)).toBe(purpose);
    }
    const malformed = { id: '2.16.840.1.113730.1.1', critical: true, value: tlv(0x04, [0x40]) };
    expect(of({ leaf: { extensions: [malformed] } })).not.toBe('ok');
  });
  test.each([
    'b.example',
    'b.example.',
    '*.b.example',
    'x*.b.example',
    `${'a'.repeat(64)}.b.example`,
    'b.example\0',
    '-a.b.example',
  ])('common name %j under constraints, where checkServerIdentity may take it for a host', (CN) => {
    const root = authority('root', { nameConstraints: { permitted: { dnsNames: ['a.example'] } } });
    const under = (subject: Record<string, string>) => shown([issue('x', { issuer: root, subject })], [root]);
    expect(under({ CN })).toMatch(/permitted subtree|unsupported name constraint/);
    expect(under({ O: CN })).toBe('ok');
    for (const other of ['a.example', 'Mr. A. Example', 'somebody@b.example', 'localhost'])
      expect(under({ CN: other })).toBe('ok');
  });
  test('the last second does not count', () => {
    const until = (notAfterMs: number) => of({ leaf: { notAfterMs } });
    expect(until(nowMs)).toBe(expired);
    expect(until(nowMs + 1_000)).toBe('ok');
  });
  test('every code has its sentence, but for what OpenSSL cannot say', () => {
    const message = 'ours';
    const ours = Object.keys(verifyCodes).filter(
      (code) => nodeTlsError({ code: code as keyof typeof verifyCodes, message }).message === message,
    );
    expect(
      ours.filter(
        (code) => !/^DELEGATION_|^TLS_FEATURE_|^MALFORMED_|^UNSUPPORTED_PUBLIC_KEY$|^WORK_/.test(code),
      ),
    ).toEqual([]);
  });
});
