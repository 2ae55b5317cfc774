import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkOcspResponse,
  isX509Error,
  makeOcspErrorResponse,
  ocspNoCheck,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  verifyChain,
} from '../src/index.ts';
import { authority, issue, nowMs, provider } from './authority.ts';
import { answerOf, crlOf, dayMs, entryOf, responseOf } from './revocation.ts';

/** CRLs and OCSP responses that somebody damages: nothing is thrown but X509Error, and nothing changed is believed. */
const root = authority('root');
const leaf = issue('leaf', { issuer: root });
const listed = issue('listed', { issuer: root });
const responder = issue('responder', {
  issuer: root,
  extendedKeyUsage: ['ocspSigning'],
  extensions: [ocspNoCheck()],
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

/** Bytes set, flipped, cut, doubled, put in; or an element's tag changed, or two elements of one level exchanged. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'flip', 'cut', 'double', 'insert', 'retag', 'swap'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    octet: fc.oneof(
      fc.constantFrom(0, 1, 5, 0x0a, 0x17, 0x18, 0x30, 0x80, 0x82, 0xa0, 0xa1, 0xff),
      fc.nat(255),
    ),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function mutate(der: Uint8Array, list: typeof edits extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  let bytes = [...der];
  for (const { kind, at, octet, length } of list) {
    const i = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[i] = octet;
    else if (kind === 'flip') bytes[i] = (bytes[i] ?? 0) ^ (1 << (octet & 7));
    else if (kind === 'cut') bytes.splice(i, length);
    else if (kind === 'double') bytes = [...bytes.slice(0, i + length), ...bytes.slice(i)];
    else if (kind === 'insert') bytes.splice(i, 0, octet);
    else {
      const elements = elementsOf(Uint8Array.from(bytes), 0, bytes.length);
      const one = elements[i % Math.max(1, elements.length)];
      if (one === undefined) continue;
      if (kind === 'retag') bytes[one.start] = octet;
      else if (one.next !== undefined) {
        const { start, end, next } = one;
        bytes = [
          ...bytes.slice(0, start),
          ...bytes.slice(end, next),
          ...bytes.slice(start, end),
          ...bytes.slice(next),
        ];
      }
    }
  }
  return Uint8Array.from(bytes);
}

interface Element {
  readonly start: number;
  readonly end: number;
  /** End of the element behind it on the same level. */
  next: number | undefined;
}

/** Every element of the structure, as far as it is one. */
function elementsOf(der: Uint8Array, from: number, to: number): Element[] {
  const all: Element[] = [];
  let before: Element | undefined;
  for (let at = from; at + 2 <= to; ) {
    const octets = der[at + 1]! < 0x80 ? 0 : der[at + 1]! & 0x7f;
    let length = octets === 0 ? der[at + 1]! : 0;
    for (let k = 0; k < octets; k++) length = length * 256 + (der[at + 2 + k] ?? 0);
    const end = at + 2 + octets + length;
    if (end > to || octets > 4) break;
    const own: Element = { start: at, end, next: undefined };
    if (before !== undefined) before.next = end;
    all.push(own);
    if ((der[at]! & 0x20) !== 0) all.push(...elementsOf(der, at + 2 + octets, end));
    before = own;
    at = end;
  }
  return all;
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

const seed = isFull ? Date.now() : 7;

describe('damaged CRLs', () => {
  const mutants = fc.tuple(fc.constantFrom(...crls), edits).map(([der, list]) => mutate(der, list));
  test('reading throws X509Error or nothing', () => {
    fc.assert(
      fc.property(mutants, (der) => {
        const error = errorOf(() => {
          const crl = parseCrl(der);
          for (const entry of crl.entries) void entry.reason;
          const { subject, serialNumber } = parseCertificate(listed.certificate);
          crl.entries.find(serialNumber, subject, subject);
        });
        expect(error === undefined || isX509Error(error), String(error)).toBe(true);
      }),
      { numRuns: runs(4_000), seed },
    );
  });
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
  const mutants = fc.tuple(fc.constantFrom(...responses), edits).map(([der, list]) => mutate(der, list));
  test('reading throws X509Error or nothing', () => {
    fc.assert(
      fc.property(mutants, (der) => {
        const error = errorOf(() => parseOcspResponse(der));
        expect(error === undefined || isX509Error(error), String(error)).toBe(true);
      }),
      { numRuns: runs(4_000), seed },
    );
  });
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
