import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { authority, issue, nowMs, provider } from '../../test/authority.ts';
import { serverAsk } from '../../test/peer-ask.ts';
import { hasOpenssl } from '../../test/openssl.ts';
import { type KeyPurpose, TrustAnchors, createVerifier, encodePem, verifyChain } from '../index.ts';

const root = authority('root');
const middle = authority('middle', { issuer: root });
const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'] });

function verify(roots: string | TrustAnchors, purpose: KeyPurpose = 'serverAuth'): string {
  const outcome = verifyChain({
    provider,
    chain: [leaf.certificate, middle.certificate],
    roots,
    timeMs: nowMs,
    purpose,
  });
  return outcome.ok ? 'ok' : `${outcome.code} at ${outcome.depth}`;
}

describe("OpenSSL's TRUSTED CERTIFICATE", () => {
  if (!hasOpenssl) {
    const reason = 'settings that openssl x509 writes: no openssl command';
    console.log(`skipped: ${reason}`);
    test.skip(reason);
    return;
  }
  const trusted = (...args: string[]): string =>
    spawnSync('openssl', ['x509', '-trustout', ...args], {
      input: encodePem('CERTIFICATE', root.certificate),
      encoding: 'utf8',
    }).stdout;
  test.each([
    [['-setalias', 'of no account'], 'ok', 'ok'],
    [['-addtrust', 'serverAuth'], 'ok', 'CERT_REJECTED at 2'],
    [['-addtrust', 'anyExtendedKeyUsage'], 'ok', 'ok'],
    [['-addreject', 'serverAuth'], 'CERT_REJECTED at 2', 'ok'],
    [['-addreject', 'anyExtendedKeyUsage'], 'CERT_REJECTED at 2', 'CERT_REJECTED at 2'],
    [['-addtrust', 'serverAuth', '-addreject', 'serverAuth'], 'CERT_REJECTED at 2', 'CERT_REJECTED at 2'],
  ])('%j', (args, forServers, forClients) => {
    const pem = trusted(...args);
    expect(pem).toContain('BEGIN TRUSTED CERTIFICATE');
    expect([verify(pem), verify(pem, 'clientAuth')]).toEqual([forServers, forClients]);
  });
  test('that is rejected ends a session, too', () => {
    const ask = serverAsk([leaf.certificate, middle.certificate]);
    const first = createVerifier({ provider, roots: root.certificate })(ask);
    const stored = { verdict: first.ok ? first.verdict : undefined, verifiedAtMs: nowMs };
    const resumed = { ...ask, cause: 'resumption', stored } as const;
    expect(createVerifier({ provider, roots: root.certificate })(resumed)).toEqual(first);
    const rejecting = createVerifier({ provider, roots: trusted('-addreject', 'serverAuth') });
    expect(rejecting(resumed)).toMatchObject({ ok: false, cause: { code: 'CERT_REJECTED' } });
    const distrusting = new TrustAnchors([root.certificate], { distrusted: [middle.certificate] });
    expect(createVerifier({ provider, roots: distrusting })(resumed)).toMatchObject({
      ok: false,
      cause: { code: 'CERT_REJECTED' },
    });
  });
});

test('certificates that are distrusted end every chain', () => {
  for (const [depth, { certificate }] of [leaf, middle, root].entries()) {
    const roots = new TrustAnchors([root.certificate], { distrusted: [certificate] });
    expect(verify(roots)).toBe(`CERT_REJECTED at ${depth}`);
  }
  expect(verify(new TrustAnchors([root.certificate], { distrusted: [authority('x').certificate] }))).toBe(
    'ok',
  );
});

test('what is rejected in the middle of a chain ends a session, too', () => {
  const ask = serverAsk([leaf.certificate, middle.certificate]);
  const first = createVerifier({ provider, roots: root.certificate })(ask);
  const stored = { verdict: first.ok ? first.verdict : undefined, verifiedAtMs: nowMs };
  const roots = new TrustAnchors([
    root.certificate,
    { certificate: middle.certificate, rejected: ['1.3.6.1.5.5.7.3.1'] },
  ]);
  for (const cause of ['handshake', 'resumption'] as const)
    expect(createVerifier({ provider, roots })({ ...ask, cause, stored })).toMatchObject({
      ok: false,
      cause: { code: 'CERT_REJECTED' },
    });
});
