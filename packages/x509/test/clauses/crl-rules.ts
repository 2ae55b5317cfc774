import { crlDistributionPoints, makeCrl, parseCertificate, verifyChain } from '../../src/index.ts';
import { type Contents, authority, issue, newKey, nowMs, provider } from '../authority.ts';
import { certificate, extension, extensions, sequence, tlv } from '../der.ts';
import { crlOf, dayMs, entryOf, hourMs, serialOf, verdict, world } from '../revocation.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 5280 §6.3: what CRLs say about the certificates of a chain. */

const plain = world();
const { root, middle, leaf } = plain;
const points = (...list: Parameters<typeof crlDistributionPoints>[0]): Contents => ({
  crlDistributionPoints: list,
});
const [here, there] = ['http://crl.example/1', 'http://crl.example/2'];
const at = (contents: Contents) => ({
  ...plain,
  leaf: issue('leaf', { issuer: middle, dnsNames: ['a.example'], ...contents }),
});
const good = crlOf(middle);
const bad = (w = plain) => crlOf(middle, { revoked: [entryOf(w.leaf)] });
const stranger = newKey();
const unknownExtension = { id: '1.2.3.4', critical: true, value: tlv(5) };

// ------------------------------------------------------------------------- what is certain
clause('RFC 5280 §6.3.3: listed nowhere', () => verdict(plain, [good]));
clause(
  'RFC 5280 §6.3.3: listed',
  () => verdict(plain, [bad()]),
  () => verdict(plain, [good], { crls: [crlOf(root, { revoked: [entryOf(middle)] }), good] }),
  () => verdict(plain, [bad()], { failure: 'soft' }),
  () => verdict(plain, [crlOf(middle, { revoked: [entryOf(leaf, { reason: 'certificateHold' })] })]),
);
clause('RFC 5280 §6.3.3: another number, or the number of another issuer', () =>
  verdict(plain, [crlOf(middle, { revoked: [entryOf(middle)] }), crlOf(root, { revoked: [entryOf(leaf)] })]),
);
clause(
  'RFC 5280 §6.3.3: no CRL',
  () => verdict(plain, []),
  () => verdict(plain, [crlOf(authority('other'))]),
  () => verdict(plain, [good], { crls: [good] }),
  () => verdict(plain, [good.subarray(0, 50)]),
);
clause(
  'RFC 5280 §6.3.3: no CRL, and soft failure or another certificate',
  () => verdict(plain, [], { failure: 'soft' }),
  () => verdict(plain, [], { crls: [good], certificates: 'endEntity' }),
);
clause('RFC 5280 §6.3.3: the newest of several', () =>
  verdict(plain, [crlOf(middle, { thisUpdateMs: nowMs - 2 * dayMs, revoked: [entryOf(leaf)] }), good]),
);

// ------------------------------------------------------------------------- time
const timed = (from: number, to: number | undefined, options: object = {}): Case => {
  const times = { thisUpdateMs: nowMs + from, ...(to === undefined ? {} : { nextUpdateMs: nowMs + to }) };
  const crl = makeCrl({ provider, issuer: middle, ...times });
  return () => verdict(plain, [crl], { clockSkewSeconds: 0, ...options });
};
clause('RFC 5280 §5.1.2.4: a date that is none, in a CRL of this issuer', () => {
  const der = crlOf(middle);
  // The last octet of thisUpdate, whose length and tag (UTCTime, 13) come twice in a CRL without entries.
  const at = der.findIndex((octet, i) => octet === 0x17 && der[i + 1] === 13);
  return verdict(plain, [der.map((octet, i) => (i === at + 14 ? 0x5b : octet))]);
});
clause('RFC 5280 §5.1.2.4: made later', timed(1_000, dayMs));
clause(
  'RFC 5280 §5.1.2.5: replaced',
  timed(-dayMs, -1_000),
  timed(-dayMs, 0),
  // A delta in force would make it newer; one that is of no use does not.
  ...[{ nextUpdateMs: nowMs - 5 * hourMs }, { issuer: { ...middle, key: stranger } }].map(
    (contents): Case =>
      () => {
        const ended = { crlNumber: 5, thisUpdateMs: nowMs - dayMs, nextUpdateMs: nowMs - 10 * hourMs };
        const times = { thisUpdateMs: nowMs - 6 * hourMs, crlNumber: 7, baseCrlNumber: 5 };
        return verdict(plain, [crlOf(middle, ended), crlOf(middle, { ...times, ...contents })]);
      },
  ),
);
clause('RFC 5280 §5.1.2.5: older than the caller takes', timed(-dayMs, dayMs, { maxAgeSeconds: 3_600 }));
clause(
  'RFC 5280 §5.1.2.5: the first and the last second',
  timed(0, dayMs),
  timed(-dayMs, 1_000),
  timed(-dayMs, -1_000, { clockSkewSeconds: 2 }),
  timed(1_000, dayMs, { clockSkewSeconds: 1 }),
);
clause('RFC 5280 §5.1.2.5: no end', timed(-hourMs, undefined));
clause('RFC 5280 §5.1.2.5: no end, but young enough', timed(-hourMs, undefined, { maxAgeSeconds: 7_200 }));

// ------------------------------------------------------------------------- who signs
clause('RFC 5280 §6.3.3: signed with another key', () =>
  verdict(plain, [crlOf({ ...middle, key: stranger })]),
);
clause('RFC 5280 §6.3.3: signed with another key, and beside it the right one', () =>
  verdict(plain, [crlOf({ ...middle, key: stranger }, { thisUpdateMs: nowMs }), good]),
);
clause('RFC 5280 §6.3.3: signed in a way that nobody knows', () => {
  const der = good.slice();
  const id = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
  for (let i = 0; i < der.length; i++) if (id.every((octet, k) => der[i + k] === octet)) der[i + 7] = 9;
  return verdict(plain, [der]);
});
clause('RFC 5280 §6.3.3: an issuer that may not sign CRLs', () => {
  const other = world({}, { keyUsage: ['keyCertSign'] });
  return verdict(other, [crlOf(other.middle)]);
});
clause('RFC 5280 §6.3.3: an issuer without key usage', () => {
  const other = world({}, { keyUsage: [] });
  return verdict(other, [crlOf(other.middle)]);
});
const otherKey = authority('middle', { issuer: root });
clause('RFC 5280 §6.3.3: another key of the issuer', () =>
  verdict(plain, [crlOf(otherKey)], { crlIssuers: otherKey.certificate }),
);
clause('RFC 5280 §6.3.3: another key of the issuer, whose certificate is not there', () =>
  verdict(plain, [crlOf(otherKey)]),
);
clause('RFC 5280 §6.3.3: another key, certified by somebody else below the same anchor', () => {
  const rival = authority('rival', { issuer: root });
  const impostor = authority('middle', { issuer: rival });
  const crlIssuers = [rival.certificate, impostor.certificate];
  return verdict(plain, [crlOf(impostor), crlOf(rival)], { crlIssuers });
});
clause(
  'RFC 5280 §6.3.3: another key of the issuer, which is revoked or out of time',
  () =>
    verdict(plain, [crlOf(otherKey)], {
      crls: [crlOf(root, { revoked: [entryOf(otherKey)] }), crlOf(otherKey)],
      crlIssuers: otherKey.certificate,
    }),
  () => {
    const expired = authority('middle', { issuer: root, notAfterMs: nowMs - dayMs });
    return verdict(plain, [crlOf(expired)], { crlIssuers: expired.certificate });
  },
);
clause('RFC 5280 §6.3.3: another key with the name of the anchor', () => {
  // Nobody has certified the anchor, and this one not even the anchor itself.
  const named = authority('root');
  const below = issue('below', { issuer: root, dnsNames: ['a.example'] });
  const crlIssuers = named.certificate;
  return verdict({ root, middle: named, leaf: below }, [], { crls: [crlOf(named)], crlIssuers });
});

// ------------------------------------------------------------------------- scope
const scoped =
  (w: typeof plain, scope: object, more: object = {}): Case =>
  () =>
    verdict(w, [crlOf(w.middle, { issuingDistributionPoint: scope, ...more })]);
const pointed = at(points({ uris: [here] }));
const named = at(points({ directoryNames: [{ CN: 'middle', OU: 'crl' }] }));
clause(
  'RFC 5280 §6.3.3: another distribution point or kind of certificate',
  scoped(pointed, { uris: [there] }),
  scoped(plain, { uris: [here] }),
  scoped(plain, { onlyContains: 'caCerts' }),
  scoped(plain, { onlyContains: 'attributeCerts' }),
  () =>
    verdict(plain, [good], {
      crls: [crlOf(root, { issuingDistributionPoint: { onlyContains: 'userCerts' } }), good],
    }),
);
clause(
  'RFC 5280 §6.3.3: its distribution point and kind of certificate',
  scoped(pointed, { uris: [there, here] }),
  scoped(pointed, { onlyContains: 'userCerts', uris: [here] }),
  scoped(named, { relativeName: { OU: 'crl' } }),
  scoped(plain, { onlyContains: 'userCerts' }),
  () =>
    verdict(plain, [good], {
      crls: [crlOf(root, { issuingDistributionPoint: { onlyContains: 'caCerts' } }), good],
    }),
);
clause('RFC 5280 §6.3.3: some reasons alone', scoped(plain, { onlySomeReasons: ['keyCompromise'] }), () =>
  verdict(at(points({ uris: [here], reasons: ['keyCompromise'] })), [
    crlOf(middle, { issuingDistributionPoint: { uris: [here] } }),
  ]),
);
clause('RFC 5280 §6.3.3: all reasons, in two CRLs', () => {
  const rest = [
    'cACompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'certificateHold',
    'privilegeWithdrawn',
    'aACompromise',
  ] as const;
  return verdict(plain, [
    crlOf(middle, { issuingDistributionPoint: { onlySomeReasons: ['keyCompromise'] } }),
    crlOf(middle, { issuingDistributionPoint: { onlySomeReasons: rest } }),
  ]);
});
clause(
  'RFC 5280 §4.2.1.13: a point of reasons alone, or none',
  reading(
    () =>
      parseCertificate(
        certificate({ afterSpki: extensions(extension('2.5.29.31', sequence(sequence(tlv(0x81, [1, 2]))))) }),
      ).crlDistributionPoints,
  ),
  reading(
    () =>
      parseCertificate(certificate({ afterSpki: extensions(extension('2.5.29.31', sequence())) }))
        .crlDistributionPoints,
  ),
);
clause('RFC 5280 §4.2.1.13: a critical extension', () => {
  const critical = { ...crlDistributionPoints([{ uris: [here] }]), critical: true };
  const w = at({ extensions: [critical] });
  return verifyChain({
    provider,
    chain: [w.leaf.certificate, middle.certificate],
    roots: root.certificate,
    timeMs: nowMs,
  });
});

// ------------------------------------------------------------------------- indirect CRLs
const clerk = issue('clerk', { issuer: root, keyUsage: ['cRLSign'] });
const indirect = at(points({ uris: [here], crlIssuer: [{ CN: 'clerk' }] }));
const byClerk = (contents: object, scope: object = { indirectCrl: true, uris: [here] }) =>
  crlOf(clerk, { issuingDistributionPoint: scope, ...contents });
const withClerk = { crlIssuers: clerk.certificate };
clause(
  'RFC 5280 §5.3.3: an indirect CRL of whom the certificate names',
  () => verdict(indirect, [byClerk({})], withClerk),
  () => verdict(indirect, [byClerk({})], { sent: [clerk] }),
  () => verdict(indirect, [byClerk({ revoked: [entryOf(indirect.leaf)] })], withClerk),
  () =>
    verdict(
      indirect,
      [byClerk({ revoked: [entryOf(indirect.leaf, { certificateIssuer: { CN: 'root' } })] })],
      withClerk,
    ),
);
clause(
  'RFC 5280 §5.3.3: listed in an indirect CRL',
  () =>
    verdict(
      indirect,
      [byClerk({ revoked: [entryOf(indirect.leaf, { certificateIssuer: { CN: 'middle' } })] })],
      withClerk,
    ),
  () =>
    verdict(
      indirect,
      [
        byClerk({
          revoked: [entryOf(middle, { certificateIssuer: { CN: 'middle' } }), entryOf(indirect.leaf)],
        }),
      ],
      withClerk,
    ),
);
clause('RFC 5280 §6.3.3: a CRL of whom the certificate names, which is not indirect', () =>
  verdict(indirect, [byClerk({}, { uris: [here] })], withClerk),
);
clause('RFC 5280 §6.3.3: an indirect CRL of somebody whom the certificate does not name', () =>
  verdict(pointed, [byClerk({})], withClerk),
);
clause('RFC 5280 §6.3.3: an indirect CRL of somebody whose certificate is not there', () =>
  verdict(indirect, [byClerk({})]),
);
clause('RFC 5280 §6.3.3: an indirect CRL of somebody below another anchor', () => {
  const elsewhere = authority('elsewhere');
  const impostor = issue('clerk', { issuer: elsewhere, keyUsage: ['cRLSign'] });
  const crl = crlOf(impostor, { issuingDistributionPoint: { indirectCrl: true, uris: [here] } });
  return verdict(indirect, [crl, crlOf(elsewhere)], {
    crlIssuers: [impostor.certificate, elsewhere.certificate],
  });
});
clause('RFC 5280 §6.3.3: an indirect CRL of somebody who is revoked', () =>
  verdict(indirect, [byClerk({})], {
    crls: [crlOf(root, { revoked: [entryOf(clerk)] }), byClerk({})],
    ...withClerk,
  }),
);
clause('RFC 5280 §5.3.3: an issuer of entries in a CRL that is not indirect', () =>
  verdict(plain, [crlOf(middle, { revoked: [entryOf(leaf, { certificateIssuer: { CN: 'root' } })] })]),
);

// ------------------------------------------------------------------------- deltas
const base = (contents: object = {}) => crlOf(middle, { crlNumber: 5, ...contents });
const delta = (contents: object = {}) =>
  crlOf(middle, { crlNumber: 7, baseCrlNumber: 5, thisUpdateMs: nowMs, ...contents });
const held = { revoked: [entryOf(leaf, { reason: 'certificateHold' })] };
const removed = { revoked: [entryOf(leaf, { reason: 'removeFromCRL' })] };
clause('RFC 5280 §5.2.4: a delta without its base', () => verdict(plain, [delta()]));
clause(
  'RFC 5280 §5.2.4: listed in a delta',
  () => verdict(plain, [base(), delta(held)]),
  () =>
    verdict(plain, [base({ nextUpdateMs: nowMs - 10 * hourMs, thisUpdateMs: nowMs - dayMs }), delta(held)]),
);
clause(
  'RFC 5280 §5.2.4: a delta that brings nothing, or is not used',
  () => verdict(plain, [base(), delta()]),
  () => verdict(plain, [base({ nextUpdateMs: nowMs - 10 * hourMs, thisUpdateMs: nowMs - dayMs }), delta()]),
  () => verdict(plain, [base(), delta(held)], { deltas: 'ignored' }),
  // Not of this base: its number, its scope, its key or its age are others.
  () => verdict(plain, [base(), delta({ ...held, baseCrlNumber: 6 })]),
  () => verdict(plain, [base(), delta({ ...held, crlNumber: 5 })]),
  () => verdict(plain, [base(), delta({ ...held, issuingDistributionPoint: { onlyContains: 'userCerts' } })]),
  () =>
    verdict(plain, [
      base(),
      crlOf({ ...middle, key: stranger }, { crlNumber: 7, baseCrlNumber: 5, ...held }),
    ]),
  () =>
    verdict(plain, [
      base(),
      delta({ ...held, thisUpdateMs: nowMs - 2 * dayMs, nextUpdateMs: nowMs - dayMs }),
    ]),
);
/** A base that holds no more, and a delta in force that would make it hold. */
const renewed = (contents: object) =>
  verdict(plain, [base({ nextUpdateMs: nowMs - 10 * hourMs, thisUpdateMs: nowMs - dayMs }), delta(contents)]);
clause(
  'RFC 5280 §5.2.4: a base that has ended, and a delta that cannot be used',
  () => renewed({ extensions: [unknownExtension] }),
  () => renewed({ extensions: [{ id: '2.5.29.35', value: sequence(tlv(0x80, [1, 2, 3])) }] }),
  () => renewed({ issuer: { ...middle, key: stranger } }),
  () => renewed({ thisUpdateMs: nowMs + dayMs }),
);
clause('RFC 5280 §5.3.1: taken back by a delta', () => verdict(plain, [base(held), delta(removed)]));
clause(
  'RFC 5280 §5.3.1: taken back, but by no delta, or not from hold',
  () => verdict(plain, [base(removed)]),
  () => verdict(plain, [base({ revoked: [entryOf(leaf, { reason: 'keyCompromise' })] }), delta(removed)]),
  () => verdict(plain, [base(held), delta(removed)], { deltas: 'ignored' }),
);

// ------------------------------------------------------------------------- what nobody understands
clause('RFC 5280 §5.2: a critical extension that nobody knows', () =>
  verdict(plain, [crlOf(middle, { extensions: [unknownExtension] })]),
);
clause('RFC 5280 §5.3: a critical extension of an entry that nobody knows', () =>
  verdict(plain, [
    crlOf(middle, {
      revoked: [{ serialNumber: Uint8Array.of(1), revocationDateMs: nowMs, extensions: [unknownExtension] }],
    }),
  ]),
);
clause(
  'RFC 5280 §5.2: an extension that nobody knows',
  () => verdict(plain, [crlOf(middle, { extensions: [{ ...unknownExtension, critical: false }] })]),
  () =>
    verdict(plain, [
      crlOf(middle, {
        revoked: [
          {
            serialNumber: Uint8Array.of(...serialOf(middle)),
            revocationDateMs: nowMs,
            extensions: [{ ...unknownExtension, critical: false }],
          },
        ],
      }),
    ]),
);
