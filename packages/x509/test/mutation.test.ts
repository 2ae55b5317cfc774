import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CertificateCache,
  TrustAnchors,
  createVerifier,
  makeTestPki,
  parseCertificate,
  verifyChain,
} from '../src/index.ts';
import { authority, issue, nowMs, provider } from './authority.ts';
import { mutantsOf } from './fuzz/mutants.ts';

/** What is decided about certificates that a peer damages. That reading them throws nothing else, `fuzz` shows. */
const pki = makeTestPki({ provider, nowMs });
const constrained = authority('constrained', {
  issuer: pki.root,
  nameConstraints: {
    permitted: { dnsNames: ['example'], directoryNames: [{ CN: 'leaf' }] },
    excluded: { ipRanges: ['10.0.0.0/8'] },
  },
});
const under = issue('leaf', {
  issuer: constrained,
  dnsNames: ['a.example'],
  ipAddresses: ['192.0.2.1'],
  emails: ['a@example.org'],
  extendedKeyUsage: ['serverAuth'],
});
const samples: readonly Uint8Array[] = [
  pki.root.certificate,
  pki.server.certificate,
  constrained.certificate,
  under.certificate,
];
const knownKeys: ReadonlySet<string> = new Set(samples.map((der) => String(parseCertificate(der).spki)));

/** Runs of a property: twenty times as many with the full profile. */
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const runs = (everyday: number): number => everyday * (isFull ? 20 : 1);

const mutants = mutantsOf(samples);

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('damaged certificates', () => {
  test('what we accept, OpenSSL reads as well', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutants, (der) => {
        if (errorOf(() => parseCertificate(der)) !== undefined) return;
        // What is inside an algorithm's parameters is for the provider to judge.
        const { spki, signatureAlgorithm } = parseCertificate(der);
        if (!knownKeys.has(String(spki)) || signatureAlgorithm.parameters !== undefined) return;
        accepted++;
        expect(errorOf(() => new X509Certificate(der))).toBeUndefined();
      }),
      { numRuns: runs(10_000) },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test('verifying throws nothing, and says yes to nothing that was changed', () => {
    const verifier = createVerifier({ provider, roots: pki.root.certificate });
    const good = constrained.certificate;
    const issuers = fc.oneof(fc.constant(good), mutantsOf([good]));
    const originals = new Set(samples.map((der) => Buffer.from(der).toString('hex')));
    fc.assert(
      fc.property(mutantsOf([under.certificate]), issuers, (leaf, other) => {
        const reply = verifier({
          cause: 'handshake',
          evidence: { type: 'x509', chain: [{ certificate: leaf }, { certificate: other }] },
          expectedName: 'a.example',
          purpose: 'serverAuth',
          keyUse: 'sign',
          receivedAtMs: nowMs,
        });
        const isOriginal =
          originals.has(Buffer.from(leaf).toString('hex')) &&
          originals.has(Buffer.from(other).toString('hex'));
        expect(reply.ok).toBe(isOriginal);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('a mutant among the intermediates or roots does not hide the good ones', () => {
    fc.assert(
      fc.property(mutants, mutants, (one, two) => {
        const outcome = verifyChain({
          provider,
          chain: [under.certificate, one, constrained.certificate],
          roots: new TrustAnchors([two, pki.root.certificate]),
          timeMs: nowMs,
        });
        expect(outcome.ok, outcome.ok ? '' : outcome.message).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  test('a root that differs from a good one in its key alone does not hide it', () => {
    const { spki } = parseCertificate(pki.root.certificate);
    const at = Buffer.from(pki.root.certificate).indexOf(Buffer.from(spki));
    const damaged = pki.root.certificate.map((byte, i) => (i === at + 7 ? byte ^ 1 : byte));
    const outcome = verifyChain({
      provider,
      chain: [under.certificate, constrained.certificate],
      roots: new TrustAnchors([damaged, pki.root.certificate]),
      timeMs: nowMs,
    });
    expect(outcome.ok, outcome.ok ? '' : outcome.message).toBe(true);
  });

  test('through the cache as without it', () => {
    const cache = new CertificateCache(8);
    fc.assert(
      fc.property(mutants, (der) => {
        const [cached, plain] = [errorOf(() => cache.parse(der)), errorOf(() => parseCertificate(der))];
        expect((cached as Error | undefined)?.message).toBe((plain as Error | undefined)?.message);
      }),
      { numRuns: runs(2_000) },
    );
  });
});
