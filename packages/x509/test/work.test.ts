import { nobleProvider } from '@sealwire/crypto-noble';
import { makeCertificate, parseCertificate, verifyChain } from '../src/index.ts';
import { legacyCertificate } from '../src/node/index.ts';
import { describe, expect, it } from 'vitest';
import { certificate, oid, sequence, tlv } from './der.ts';

const provider = nobleProvider;
const nowMs = Date.UTC(2026, 0, 1);
const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const shared = { provider, key, notBeforeMs: nowMs - 1_000, notAfterMs: nowMs + 1_000 };
const root = makeCertificate({ ...shared, subject: { CN: 'root' }, ca: true });

/** The least time of three that a chain of an unknown peer costs, in ms. */
function timeOf(chain: readonly Uint8Array[]): number {
  return leastOf(() => expect(verifyChain({ provider, chain, roots: [root], timeMs: nowMs }).ok).toBe(false));
}

function leastOf(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const began = performance.now();
    work();
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

  it('is none for a point that is too long for its curve', () => {
    const timeWith = (octets: number) => {
      const curve = sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7'));
      const point = tlv(0x03, [0, 4], new Uint8Array(octets).fill(0xab));
      const parsed = parseCertificate(certificate({ spki: sequence(curve, point) }));
      return leastOf(() => expect(legacyCertificate(parsed, { provider }).bits).toBeUndefined());
    };
    timeWith(1_000);
    // Its fingerprints take thirty times as long; as a number it took a thousand times as long.
    expect(timeWith(120_000) / timeWith(4_000)).toBeLessThan(150);
  });

  it('is done once for a name that many ways end with', () => {
    const values = tlv(0x03, [0], new Uint8Array(100_000));
    const name = sequence(tlv(0x31, sequence(oid('2.5.4.3'), values)));
    const { subject } = parseCertificate(certificate({ subject: name }));
    const began = performance.now();
    expect(String(subject)).toMatch(/^CN=#0000/);
    const first = performance.now() - began;
    const again = performance.now();
    for (let i = 0; i < 32; i++) expect(String(subject)).toHaveLength(200_006);
    expect((performance.now() - again) / first).toBeLessThan(10);
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
