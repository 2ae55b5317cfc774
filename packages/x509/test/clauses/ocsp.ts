import { maxOcspCertificates, maxOcspEntries, maxOcspResponseBytes } from '../../src/limits.ts';
import {
  type CheckOcspOptions,
  type OcspAnswerInput,
  type OcspResponseContents,
  checkOcspResponse,
  makeOcspErrorResponse,
  parseCertificate,
  parseOcspResponse,
} from '../../src/index.ts';
import { type Contents, authority, issue, newKey, nowMs, provider, withKey } from '../authority.ts';
import {
  type Piece,
  commonName,
  ecdsaWithSha256,
  extension,
  generalizedTime,
  oid,
  sequence,
  tlv,
  utcTime,
} from '../der.ts';
import { answerOf, crlOf, dayMs, entryOf, hourMs, responseOf } from '../revocation.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 6960, RFC 9654: OCSP responses as they are read, and as they are judged. */

// ------------------------------------------------------------------------- what is read
const sha1 = sequence(oid('1.3.14.3.2.26'), tlv(5));
const certId = sequence(sha1, tlv(4, new Array(20).fill(1)), tlv(4, new Array(20).fill(2)), tlv(2, [1]));
const time = generalizedTime('20260615000000Z');
const single = (...parts: Piece[]) => sequence(certId, ...parts);
const goodAnswer = single(tlv(0x80), time);

interface Parts {
  readonly status: Piece;
  readonly afterStatus: Piece | undefined;
  readonly type: Piece;
  readonly version: Piece;
  readonly responderId: Piece;
  readonly producedAt: Piece;
  readonly answers: readonly Piece[];
  readonly afterAnswers: Piece;
  readonly afterSignature: Piece;
}

/** A response of the right shape with any part replaced; its signature means nothing. */
function response(replaced: Partial<Parts>): Uint8Array {
  const parts: Parts = {
    status: tlv(0x0a, [0]),
    afterStatus: undefined,
    type: tlv(6, [0x2b, 6, 1, 5, 5, 7, 48, 1, 1]),
    version: [],
    responderId: tlv(0xa1, commonName('responder')),
    producedAt: time,
    answers: [goodAnswer],
    afterAnswers: [],
    afterSignature: [],
    ...replaced,
  };
  const { version, responderId, producedAt, answers, afterAnswers } = parts;
  const data = sequence(version, responderId, producedAt, sequence(...answers), afterAnswers);
  const basic = sequence(data, ecdsaWithSha256, tlv(3, [0, 1]), parts.afterSignature);
  return sequence(parts.status, parts.afterStatus ?? tlv(0xa0, sequence(parts.type, tlv(4, basic))));
}

const of = (parts: Partial<Parts>): Case => reading(() => parseOcspResponse(response(parts)));
const answered = (...parts: Piece[]): Case => of({ answers: [single(...parts)] });

clause(
  'RFC 6960 §4.2.1: a response of this shape',
  of({}),
  of({ responderId: tlv(0xa2, tlv(4, new Array(20).fill(1))) }),
);
clause(
  'RFC 6960 §4.2.1: more than we read',
  reading(() => parseOcspResponse(new Uint8Array(maxOcspResponseBytes + 1))),
);
clause(
  'RFC 6960 §4.2.1: a status that is none',
  of({ status: tlv(0x0a, [4]), afterStatus: [] }),
  of({ status: tlv(0x0a, [7]), afterStatus: [] }),
  of({ status: tlv(0x0a, [0, 0x80]), afterStatus: [] }),
);
clause('RFC 6960 §4.2.1: an error with a response', of({ status: tlv(0x0a, [3]) }));
clause('RFC 6960 §4.2.1: success without a response', of({ afterStatus: [] }));
clause('RFC 6960 §4.2.1: another type of response', of({ type: oid('1.2.3') }));
clause('RFC 6960 §4.2.1: another version', of({ version: tlv(0xa0, tlv(2, [1])) }));
clause('RFC 6960 §4.2.1: the version that is the default', of({ version: tlv(0xa0, tlv(2, [0])) }));
clause(
  'RFC 6960 §4.2.1: a hash of a key that is no SHA-1, a status with contents',
  of({ responderId: tlv(0xa2, tlv(4, new Array(32).fill(1))) }),
  answered(tlv(0x80, [0]), time),
);
clause(
  'RFC 6960 §4.2.1: times in UTCTime',
  of({ producedAt: utcTime('260615000000Z') }),
  answered(tlv(0x80), utcTime('260615000000Z')),
  answered(tlv(0xa1, utcTime('260615000000Z')), time),
);
clause(
  'RFC 6960 §4.2.1: a time that is none',
  of({ producedAt: generalizedTime('20260615000000.5Z') }),
  answered(tlv(0x80), generalizedTime('20261315000000Z')),
);
clause('RFC 6960 §4.2.1: a reason that is none', answered(tlv(0xa1, time, tlv(0xa0, tlv(0x0a, [7]))), time));
clause(
  'RFC 6960 §4.2.1: bytes after the response',
  of({ afterAnswers: [5, 0] }),
  of({ afterSignature: [5, 0] }),
  answered(tlv(0x80), time, [5, 0]),
);
clause(
  'RFC 6960 §4.2.1: answers and certificates without end',
  of({ answers: new Array(maxOcspEntries + 1).fill(goodAnswer) }),
  of({ afterSignature: tlv(0xa0, sequence(...new Array(maxOcspCertificates + 1).fill(sequence()))) }),
);
clause(
  'RFC 6960 §4.4: an extension twice',
  of({ afterAnswers: tlv(0xa1, sequence(extension('1.2.3', [5, 0]), extension('1.2.3', [5, 0]))) }),
);

// ------------------------------------------------------------------------- what is judged
const root = authority('root');
const ca = authority('ca', { issuer: root });
const leaf = issue('leaf', { issuer: ca });
const delegate = (contents: Contents = {}, issuer = ca) =>
  issue('responder', { issuer, extendedKeyUsage: ['ocspSigning'], ocspNoCheck: true, ...contents });
const responder = delegate();
const unknownExtension = { id: '1.2.3.4', critical: true, value: tlv(5) };

const judged =
  (der: Uint8Array, options: Partial<CheckOcspOptions> = {}): Case =>
  () => {
    const outcome = checkOcspResponse({
      provider,
      response: der,
      certificate: leaf.certificate,
      issuer: ca.certificate,
      timeMs: nowMs,
      clockSkewSeconds: 0,
      ...options,
    });
    return outcome.status === 'good' ? undefined : `${outcome.code} (${outcome.message})`;
  };
const said = (
  answer: Partial<OcspAnswerInput>,
  more: Partial<OcspResponseContents> = {},
  options: Partial<CheckOcspOptions> = {},
): Case => judged(responseOf(ca, [answerOf(leaf, ca, answer)], more), options);
const by = (
  signer: typeof ca,
  more: Partial<OcspResponseContents> = {},
  options: Partial<CheckOcspOptions> = {},
) => judged(responseOf(signer, [answerOf(leaf, ca)], more), options);
const revoked = { revocationTimeMs: nowMs - dayMs, reason: 'keyCompromise' } as const;

clause(
  'RFC 6960 §2.2: good',
  said({}),
  said({}, { responderId: 'byName' }),
  said({ hash: 'sha256' }),
  said({ hash: 'sha384' }),
);
clause(
  'RFC 6960 §2.2: revoked',
  said({ status: revoked }),
  said({ status: { revocationTimeMs: nowMs + dayMs } }),
);
clause('RFC 6960 §2.2: unknown', said({ status: 'unknown' }));
clause(
  'RFC 6960 §2.3: an error instead of an answer',
  ...((['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const).map(
    (reason) => judged(makeOcspErrorResponse(reason)),
  ) as [Case, ...Case[]]),
);
clause(
  'RFC 6960 §3.2: about another certificate',
  () => judged(responseOf(ca, [answerOf(issue('other', { issuer: ca }), ca)]))(),
  // The same number, but of another issuer: another name, another key.
  () => {
    const number = parseCertificate(leaf.certificate).serialNumber;
    const rival = authority('rival', { issuer: root });
    const same = issue('leaf', { issuer: rival, serialNumber: number });
    return judged(responseOf(ca, [answerOf(same, rival)]))();
  },
  () => {
    const number = parseCertificate(leaf.certificate).serialNumber;
    const twin = authority('ca', { issuer: root });
    const same = issue('leaf', { issuer: twin, serialNumber: number });
    return judged(responseOf(ca, [answerOf(same, twin)]))();
  },
  // The same key and number, under another name of the issuer.
  () => {
    const renamed = authority('ca by another name', { key: ca.key });
    const { serialNumber } = parseCertificate(leaf.certificate);
    return judged(responseOf(ca, [answerOf(issue('leaf', { issuer: renamed, serialNumber }), renamed)]))();
  },
  judged(responseOf(ca, [], { producedAtMs: nowMs })),
);
clause('RFC 6960 §4.1.1: hashed in a way that nobody knows', () => {
  const der = responseOf(ca, [answerOf(leaf, ca)]);
  const id = [0x2b, 0x0e, 0x03, 0x02, 0x1a];
  const at = der.findIndex((_, i) => id.every((octet, k) => der[i + k] === octet));
  return judged(der.map((octet, i) => (i === at + 4 ? 0x1b : octet)))();
});
const two = (first: Partial<OcspAnswerInput>, second: Partial<OcspAnswerInput>) =>
  judged(responseOf(ca, [answerOf(leaf, ca, first), answerOf(leaf, ca, second)]));
clause(
  'RFC 6960 §3.2: revoked in one of several answers',
  two({}, { status: revoked }),
  two({ status: revoked }, {}),
  two({ status: revoked }, { status: 'unknown' }),
  two({ hash: 'sha256' }, { status: revoked, nextUpdateMs: nowMs + 1_000 }),
);
clause(
  'RFC 6960 §3.2: good in one of several answers, about others in the rest',
  judged(
    responseOf(ca, [
      answerOf(ca, root),
      answerOf(leaf, ca),
      answerOf(issue('x', { issuer: ca }), ca, { status: revoked }),
    ]),
  ),
);
clause(
  'RFC 6960 §3.2: one of several answers that is out of time',
  two({}, { nextUpdateMs: nowMs - 1_000, thisUpdateMs: nowMs - dayMs }),
);
clause('RFC 6960 §3.2: a signature by another key', by(withKey(ca, newKey())), () => {
  const der = responseOf(ca, [answerOf(leaf, ca)]);
  // "good" [0] becomes "unknown" [2] without anybody signing it, and back.
  const at = der.findIndex((octet, i) => octet === 0x80 && der[i + 1] === 0 && der[i + 2] === 0x18);
  return judged(der.map((octet, i) => (i === at ? 0x82 : octet)))();
});
clause(
  'RFC 6960 §4.3: a signature in a way that nobody knows, or that proves too little',
  () => {
    const der = responseOf(ca, [answerOf(leaf, ca)]);
    const id = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    return judged(der.map((octet, i) => (id.every((each, k) => der[i - 7 + k] === each) ? 9 : octet)))();
  },
  by(ca, {}, { policy: { signatureHashes: ['sha512'] } }),
);
clause('RFC 6960 §4.3: a signature with RSA and SHA-256', () => {
  const rsa = delegate({ keySpec: { type: 'rsa', bits: 2_048 } });
  return by(rsa, { signatureAlgorithm: { type: 'rsa-pkcs1', hash: 'sha256' } })();
});
clause(
  'RFC 6960 §4.2.2.2: signed by whom the issuer has certified for it',
  by(responder),
  by(responder, { responderId: 'byName' }),
  by(delegate({ keyUsage: [] })),
);
clause(
  'RFC 6960 §4.2.2.2: signed by somebody else',
  by(root),
  // A certificate of the same CA without the purpose, or with any purpose.
  by(delegate({ extendedKeyUsage: ['serverAuth'] })),
  by(delegate({ extendedKeyUsage: ['any'] })),
  by(issue('responder', { issuer: ca })),
  by(leaf),
  // The response names another than who signed it (§4.2.2.3).
  by(withKey(authority('another', { issuer: root }), ca.key)),
  by(withKey(authority('another', { issuer: root }), ca.key), { responderId: 'byName' }),
  // The purpose, but from another CA: the one above, one of the same name, one that calls itself so.
  by(delegate({}, root)),
  by(delegate({}, authority('ca', { issuer: root }))),
  by(delegate({}, authority('ca'))),
  by(delegate({}, { ...authority('ca by another name'), key: ca.key })),
  // Certified, and not put along.
  by(responder, { certificates: [] }),
  // May not sign.
  by(delegate({ keyUsage: ['keyEncipherment'] })),
  // Another's name over its own key.
  by(responder, { responderId: 'byName', certificates: [delegate().certificate] }),
);
clause(
  'RFC 6960 §4.2.2.2: a responder out of its time, or with something critical',
  by(delegate({ notAfterMs: nowMs - dayMs })),
  by(delegate({ notBeforeMs: nowMs + dayMs })),
  by(delegate({ extensions: [unknownExtension] })),
);
const stranger = issue('stranger', { issuer: root });
const ended = issue('stranger', { key: stranger.key, notAfterMs: nowMs - dayMs });
const trusting = (...list: (typeof stranger)[]) => ({
  ocspResponders: list.map(({ certificate }) => certificate),
});
clause(
  'RFC 6960 §4.2.2.2: a responder that the caller trusts',
  by(stranger, {}, trusting(stranger)),
  by(stranger, { certificates: [] }, trusting(root, stranger)),
  by(stranger, { responderId: 'byName' }, trusting(stranger)),
  // Whoever is trusted beside it takes nothing from the issuer and those whom it has certified.
  by(ca, {}, trusting(stranger)),
  by(responder, {}, trusting(stranger)),
);
clause(
  'RFC 6960 §4.2.2.2: a responder that the caller trusts, out of its time, or its name over another key',
  by(ended, {}, trusting(ended)),
  by(issue('stranger', { issuer: root }), { responderId: 'byName' }, trusting(stranger)),
  by(stranger, {}, trusting(root)),
  by(withKey(stranger, newKey()), {}, trusting(stranger)),
  by(stranger),
  by(issue('critical', { extensions: [unknownExtension] }), {}, trusting(ca)),
  () => {
    const critical = issue('critical', { extensions: [unknownExtension] });
    return by(critical, {}, trusting(critical))();
  },
);
clause('RFC 6960 §4.2.2.2.1: a responder that is revoked', () => {
  const asked = delegate({ ocspNoCheck: false });
  return by(asked, {}, { crls: crlOf(ca, { revoked: [entryOf(asked)] }) })();
});
clause(
  'RFC 6960 §4.2.2.2.1: a responder that nobody is to ask about, or about whom nothing is known',
  by(delegate({ extensions: [{ id: '1.3.6.1.5.5.7.48.1.5', critical: true, value: tlv(5) }] })),
  by(responder, {}, { crls: crlOf(ca, { revoked: [entryOf(responder)] }) }),
  () => by(delegate({ ocspNoCheck: false }))(),
  () => by(delegate({ ocspNoCheck: false }), {}, { crls: crlOf(ca) })(),
);
clause(
  'RFC 6960 §4.2.2.1: made later',
  said({ thisUpdateMs: nowMs + 1_000 }),
  // Signed as late as clocks may be apart, and about a time that is later.
  said({ thisUpdateMs: nowMs + 3_000 }, { producedAtMs: nowMs + 2_000 }, { clockSkewSeconds: 2 }),
  said({}, { producedAtMs: nowMs + 1_000 }),
);
clause('RFC 6960 §4.2.2.1: of a time after it was signed', said({}, { producedAtMs: nowMs - 2 * hourMs }));
clause(
  'RFC 6960 §4.2.2.1: replaced',
  said({ nextUpdateMs: nowMs }),
  said({ thisUpdateMs: nowMs - 2 * dayMs, nextUpdateMs: nowMs - 1_000 }),
  said({ nextUpdateMs: nowMs - 2 * hourMs }),
  // It ends before it begins.
  said({ thisUpdateMs: nowMs, nextUpdateMs: nowMs - 1_000 }, {}, { clockSkewSeconds: 60 }),
);
clause(
  'RFC 6960 §4.2.2.1: the first and the last second',
  said({ thisUpdateMs: nowMs }),
  said({ nextUpdateMs: nowMs + 1_000 }),
  said({ thisUpdateMs: nowMs + 2_000 }, {}, { clockSkewSeconds: 2 }),
  said({ thisUpdateMs: nowMs - dayMs, nextUpdateMs: nowMs - 1_000 }, {}, { clockSkewSeconds: 2 }),
);
const endless = { nextUpdateMs: undefined } as unknown as Partial<OcspAnswerInput>;
clause(
  'RFC 6960 §4.2.2.1: no end, and too old',
  said({ ...endless, thisUpdateMs: nowMs - 2 * dayMs }),
  said({ ...endless, thisUpdateMs: nowMs - hourMs }, {}, { maxAgeSeconds: 60 }),
  said({ thisUpdateMs: nowMs - hourMs }, {}, { maxAgeSeconds: 60 }),
);
clause(
  'RFC 6960 §4.2.2.1: no end, but young enough',
  said(endless),
  said({ ...endless, thisUpdateMs: nowMs - 2 * dayMs }, {}, { maxAgeSeconds: 3 * 86_400 }),
);
clause(
  'RFC 6960 §4.4: a critical extension that nobody knows',
  said({}, { extensions: [unknownExtension] }),
  said({ extensions: [unknownExtension] }),
);
clause(
  'RFC 6960 §4.4: an extension that nobody knows',
  said(
    { extensions: [{ ...unknownExtension, critical: false }] },
    { extensions: [{ ...unknownExtension, critical: false }] },
  ),
);
const nonce = new Uint8Array(32).fill(7);
clause('RFC 9654 §2.1: the nonce of the request', said({}, { nonce }, { nonce }), said({}, { nonce }));
clause(
  'RFC 9654 §2.1: another nonce, or none',
  said({}, { nonce: nonce.slice(1) }, { nonce }),
  said({}, { nonce: nonce.map((octet) => octet ^ 1) }, { nonce }),
  said({}, {}, { nonce }),
);
clause(
  'RFC 6960 §4.2.1: a response that cannot be read',
  judged(new Uint8Array()),
  judged(response({ answers: [] }).subarray(1)),
);

const nonceIn = (...octets: number[]) => ({ id: '1.3.6.1.5.5.7.48.1.2', value: tlv(4, octets) });
const octets = (count: number): Uint8Array => new Uint8Array(count).fill(7);
clause(
  'RFC 9654 §2.1: a nonce of 1 octet, and of 128',
  said({}, { nonce: octets(1) }, { nonce: octets(1) }),
  said({}, { nonce: octets(128) }, { nonce: octets(128) }),
);
clause(
  'RFC 9654 §2.1: a nonce of no octet, or of 129, in a response',
  said({}, { extensions: [nonceIn()] }, { nonce: octets(0) }),
  said({}, { extensions: [nonceIn(...octets(129))] }, { nonce: octets(129) }),
);
