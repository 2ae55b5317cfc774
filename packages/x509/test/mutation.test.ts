import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CertificateCache,
  TrustAnchors,
  createVerifier,
  encodePem,
  isX509Error,
  makeTestPki,
  parseCertificate,
  parsePem,
  privateKeyPkcs8,
  verifyChain,
} from '../src/index.ts';
import { authority, issue, nowMs, provider } from './authority.ts';

/** Bytes that a peer damages: the only exception is X509Error, no changed chain verifies, and nothing takes long. */
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

/** One to four edits: an octet set, a bit flipped, a piece cut, doubled or put in. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'flip', 'cut', 'double', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    octet: fc.oneof(fc.constantFrom(0, 1, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff), fc.nat(255)),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function mutate(der: Uint8Array, list: typeof edits extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  let bytes = [...der];
  for (const { kind, at, octet, length } of list) {
    const i = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[i] = octet;
    else if (kind === 'flip') bytes[i] = (bytes[i] ?? 0) ^ (1 << (octet & 7));
    else if (kind === 'cut') bytes.splice(i, length);
    else if (kind === 'double') bytes = [...bytes.slice(0, i + length), ...bytes.slice(i)];
    else bytes.splice(i, 0, octet);
  }
  return Uint8Array.from(bytes);
}

const mutants = fc.tuple(fc.constantFrom(...samples), edits).map(([der, list]) => mutate(der, list));

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('damaged certificates', () => {
  test('parsing throws X509Error or nothing', () => {
    const numRuns = runs(20_000);
    fc.assert(
      fc.property(mutants, (der) => {
        const error = errorOf(() => {
          const certificate = parseCertificate(der).readEverything();
          void certificate.subject.comparisonKey;
          void String(certificate.issuer);
        });
        expect(error === undefined || isX509Error(error), String(error)).toBe(true);
      }),
      { numRuns },
    );
  });

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
    const originals = new Set(samples.map((der) => Buffer.from(der).toString('hex')));
    fc.assert(
      fc.property(edits, edits, fc.boolean(), (leafEdits, otherEdits, both) => {
        const leaf = mutate(under.certificate, leafEdits);
        const other = both ? mutate(constrained.certificate, otherEdits) : constrained.certificate;
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

describe('damaged files', () => {
  const text =
    encodePem('CERTIFICATE', pki.root.certificate) + encodePem('PRIVATE KEY', pki.root.key.exportPkcs8());
  const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  test('PEM', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const damaged = latin1(mutate(Buffer.from(text, 'latin1'), list));
        const error = errorOf(() => parsePem(damaged));
        expect(error === undefined || isX509Error(error)).toBe(true);
      }),
      { numRuns: runs(2_000) },
    );
  });
  test('private keys', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const error = errorOf(() => privateKeyPkcs8(mutate(pki.root.key.exportPkcs8(), list)));
        expect(error === undefined || isX509Error(error), String(error)).toBe(true);
      }),
      { numRuns: runs(3_000) },
    );
  });
});
