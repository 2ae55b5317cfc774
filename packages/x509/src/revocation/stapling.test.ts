import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type VerifyPeerAsk } from '@sealwire/core';
import { authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { answerOf, crlOf, dayMs, entryOf, hourMs, responseOf } from '../../test/revocation.ts';
import { type PathRefusal, type VerifierOptions, createVerifier } from '../index.ts';

const root = authority('root');
const leaf = issue('leaf', { issuer: root, dnsNames: ['a.example'] });
const ocspResponse = responseOf(root, [answerOf(leaf, root)]);
const stapled = [{ certificate: leaf.certificate, ocspResponse }];
const verifier = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ provider, roots: root.certificate, ...options });

function ask(change: Partial<VerifyPeerAsk> = {}, staple?: Uint8Array): VerifyPeerAsk {
  const { certificate } = leaf;
  return {
    cause: 'handshake',
    evidence: {
      type: 'x509',
      chain: [{ certificate, ...(staple === undefined ? {} : { ocspResponse: staple }) }],
    },
    expectedName: 'a.example',
    purpose: 'serverAuth',
    keyUse: 'sign',
    receivedAtMs: nowMs,
    ...change,
  };
}
const resumed = (verdict: unknown, receivedAtMs = nowMs): VerifyPeerAsk =>
  ask({ cause: 'resumption', stored: { verdict, verifiedAtMs: nowMs }, receivedAtMs });
const verdictOf = (reply: ReturnType<ReturnType<typeof verifier>>) => (reply.ok ? reply.verdict : undefined);

describe('what is stapled', () => {
  test('is kept with the verdict, in copies, and has an end where it is needed', () => {
    const own = ocspResponse.slice();
    const reply = verifier({ revocation: {} })(ask({}, own));
    own.fill(0);
    expect(reply).toMatchObject({ ok: true, verdict: { stapled }, validUntilMs: nowMs + dayMs });
    for (const revocation of [undefined, { failure: 'soft' }] as const) {
      const other = verifier(revocation && { revocation })(ask({}, ocspResponse));
      expect(other).toMatchObject({ ok: true, verdict: { stapled } });
      expect(other).not.toHaveProperty('validUntilMs');
    }
  });
  test('that somebody is revoked tells more than a way up that has expired, whichever is tried first', () => {
    const authorityKey = newKey();
    const other = authority('other');
    const byOther = authority('middle', { key: authorityKey, issuer: other, notAfterMs: nowMs - dayMs });
    const middle = authority('middle', { key: authorityKey, issuer: root });
    const below = issue('below', { issuer: middle, dnsNames: ['a.example'] });
    const staple = responseOf(middle, [
      answerOf(below, middle, { status: { revocationTimeMs: nowMs - dayMs } }),
    ]);
    const own = { certificate: below.certificate, ocspResponse: staple };
    const ways = [byOther, middle].map(({ certificate }) => ({ certificate }));
    for (const sent of [ways, ways.toReversed()]) {
      const roots = [root.certificate, other.certificate];
      const reply = verifier({ roots })({ ...ask(), evidence: { type: 'x509', chain: [own, ...sent] } });
      expect(reply).toMatchObject({ ok: false, reason: 'revoked', cause: { code: 'CERT_REVOKED' } });
      const { explanation } = (reply.ok ? undefined : reply.cause) as PathRefusal;
      expect(explanation.map(({ problem }) => problem.code).toSorted()).toEqual([
        'CERT_HAS_EXPIRED',
        'CERT_REVOKED',
      ]);
    }
  });
  test('stands for the certificate that it came with alone', () => {
    expect(verifier({ revocation: {} })(ask())).toMatchObject({
      ok: false,
      reason: 'unavailable',
      cause: { code: 'UNABLE_TO_GET_CRL' },
    });
    const middle = authority('middle', { issuer: root });
    const below = issue('below', { issuer: middle, dnsNames: ['a.example'] });
    const shown = (options: Partial<VerifierOptions>, ...responses: (Uint8Array | undefined)[]) =>
      verifier(options)({
        ...ask(),
        evidence: {
          type: 'x509',
          chain: [below, middle].map(({ certificate }, i) => ({
            certificate,
            ...(responses[i] === undefined ? {} : { ocspResponse: responses[i] }),
          })),
        },
      });
    const both = [responseOf(middle, [answerOf(below, middle)]), responseOf(root, [answerOf(middle, root)])];
    const hard = { revocation: {} };
    expect(shown(hard, ...both)).toMatchObject({ ok: true });
    expect(shown(hard, both[0])).toMatchObject({ cause: { code: 'UNABLE_TO_GET_CRL', depth: 1 } });
    // Beside the wrong certificate each of them is of no use.
    expect(shown({}, both[1], both[0])).toMatchObject({ cause: { code: 'OCSP_VERIFY_FAILED', depth: 0 } });
    const status = { revocationTimeMs: nowMs - hourMs };
    const bad = responseOf(root, [answerOf(middle, root, { status })]);
    expect(shown({}, both[0], bad)).toMatchObject({
      reason: 'revoked',
      cause: { code: 'CERT_REVOKED', depth: 1 },
    });
  });
  test('does not hide what a CRL says, nor the reverse', () => {
    const revoked = { crls: crlOf(root, { revoked: [entryOf(leaf)] }) };
    expect(verifier({ revocation: revoked })(ask({}, ocspResponse))).toMatchObject({ reason: 'revoked' });
    const status = { revocationTimeMs: nowMs - hourMs };
    const bad = responseOf(root, [answerOf(leaf, root, { status })]);
    const good = { crls: crlOf(root) };
    expect(verifier({ revocation: good })(ask({}, bad))).toMatchObject({ reason: 'revoked' });
    expect(verifier({ revocation: { ...good, ocspResponses: [bad] } })(ask())).toMatchObject({
      reason: 'revoked',
    });
    expect(verifier({ revocation: { ocspResponses: [ocspResponse] } })(ask())).toMatchObject({ ok: true });
    expect(verifier({ revocation: { ...good, rules: 'node' } })(ask({}, bad))).toMatchObject({
      reason: 'revoked',
    });
  });
});

describe('a resumption', () => {
  const verdict = verdictOf(verifier({ revocation: {} })(ask({}, ocspResponse)));
  test('counts on what was stapled, as long as it holds', () => {
    expect(verifier({ revocation: {} })(resumed(verdict))).toMatchObject({ ok: true, verdict: { stapled } });
    expect(verifier({ revocation: {} })(resumed(verdict, nowMs + 2 * dayMs))).toMatchObject({
      reason: 'badStatusResponse',
    });
    expect(verifier()(resumed(verdict, nowMs + 2 * dayMs))).toMatchObject({ ok: true });
  });
  test('asks CRLs anew', () => {
    const revocation = { crls: crlOf(root, { revoked: [entryOf(leaf)] }) };
    expect(verifier({ revocation })(resumed(verdict))).toMatchObject({ reason: 'revoked' });
    const node = { crls: crlOf(root, { revoked: [entryOf(leaf)] }), rules: 'openssl' } as const;
    expect(verifier({ revocation: node })(resumed(verdict))).toMatchObject({ reason: 'revoked' });
  });
  test('takes nothing that is no list of responses', () => {
    for (const other of [5, 'x', [5], [{ certificate: leaf.certificate }], null]) {
      const reply = verifier({ revocation: {} })(resumed({ ...(verdict as object), stapled: other }));
      expect(reply).toMatchObject({ ok: false, reason: 'unavailable' });
    }
  });
});

test('mistakes in the options are told at once', () => {
  for (const [options, message] of [
    [{ stapling: 'always' }, /stapling/],
    [{ revocation: { failure: 'medium' } }, /failure/],
    [{ revocation: { crl: [] } }, /field of RevocationOptions, got crl/],
    [{ revocation: { maxAgeSeconds: -1 } }, /maxAgeSeconds/],
    [{ revocation: { ocspResponses: ['x'] } }, /ocspResponses/],
    [{ revocation: { certificates: 'all' } }, /nobody revokes an anchor/],
    [{ revocation: { rules: 'node', ocspResponses: [ocspResponse] } }, /know CRLs alone/],
  ] as const) {
    const make = () => verifier(options as never);
    expect(make).toThrow(ApiMisuseError);
    expect(make).toThrow(message);
  }
});
