import {
  type CertificateContents,
  extensionIds,
  makeCrl,
  parseCertificate,
  parseCrl,
} from '../../src/index.ts';
import { type Contents, authority, issue, newKey, nowMs, provider } from '../authority.ts';
import { crlOf, entryOf } from '../revocation.ts';
import { type Case, clause } from './clause.ts';

/** RFC 5280 as it binds issuers: what our own writers make, and refuse to make. */

const ca = authority('ca');
const made =
  (contents: Contents): Case =>
  () => {
    issue('leaf', { issuer: ca, ...contents });
    return undefined;
  };
/** `accepted` where `isSo` holds of what is written. */
const holds =
  (isSo: () => boolean): Case =>
  () =>
    isSo() ? undefined : 'wrong';
const read = (contents: Contents) => parseCertificate(issue('leaf', { issuer: ca, ...contents }).certificate);
const includes = (der: Uint8Array, piece: Uint8Array | readonly number[]): boolean =>
  Buffer.from(der).includes(Buffer.from(Uint8Array.from(piece)));

clause(
  'RFC 5280 §4.1.2.2, written: a number that is zero, or of 21 octets',
  made({ serialNumber: Uint8Array.of(0) }),
  made({ serialNumber: new Uint8Array(20) }),
  made({ serialNumber: new Uint8Array(21).fill(1) }),
  made({ serialNumber: new Uint8Array(0) }),
);
clause(
  'RFC 5280 §4.1.2.2, written: a number of our own',
  holds(() => {
    const [one, other] = [read({}), read({})].map(({ serialNumber }) => serialNumber);
    return one!.length === 16 && one![0]! >= 0x40 && one![0]! < 0x80 && !Buffer.from(one!).equals(other!);
  }),
);
clause(
  'RFC 5280 §4.1.2.4, written: an attribute that is empty, or in characters that its type has not',
  made({ subject: { CN: '' } }),
  made({ subject: { C: 'a@' } }),
  made({ subject: { serialNumber: 'a_b' } }),
  made({ subject: { C: 'é' } }),
  made({ subject: { DC: 'é' } }),
  made({ subject: { emailAddress: 'é@a.example' } }),
);
clause(
  'RFC 5280 §4.1.2.4, written: types of strings',
  holds(() => {
    const { subject } = read({ subject: { C: 'CH', O: 'é@_', DC: 'example', emailAddress: 'a@a.example' } });
    return (
      subject.relativeNames
        .flat()
        .map(({ tag }) => tag)
        .join() === '19,12,22,22'
    );
  }),
);
clause(
  'RFC 5280 §4.1.2.5, written: times through 2049, and later',
  holds(() => {
    const times = { notBeforeMs: Date.UTC(2049, 11, 31, 23, 59, 59, 999), notAfterMs: Date.UTC(2050, 0) };
    const text = (tag: number, value: string) => [tag, value.length, ...Buffer.from(value)];
    const validity = [...text(0x17, '491231235959Z'), ...text(0x18, '20500101000000Z')];
    return includes(read(times).der, validity);
  }),
);
clause(
  'RFC 5280 §4.1.2.6, written: no subject of a CA, of whoever signs himself, or of somebody without other names',
  made({ subject: {}, ca: true, dnsNames: ['a.example'] }),
  made({ subject: {} }),
  () => {
    issue('self', { subject: {}, dnsNames: ['a.example'] });
    return undefined;
  },
  () => {
    const nameless = issue('x', { issuer: ca, subject: {}, dnsNames: ['a.example'] });
    issue('leaf', { issuer: nameless });
    return undefined;
  },
);
const names = { dnsNames: ['a.example'] };
const isCritical = (contents: Contents, id: string) => read(contents).extensions.get(id)?.critical;
clause(
  'RFC 5280 §4.1.2.6, written: no subject, but other names',
  holds(() => isCritical({ subject: {}, ...names }, extensionIds.subjectAltName) === true),
  holds(() => isCritical(names, extensionIds.subjectAltName) === false),
);
clause(
  'RFC 5280 §4.2, written: an extension twice',
  made({ extensions: [1, 2].map((octet) => ({ id: '1.2.3', value: Uint8Array.of(5, octet) })) }),
);
const everything = {
  ca: true,
  extendedKeyUsage: ['serverAuth'],
  nameConstraints: { permitted: { dnsNames: ['example'] } },
  certificatePolicies: ['1.2.3'],
  policyMappings: [['1.2.3', '1.2.4']],
  policyConstraints: { requireExplicitPolicy: 0 },
  inhibitAnyPolicy: 0,
  authorityInfoAccess: { ocsp: ['http://ocsp.example'] },
  crlDistributionPoints: ['http://crl.example'],
} as const satisfies Partial<CertificateContents>;
clause(
  'RFC 5280 §4.2, written: critical, or not',
  holds(() => {
    const { extensions } = read(everything);
    const critical = [...extensions.values()].filter((each) => each.critical).map(({ id }) => id);
    const must = ['basicConstraints', 'keyUsage', 'nameConstraints', 'policyMappings'] as const;
    const wanted = [...must, 'policyConstraints', 'inhibitAnyPolicy'] as const;
    return (
      critical.toSorted().join() ===
      wanted
        .map((name) => extensionIds[name])
        .toSorted()
        .join()
    );
  }),
);
clause(
  'RFC 5280 §4.2, written: identifiers of keys',
  holds(() => {
    const own = parseCertificate(ca.certificate).subjectKeyIdentifier;
    const wanted = read({}).authorityKeyIdentifier?.keyIdentifier;
    return own !== undefined && wanted !== undefined && Buffer.from(own).equals(wanted);
  }),
);
clause(
  'RFC 5280 §4.2.1, written: a policy twice, none, or anyPolicy mapped',
  made({ certificatePolicies: ['1.2.3', { id: '1.2.3', cps: 'http://a.example' }] }),
  made({ certificatePolicies: [] }),
  made({ policyMappings: [['2.5.29.32.0', '1.2.3']] }),
  made({ policyMappings: [['1.2.3', '2.5.29.32.0']] }),
);
clause(
  'RFC 5280 §4.2.1, written: a mailbox, URI, DNS name or address that is none',
  made({ emails: ['nobody'] }),
  made({ emails: [''] }),
  made({ emails: ['<a@a.example>'] }),
  made({ uris: ['/relative'] }),
  made({ uris: ['http:'] }),
  made({ uris: [''] }),
  made({ dnsNames: [' '] }),
  made({ dnsNames: ['a.example.'] }),
  made({ dnsNames: ['bücher.example'] }),
  made({ ipAddresses: ['1.2.3'] }),
);
clause(
  'RFC 5280 §4.2.1, written: constraints without a subtree',
  made({ ca: true, nameConstraints: {} }),
  made({ ca: true, nameConstraints: { permitted: {} } }),
  made({ ca: true, nameConstraints: { permitted: { dnsNames: ['example'] }, excluded: { emails: [] } } }),
);
clause(
  'RFC 5280 §4.2.1, written: policy constraints without a field, or no purpose',
  made({ ca: true, policyConstraints: {} }),
  made({ extendedKeyUsage: [] }),
);
clause(
  'RFC 5280 §4.2.1, written: a distribution point of reasons alone, or none',
  made({ crlDistributionPoints: [{ reasons: ['keyCompromise'] }] }),
  made({ crlDistributionPoints: [{ crlIssuer: [] }] }),
  made({ crlDistributionPoints: [] }),
);

// ------------------------------------------------------------------------- CRLs
clause(
  'RFC 5280 §5, written: what every CRL has',
  holds(() => {
    const crl = parseCrl(makeCrl({ provider, issuer: ca, thisUpdateMs: nowMs, nextUpdateMs: nowMs + 1_000 }));
    const own = parseCertificate(ca.certificate).subjectKeyIdentifier!;
    const identifier = crl.authorityKeyIdentifier?.keyIdentifier;
    // Reading refuses a list without entries.
    return crl.version === 2 && crl.crlNumber === 1n && Buffer.from(own).equals(identifier!);
  }),
);
const crl =
  (contents: Parameters<typeof crlOf>[1]): Case =>
  () => {
    crlOf(ca, contents);
    return undefined;
  };
clause(
  'RFC 5280 §5, written: a number of 21 octets, an empty scope',
  crl({ crlNumber: 2n ** 160n }),
  crl({ baseCrlNumber: 2n ** 160n }),
  crl({ issuingDistributionPoint: {} }),
);
clause(
  'RFC 5280 §5, written: critical in CRLs, or not',
  holds(() => {
    const listed = entryOf(issue('leaf', { issuer: ca, key: newKey() }), {
      reason: 'superseded',
      invalidityDateMs: nowMs,
      certificateIssuer: { CN: 'ca' },
    });
    const { extensions, entries } = parseCrl(
      crlOf(ca, {
        baseCrlNumber: 1,
        crlNumber: 2,
        issuingDistributionPoint: { indirectCrl: true },
        revoked: [listed],
      }),
    );
    const [entry] = entries;
    const all = [...extensions.values(), ...entry!.extensions.values()];
    const critical = all.filter((each) => each.critical).map(({ id }) => id);
    const { deltaCrlIndicator, issuingDistributionPoint, certificateIssuer } = extensionIds;
    return (
      all.length === 7 &&
      critical.join() === [deltaCrlIndicator, issuingDistributionPoint, certificateIssuer].join()
    );
  }),
);
