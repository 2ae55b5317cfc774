import { describe, expect, test } from 'vitest';
import { certificate as handmade, commonName } from '../../test/der.ts';
import { authority, issue, newKey, nowMs, provider, withKey } from '../../test/authority.ts';
import { type Issued, type PathOutcome, type VerifyChainOptions, verifyChain } from '../index.ts';

const root = authority('root');
const intermediate = authority('intermediate', { issuer: root });
const leaf = issue('leaf', { issuer: intermediate, dnsNames: ['a.example'] });

function verify(chain: readonly Issued[], options: Partial<VerifyChainOptions> = {}): PathOutcome {
  return verifyChain({
    provider,
    chain: chain.map(({ certificate }) => certificate),
    roots: root.certificate,
    timeMs: nowMs,
    ...options,
  });
}

function subjects(outcome: PathOutcome): string {
  return outcome.ok
    ? outcome.chain.map(({ subject }) => String(subject).slice(3)).join(' ')
    : `${outcome.code} at ${outcome.depth}`;
}

describe('building', () => {
  test('the plain chain, with the key of the leaf', () => {
    const outcome = verify([leaf, intermediate]);
    expect(subjects(outcome)).toBe('leaf intermediate root');
    expect(outcome).toMatchObject({ ok: true, publicKey: leaf.key.publicKey.spki });
  });
  test('the root may be sent', () =>
    expect(subjects(verify([leaf, intermediate, root]))).toBe('leaf intermediate root'));
  test('any order, duplicates and junk', () => {
    const junk = Array.from({ length: 100 }, (_, i) => authority(`junk ${i % 7}`));
    expect(
      subjects(verify([leaf, root, ...junk.slice(0, 50), intermediate, intermediate, ...junk.slice(50)])),
    ).toBe('leaf intermediate root');
  });
  test('certificates that do not parse are left out', () => {
    const broken = { ...junk(), certificate: Uint8Array.of(0x30, 0) };
    expect(subjects(verify([leaf, broken, intermediate]))).toBe('leaf intermediate root');
  });
  test('an intermediate may be trusted', () => {
    expect(subjects(verify([leaf], { roots: intermediate.certificate }))).toBe('leaf intermediate');
    expect(
      subjects(
        verify([leaf], { roots: intermediate.certificate, policy: { anchorsMustBeSelfIssued: true } }),
      ),
    ).toBe('UNABLE_TO_GET_ISSUER_CERT at 1');
    // It still leads to one that is self-signed.
    const roots = [intermediate.certificate, root.certificate];
    expect(subjects(verify([leaf], { roots, policy: { anchorsMustBeSelfIssued: true } }))).toBe(
      'leaf intermediate root',
    );
  });
  test('a leaf may be trusted, self-signed or not', () => {
    const self = issue('self', { dnsNames: ['a.example'] });
    expect(subjects(verify([self], { roots: [root.certificate, self.certificate] }))).toBe('self');
    expect(subjects(verify([leaf], { roots: leaf.certificate }))).toBe('leaf');
  });
  test('cross-signed: the way that leads to an anchor is found', () => {
    const other = authority('other root');
    const [crossed, straight] = [other, root].map((issuer) =>
      authority('crossed', { issuer, key: intermediate.key }),
    );
    const under = issue('under', { issuer: crossed! });
    for (const roots of [root, other]) {
      for (const chain of [
        [under, crossed!, straight!],
        [under, straight!, crossed!],
      ]) {
        expect(verify(chain, { roots: roots.certificate }).ok).toBe(true);
      }
    }
  });
  test('an expired intermediate does not hide its renewal', () => {
    const expired = authority('renewed', {
      issuer: root,
      key: intermediate.key,
      notAfterMs: Date.UTC(2026, 1),
    });
    const renewed = authority('renewed', { issuer: root, key: intermediate.key });
    const under = issue('under', { issuer: renewed });
    expect(verify([under, expired, renewed]).ok).toBe(true);
    expect(verify([under, expired])).toMatchObject({ code: 'CERT_HAS_EXPIRED', depth: 1 });
  });
  test('roots of one name are told apart by their keys', () => {
    const twin = authority('root');
    expect(verify([leaf, intermediate], { roots: [twin.certificate, root.certificate] }).ok).toBe(true);
    expect(subjects(verify([leaf, intermediate], { roots: twin.certificate }))).toBe(
      'CERT_SIGNATURE_FAILURE at 1',
    );
  });
  test('key identifiers say whom to try first: those that agree, then those that say nothing', () => {
    const twins = Array.from({ length: 20 }, () => authority('root'));
    const policy = { maxSignatureChecks: 2 };
    const roots = [...twins, root].map(({ certificate }) => certificate);
    expect(verify([leaf, intermediate], { roots, policy }).ok).toBe(true);
    // Version 1 has no extensions; its signature is not looked at.
    const silent = handmade({
      version: [],
      issuer: commonName('root'),
      subject: commonName('root'),
      spki: root.key.publicKey.spki,
    });
    expect(verify([leaf, intermediate], { roots: [...roots.slice(0, -1), silent], policy }).ok).toBe(true);
  });
  test('a loop of CAs ends', () => {
    const [a, b] = [newKey(), newKey()];
    const one = authority('one', { key: a, issuer: withKey(authority('two'), b) });
    const two = authority('two', { key: b, issuer: withKey(authority('one'), a) });
    const under = issue('under', { issuer: one });
    expect(verify([under, one, two])).toMatchObject({
      ok: false,
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      reason: 'unknownCa',
    });
  });
  test('the explanation names every way', () => {
    const outcome = verify([leaf, intermediate], { roots: authority('elsewhere').certificate });
    expect(outcome).toMatchObject({
      explanation: [
        {
          subjects: ['CN=leaf', 'CN=intermediate'],
          problem: { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', depth: 1 },
        },
      ],
    });
  });
});

describe('nobody we trust', () => {
  test('in the words of OpenSSL', () => {
    expect(subjects(verify([leaf]))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE at 0');
    expect(subjects(verify([issue('self')]))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT at 0');
    const [top, under] = chainOf(2);
    expect(subjects(verify([issue('leaf', { issuer: under! }), under!, top!]))).toBe(
      'SELF_SIGNED_CERT_IN_CHAIN at 2',
    );
    expect(subjects(verify([issue('leaf', { issuer: under! }), under!]))).toBe(
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY at 1',
    );
  });
  test('a forged signature', () => {
    const forged = issue('leaf', { issuer: withKey(intermediate, newKey()) });
    expect(verify([forged, intermediate])).toMatchObject({
      code: 'CERT_SIGNATURE_FAILURE',
      reason: 'malformed',
      depth: 0,
    });
  });
  test('a changed certificate', () => {
    const changed = leaf.certificate.slice();
    changed[changed.length - 1]! ^= 1;
    expect(verify([{ ...leaf, certificate: changed }, intermediate])).toMatchObject({
      code: 'CERT_SIGNATURE_FAILURE',
    });
  });
  test('a root that cannot be read is named', () => {
    const outcome = verify([leaf, intermediate], { roots: [Uint8Array.of(0x30, 0)] });
    expect(outcome).toMatchObject({
      ok: false,
      message: expect.stringContaining('1 of 1 trust anchors cannot be read'),
    });
  });
});

describe('limits', () => {
  test('length of the chain', () => {
    const chain = chainOf(13);
    const end = issue('leaf', { issuer: chain[12]! });
    const sent = [end, ...chain.slice(1)];
    expect(subjects(verify(sent, { roots: chain[0]!.certificate }))).toBe('CERT_CHAIN_TOO_LONG at 11');
    expect(verify(sent, { roots: chain[0]!.certificate, policy: { maxIntermediates: 12 } }).ok).toBe(true);
    expect(verify([leaf, intermediate], { policy: { maxIntermediates: 0 } })).toMatchObject({
      code: 'CERT_CHAIN_TOO_LONG',
      reason: 'unknownCa',
    });
    expect(verify([issue('direct', { issuer: root })], { policy: { maxIntermediates: 0 } }).ok).toBe(true);
  });
  test('signature checks', () => {
    // Many CAs of one name and many keys: each could be the issuer of each.
    const twins = Array.from({ length: 30 }, () => authority('twin', { issuer: authority('twin') }));
    const outcome = verify([issue('leaf', { issuer: twins[0]! }), ...twins.reverse()], {
      policy: { maxSignatureChecks: 20 },
    });
    expect(outcome).toMatchObject({ code: 'WORK_LIMIT_EXCEEDED', reason: 'rejected' });
  });
  test('candidates', () => {
    const old = Array.from({ length: 10 }, () => authority('old', { notAfterMs: Date.UTC(2026, 1) }));
    expect(
      verify([issue('leaf', { issuer: old[0]! }), ...old], { policy: { maxCandidates: 5 } }),
    ).toMatchObject({ code: 'WORK_LIMIT_EXCEEDED' });
  });
  test('names and constraints', () => {
    const permitted = { dnsNames: Array.from({ length: 100 }, (_, i) => `x${i}.example`) };
    const ca = authority('constrained', { issuer: root, nameConstraints: { permitted } });
    const many = issue('many', { issuer: ca, dnsNames: new Array(100).fill('x99.example') });
    expect(verify([many, ca]).ok).toBe(true);
    expect(verify([many, ca], { policy: { maxNameComparisons: 1_000 } })).toMatchObject({
      code: 'WORK_LIMIT_EXCEEDED',
    });
  });
  test('presented certificates', () => {
    expect(verify(new Array(129).fill(leaf))).toMatchObject({ code: 'WORK_LIMIT_EXCEEDED' });
    expect(verify([])).toMatchObject({ code: 'MALFORMED_CERTIFICATE', reason: 'malformed' });
  });
});

function junk(): Issued {
  return authority('junk');
}

function chainOf(length: number): Issued[] {
  const chain: Issued[] = [];
  for (let i = 0; i < length; i++) chain.push(authority(`ca ${i}`, i === 0 ? {} : { issuer: chain[i - 1]! }));
  return chain;
}
