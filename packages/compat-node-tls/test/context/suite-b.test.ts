import { nodeProvider as provider } from '@sealwire/crypto-node';
import { type Certificate, type Issued, makeCertificate, parseCertificate } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { suiteBProblem } from '../../src/context/suite-b.ts';

/** Chains that Suite B allows, and such that lack one thing (RFC 5759 §3, §4); that OpenSSL says the same is in `limits.test.ts`. */

const ec = (curve: 'secp256r1' | 'secp384r1' | 'secp521r1') =>
  provider.generateKeyPair({ type: 'ec', curve });
const [p256, p384, p521] = [ec('secp256r1'), ec('secp384r1'), ec('secp521r1')];
const rsa = provider.generateKeyPair({ type: 'rsa', bits: 2048 });
const times = { notBeforeMs: Date.UTC(2026, 0), notAfterMs: Date.UTC(2027, 0) };

function issued(name: string, key: Issued['key'], issuer?: Issued, hash?: 'sha256' | 'sha384'): Issued {
  const made = makeCertificate({
    provider,
    subject: { CN: name },
    key,
    ca: true,
    ...times,
    ...(issuer && { issuer }),
    ...(hash && { signatureAlgorithm: { type: 'ecdsa', hash } }),
  });
  return { certificate: made, key };
}

const [root256, root384] = [issued('root', p256), issued('root', p384)];
const rootRsa = issued('root', rsa);
type Level = Parameters<typeof suiteBProblem>[2];
const problem = (level: Level, ...chain: readonly Issued[]) =>
  suiteBProblem(
    provider,
    chain.map((each) => parseCertificate(each.certificate)),
    level,
  );
const [key, signature] = [/ has a key that Suite B does not allow$/, / is signed in a way that Suite B/];

describe('Suite B', () => {
  it('allows P-256 with SHA-256 and P-384 with SHA-384, each where its level does', () => {
    const [below256, below384] = [issued('a', p256, root256), issued('a', p384, root384)];
    expect(problem('128', below256, root256)).toBeUndefined();
    expect(problem('128', below384, root384)).toBeUndefined();
    expect(problem('128only', below256, root256)).toBeUndefined();
    expect(problem('192', below384, root384)).toBeUndefined();
    expect(problem('128only', below384, root384)).toMatch(key);
    expect(problem('192', below256, root256)).toMatch(key);
  });

  it('allows no other keys, wherever in the chain', () => {
    for (const level of ['128', '128only', '192'] as const)
      for (const other of [rsa, p521]) expect(problem(level, issued('a', other))).toMatch(key);
    expect(problem('128', issued('a', p256, rootRsa), rootRsa)).toMatch(signature);
  });

  it('allows no other hash, by whom it is signed and not whose key it is', () => {
    expect(problem('128', issued('a', p256, root256, 'sha384'), root256)).toMatch(signature);
    expect(problem('128', issued('a', p384, root384, 'sha256'), root384)).toMatch(signature);
    expect(problem('128', issued('root', p384, undefined, 'sha256'))).toMatch(signature);
    expect(problem('128', issued('a', p256, root384), root384)).toBeUndefined();
  });

  it('lets no key on P-256 sign for one on P-384', () => {
    expect(problem('128', issued('a', p384, root256), root256)).toMatch(key);
  });

  it('is about certificates of version 3', () => {
    const { spki, subject, signatureAlgorithm } = parseCertificate(root256.certificate);
    const old = { version: 1, spki, subject, signatureAlgorithm } as unknown as Certificate;
    expect(suiteBProblem(provider, [old], '128')).toMatch(/ is not of version 3$/);
    expect(suiteBProblem(provider, [{ ...old, version: 3 } as Certificate], '128')).toBeUndefined();
  });
});
