import { nobleProvider } from '@sealwire/crypto-noble';
import { makeCertificate, parseCertificate, verifyChain } from '../src/index.ts';
import { describe, expect, it } from 'vitest';

const provider = nobleProvider;
const nowMs = Date.UTC(2026, 0, 1);
const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const shared = { provider, key, notBeforeMs: nowMs - 1_000, notAfterMs: nowMs + 1_000 };
const root = makeCertificate({ ...shared, subject: { CN: 'root' }, ca: true });

/** The least time of three that a chain of an unknown peer costs, in ms. */
function timeOf(chain: readonly Uint8Array[]): number {
  const times = [1, 2, 3].map(() => {
    const began = performance.now();
    expect(verifyChain({ provider, chain, roots: [root], timeMs: nowMs }).ok).toBe(false);
    return performance.now() - began;
  });
  return Math.min(...times);
}

describe('the work that a certificate of nobody makes', () => {
  it('is small for many long names under many constraints', () => {
    const names = (count: number, letter: string) =>
      Array.from({ length: count }, (_, i) => `${`${letter}.`.repeat(38)}${letter}${i}`);
    const ca = makeCertificate({
      ...shared,
      subject: { CN: 'anyone' },
      ca: true,
      nameConstraints: { excluded: { dnsNames: names(500, 'y') } },
    });
    const leaf = makeCertificate({
      ...shared,
      subject: {},
      issuer: { certificate: ca, key },
      dnsNames: names(500, 'x'),
    });
    const few = makeCertificate({
      ...shared,
      subject: {},
      issuer: { certificate: ca, key },
      dnsNames: names(5, 'x'),
    });
    // A hundred times the names; with each pair parsed anew it took a hundred times as long.
    expect(timeOf([leaf, ca]) / timeOf([few, ca])).toBeLessThan(10);
  });

  it('is none for combining marks without end, whose normal form takes the square of their number', () => {
    const marks = '\u0301'.repeat(20_000) + '\u0323'.repeat(20_000);
    const contents = { ...shared, issuer: { certificate: root, key }, dnsNames: ['a.example'] };
    expect(() => makeCertificate({ ...contents, subject: { CN: marks } })).not.toThrow();
    const leaf = makeCertificate({ ...contents, subject: { CN: marks } });
    expect(() => parseCertificate(leaf)).toThrow(/at most 1024 characters/);
    const usual = makeCertificate({ ...contents, subject: { CN: `A\u0323\u0301${'é'.repeat(1_021)}` } });
    expect(String(parseCertificate(usual).subject)).toHaveLength(1_027);
  });
});
