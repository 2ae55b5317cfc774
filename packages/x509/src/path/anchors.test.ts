import { describe, expect, test } from 'vitest';
import { authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { serverAsk } from '../../test/peer-ask.ts';
import { commonName, sequence, tlv } from '../../test/der.ts';
import { thrownCode } from '../../test/thrown.ts';
import {
  type Issued,
  type NamedAnchor,
  TrustAnchors,
  createVerifier,
  parseCertificate,
  verifyChain,
} from '../index.ts';

const root = authority('root', { notAfterMs: Date.UTC(2026, 1), ca: { pathLength: 0 } });
const middle = authority('middle', { issuer: root });
const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'] });
const { subject, spki } = parseCertificate(root.certificate);
const named: NamedAnchor = { subject: subject.der, publicKey: spki };

function verify(
  chain: readonly Issued[],
  anchors: readonly NamedAnchor[],
  certificates: readonly Issued[] = [],
) {
  return verifyChain({
    provider,
    chain: chain.map(({ certificate }) => certificate),
    roots: new TrustAnchors(
      certificates.map(({ certificate }) => certificate),
      { named: anchors },
    ),
    timeMs: nowMs,
  });
}

describe('a trust anchor as a name and a key', () => {
  test('has no validity and no path length', () => {
    expect(verify([leaf, middle], [named])).toMatchObject({
      ok: true,
      chain: [{ der: leaf.certificate }, { der: middle.certificate }],
      anchor: { certificate: undefined, spki },
    });
    expect(verify([leaf, middle], [], [root])).toMatchObject({ code: 'PATH_LENGTH_EXCEEDED' });
    expect(verify([leaf, middle], [named], [root])).toMatchObject({ ok: true });
  });
  test('is found by name, and has signed', () => {
    expect(verify([leaf, middle], [{ ...named, subject: commonName('other') }])).toMatchObject({
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    });
    expect(verify([leaf, middle], [{ ...named, publicKey: newKey().publicKey.spki }])).toMatchObject({
      code: 'CERT_SIGNATURE_FAILURE',
      depth: 1,
    });
    expect(verify([leaf, middle], [{ ...named, publicKey: newKey().publicKey.spki }, named])).toMatchObject({
      ok: true,
    });
  });
  test('whose certificate is sent is still one', () =>
    expect(verify([leaf, middle, root], [named])).toMatchObject({ ok: true, chain: { length: 2 } }));
  test('may have name constraints', () => {
    const within = (name: string) => {
      const base = tlv(
        0x82,
        Uint8Array.from(name, (c) => c.charCodeAt(0)),
      );
      return { ...named, nameConstraints: sequence(tlv(0xa0, sequence(base))) };
    };
    expect(verify([leaf, middle], [within('example')])).toMatchObject({ ok: true });
    expect(verify([leaf, middle], [within('b.example')])).toMatchObject({
      code: 'PERMITTED_VIOLATION',
      depth: 0,
    });
  });
  test('serves a verifier, and sessions that it resumes', () => {
    const verifier = createVerifier({ provider, roots: new TrustAnchors([], { named: [named] }) });
    const ask = serverAsk([leaf.certificate, middle.certificate]);
    const first = verifier(ask);
    expect(first).toMatchObject({ ok: true });
    const stored = { verdict: first.ok ? first.verdict : undefined, verifiedAtMs: nowMs };
    const evidence = { type: 'x509', chain: [{ certificate: leaf.certificate }] } as const;
    expect(verifier({ ...ask, cause: 'resumption', stored, evidence })).toEqual(first);
  });
  test('does not change with a buffer that is used again', () => {
    const [name, publicKey] = [subject.der.slice(), spki.slice()];
    const roots = new TrustAnchors([], { named: [{ subject: name, publicKey }] });
    publicKey.set(newKey().publicKey.spki);
    name.fill(0);
    const check = (anchors: TrustAnchors) =>
      verifyChain({
        provider,
        chain: [leaf.certificate, middle.certificate],
        roots: anchors,
        timeMs: nowMs,
        policy: {},
      });
    expect(check(roots)).toMatchObject({ ok: true });
    const buffers = [middle.certificate.slice(), leaf.certificate.slice()] as const;
    const mixed = new TrustAnchors([buffers[0]], { distrusted: [buffers[1]] });
    for (const buffer of buffers) buffer.fill(0);
    expect(mixed.unreadable).toEqual([]);
    expect(check(mixed)).toMatchObject({ code: 'CERT_REJECTED', depth: 0 });
  });
  test('that is malformed is told at once', () => {
    const made = (change: Partial<NamedAnchor>) => () =>
      new TrustAnchors([], { named: [{ ...named, ...change }] });
    expect(thrownCode(made({ subject: sequence() }))).toBe('certificate.badName');
    expect(thrownCode(made({ subject: Uint8Array.of(0x30) }))).toBe('der.truncated');
    expect(thrownCode(made({ publicKey: Uint8Array.of(5, 0) }))).toBe('der.unexpectedTag');
    expect(thrownCode(made({ nameConstraints: sequence() }))).toBe('certificate.badExtension');
  });
});
