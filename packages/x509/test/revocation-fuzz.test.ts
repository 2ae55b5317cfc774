import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOcspResponse, makeOcspErrorResponse, parseOcspResponse, verifyChain } from '../src/index.ts';
import { authority, issue, nowMs, provider } from './authority.ts';
import { mutantsOf } from './fuzz/mutants.ts';
import { answerOf, crlOf, dayMs, entryOf, responseOf } from './revocation.ts';

/** CRLs and OCSP responses that somebody damages: nothing changed is believed. That reading them throws nothing else, `fuzz` shows. */
const root = authority('root');
const leaf = issue('leaf', { issuer: root });
const listed = issue('listed', { issuer: root });
const responder = issue('responder', {
  issuer: root,
  extendedKeyUsage: ['ocspSigning'],
  ocspNoCheck: true,
});
const crls = [
  crlOf(root, { crlNumber: 3, revoked: [entryOf(listed)] }),
  crlOf(root, {
    issuingDistributionPoint: { indirectCrl: true, onlyContains: 'userCerts' },
    revoked: [
      entryOf(listed, { reason: 'superseded', invalidityDateMs: nowMs }),
      entryOf(listed, { certificateIssuer: { CN: 'other' } }),
    ],
  }),
  crlOf(root, { baseCrlNumber: 3, crlNumber: 4, issuingDistributionPoint: { relativeName: { CN: 'x' } } }),
];
const responses = [
  responseOf(root, [answerOf(leaf, root)]),
  responseOf(
    responder,
    [
      answerOf(leaf, root),
      answerOf(listed, root, { status: { revocationTimeMs: nowMs - dayMs, reason: 'keyCompromise' } }),
    ],
    { nonce: new Uint8Array(16), responderId: 'byName' },
  ),
  makeOcspErrorResponse('tryLater'),
];

const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const runs = (everyday: number): number => everyday * (isFull ? 50 : 1);

const seed = isFull ? Date.now() : 7;

describe('damaged CRLs', () => {
  const mutants = mutantsOf(crls);
  test('deciding throws nothing, and nothing that was changed says good', () => {
    const originals = new Set(crls.map((der) => Buffer.from(der).toString('hex')));
    const signed = (der: Uint8Array): boolean => originals.has(Buffer.from(der).toString('hex'));
    let seen = 0;
    fc.assert(
      fc.property(mutants, fc.constantFrom(leaf, listed), (der, { certificate }) => {
        // A changed signature that is still good would be a forgery; ECDSA has one of two forms for each.
        if (signed(der)) return;
        const outcome = verifyChain({
          provider,
          chain: [certificate],
          roots: root.certificate,
          timeMs: nowMs,
          revocation: { crls: [der] },
        });
        seen++;
        expect(outcome.ok).toBe(false);
        expect(outcome.ok || outcome.code).not.toBe('CERT_REVOKED');
      }),
      { numRuns: runs(1_000), seed },
    );
    expect(seen).toBeGreaterThan(500);
  });
});

describe('damaged OCSP responses', () => {
  const mutants = mutantsOf(responses);
  test('deciding throws nothing, and no change to what is signed says good', () => {
    const tbsOf = (der: Uint8Array): string => {
      const response = parseOcspResponse(der);
      return response.status === 'successful' ? Buffer.from(response.basic.tbs).toString('hex') : '';
    };
    const originals = new Set(responses.map(tbsOf));
    fc.assert(
      fc.property(mutants, fc.constantFrom(leaf, listed), (der, { certificate }) => {
        const outcome = checkOcspResponse({
          provider,
          response: der,
          certificate,
          issuer: root.certificate,
          timeMs: nowMs,
        });
        // Certificates beside the signed part may be changed without harm.
        if (outcome.status !== 'unknown') {
          expect(originals.has(tbsOf(der))).toBe(true);
          expect(outcome.status).toBe(certificate === leaf.certificate ? 'good' : 'revoked');
        }
      }),
      { numRuns: runs(1_500), seed },
    );
  });
});
