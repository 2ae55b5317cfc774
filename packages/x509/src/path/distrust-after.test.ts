import { ApiMisuseError } from '@sealwire/core';
import { expect, test } from 'vitest';
import { authority, issue, nowMs, provider } from '../../test/authority.ts';
import { serverAsk } from '../../test/peer-ask.ts';
import {
  type KeyPurpose,
  TrustAnchors,
  createVerifier,
  makeCertificate,
  nodeTlsError,
  nodeTlsPolicy,
  parseCertificate,
  verifyChain,
} from '../index.ts';

const root = authority('root');
const middle = authority('middle', { issuer: root });
const beginsMs = Date.UTC(2026, 4, 1);
const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'], notBeforeMs: beginsMs });
const chain = [leaf.certificate, middle.certificate];

const trustedUntil = (distrustAfterMs: number): TrustAnchors =>
  new TrustAnchors([{ certificate: root.certificate, distrustAfterMs }]);

function verify(roots: TrustAnchors, options: { purpose?: KeyPurpose; more?: Uint8Array[] } = {}) {
  const { purpose, more = [] } = options;
  return verifyChain({
    provider,
    chain: [...chain, ...more],
    roots,
    timeMs: nowMs,
    ...(purpose === undefined ? {} : { purpose }),
  });
}

test('servers whose certificates begin after the date are refused, to the millisecond', () => {
  expect(verify(trustedUntil(beginsMs))).toMatchObject({ ok: true });
  const outcome = verify(trustedUntil(beginsMs - 1));
  expect(outcome).toMatchObject({
    ok: false,
    code: 'ISSUER_NO_LONGER_TRUSTED',
    reason: 'rejected',
    depth: 2,
    explanation: [
      { subjects: ['CN=leaf', 'CN=middle', 'CN=root'], problem: { code: 'ISSUER_NO_LONGER_TRUSTED' } },
    ],
  });
  expect(outcome.ok || outcome.message).toContain('got one from 2026-05-01T00:00:00.000Z');
});

test('what counts is the end entity: intermediates may be of any day', () => {
  // All authorities here begin on January 1, so that a date between would refuse none of them.
  expect(verify(trustedUntil(Date.UTC(2025, 0)))).toMatchObject({ code: 'ISSUER_NO_LONGER_TRUSTED' });
  const late = authority('late', { issuer: root, notBeforeMs: beginsMs });
  const early = issue('early', { issuer: late, dnsNames: ['a.example'] });
  const outcome = verifyChain({
    provider,
    chain: [early.certificate, late.certificate],
    roots: trustedUntil(beginsMs - 1),
    timeMs: nowMs,
  });
  expect(outcome.ok).toBe(true);
});

test.each([
  ['clientAuth', 'ok'],
  ['any', 'ISSUER_NO_LONGER_TRUSTED'],
] as const)('for the purpose %s', (purpose, expected) => {
  const outcome = verify(trustedUntil(beginsMs - 1), { purpose });
  expect(outcome.ok ? 'ok' : outcome.code).toBe(expected);
});

test('an anchor without a certificate may have a date, too', () => {
  const { subject, spki } = parseCertificate(root.certificate);
  const named = (distrustAfterMs: number): TrustAnchors =>
    new TrustAnchors([], { named: [{ subject: subject.der, publicKey: spki, distrustAfterMs }] });
  expect(verify(named(beginsMs))).toMatchObject({ ok: true });
  expect(verify(named(beginsMs - 1))).toMatchObject({ code: 'ISSUER_NO_LONGER_TRUSTED', depth: 1 });
});

test('a root that is trusted without reservation is found beside it', () => {
  const other = authority('other');
  const crossSigned = makeCertificate({
    provider,
    subject: { CN: 'root' },
    key: root.key,
    issuer: other,
    ca: true,
    notBeforeMs: Date.UTC(2026, 0),
    notAfterMs: Date.UTC(2027, 0),
  });
  const roots = new TrustAnchors([
    { certificate: root.certificate, distrustAfterMs: beginsMs - 1 },
    other.certificate,
  ]);
  expect(verify(roots)).toMatchObject({ code: 'ISSUER_NO_LONGER_TRUSTED' });
  expect(verify(roots, { more: [crossSigned] })).toMatchObject({
    ok: true,
    anchor: { certificate: { der: other.certificate } },
  });
});

test('a session ends with the trust that it began with', () => {
  const ask = serverAsk(chain);
  const first = createVerifier({ provider, roots: trustedUntil(beginsMs) })(ask);
  expect(first.ok).toBe(true);
  const stored = { verdict: first.ok ? first.verdict : undefined, verifiedAtMs: nowMs };
  const resumed = { ...ask, cause: 'resumption', stored } as const;
  expect(createVerifier({ provider, roots: trustedUntil(beginsMs) })(resumed)).toEqual(first);
  expect(createVerifier({ provider, roots: trustedUntil(beginsMs - 1) })(resumed)).toMatchObject({
    ok: false,
    cause: { code: 'ISSUER_NO_LONGER_TRUSTED' },
  });
});

test("by node:tls's rules it holds as well, and is shown as a root that is rejected", () => {
  const by = (roots: TrustAnchors, timeMs = nowMs) =>
    verifyChain({ provider, chain, roots, timeMs, policy: nodeTlsPolicy() });
  expect(by(trustedUntil(beginsMs)).ok).toBe(true);
  const outcome = by(trustedUntil(beginsMs - 1));
  if (outcome.ok) throw new Error('expected a refusal');
  expect(outcome.code).toBe('ISSUER_NO_LONGER_TRUSTED');
  expect(nodeTlsError(outcome)).toEqual({ code: 'CERT_REJECTED', message: 'certificate rejected' });
  // The last error is shown, and times come after trust.
  expect(by(trustedUntil(beginsMs - 1), Date.UTC(2027, 6))).toMatchObject({ code: 'CERT_HAS_EXPIRED' });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, '2026-05-01' as unknown as number])(
  '%s is no date',
  (date) => {
    expect(() => trustedUntil(date)).toThrow(ApiMisuseError);
    const { subject, spki } = parseCertificate(root.certificate);
    const named = [{ subject: subject.der, publicKey: spki, distrustAfterMs: date }];
    expect(() => new TrustAnchors([], { named })).toThrow('expected distrustAfterMs');
  },
);
