import { nodeProvider } from '@sealwire/crypto-node';
import {
  encodePem,
  isX509Error,
  makeTestPki,
  parseCertificate,
  parsePem,
  privateKeyPkcs8,
  verifyChain,
} from '../../src/index.ts';
import { X509Certificate } from '../../src/node/index.ts';
import { authority, issue, nowMs, provider } from '../authority.ts';
import { utcTime } from '../der.ts';
import { revocationSubjects } from './revocation.ts';
import type { FuzzSubject } from './subject.ts';
import { containerSubjects } from './container-subjects.ts';

const pki = makeTestPki({ provider, nowMs });
const constrained = authority('constrained', {
  issuer: pki.root,
  nameConstraints: {
    permitted: { dnsNames: ['example'], directoryNames: [{ CN: 'leaf' }] },
    excluded: { ipRanges: ['10.0.0.0/8'], emails: ['example.net'] },
  },
});
const leaf = issue('leaf', {
  issuer: constrained,
  subject: { C: 'CH', O: ['Eins', 'Zürich'], CN: 'leaf', emailAddress: 'a@example.org' },
  dnsNames: ['a.example', '*.b.example'],
  ipAddresses: ['192.0.2.1', '::1'],
  emails: ['a@example.org'],
  uris: ['https://a.example/'],
  extendedKeyUsage: ['serverAuth', '1.2.3.4'],
  certificatePolicies: ['1.2.3.4', { id: '1.2.3.5', cps: 'https://a.example/cps' }],
  authorityInfoAccess: { ocsp: ['http://a.example/'], caIssuers: ['http://b.example/'] },
  crlDistributionPoints: ['http://a.example/crl'],
  tlsFeature: true,
  extensions: [{ id: '1.2.3.4', value: utcTime('260101000000Z') }],
});
const rsa = issue('rsa', { keySpec: { type: 'rsa', bits: 1024 }, issuer: pki.root });
const certificates = [pki.root, pki.intermediate, constrained, leaf, rsa].map(
  ({ certificate }) => certificate,
);

export const subjects: readonly FuzzSubject[] = [
  {
    name: 'certificate',
    samples: certificates,
    read: (der) => {
      const certificate = parseCertificate(der);
      void certificate.subject.comparisonKey;
      void String(certificate.issuer);
      certificate.readEverything();
      void certificate.tlsFeature;
      void certificate.authorityInfoAccess;
    },
  },
  {
    name: 'certificate as Node shows it',
    samples: certificates,
    read: (der) => {
      const certificate = new X509Certificate(der, { provider });
      certificate.toLegacyObject();
      certificate.checkHost('a.example', { subject: 'always' });
      certificate.checkEmail('a@example.org', { subject: 'always' });
      certificate.checkIP('192.0.2.1');
      certificate.checkIssued(certificate);
      void certificate.subject;
    },
  },
  {
    name: 'chain',
    samples: certificates,
    read: (der) => {
      for (const chain of [
        [der, constrained.certificate],
        [leaf.certificate, der],
      ]) {
        verifyChain({ provider, chain, roots: pki.root.certificate, timeMs: nowMs, hostName: 'a.example' });
      }
    },
    // A decision is a value.
    isExpected: () => false,
  },
  {
    name: 'private key',
    samples: [pki.root.key, rsa.key].map((key) => key.exportPkcs8()),
    read: (der) => {
      nodeProvider.importPrivateKey(privateKeyPkcs8(der));
    },
  },
  {
    name: 'PEM',
    samples: [
      Buffer.from(
        encodePem('CERTIFICATE', leaf.certificate) + encodePem('PRIVATE KEY', leaf.key.exportPkcs8()),
      ),
    ],
    read: (bytes) => {
      parsePem(bytes);
    },
  },
  ...containerSubjects,
  ...revocationSubjects,
];

/** What went wrong with an input; `undefined` when it was read, or refused as it should be. */
export function failureOf(subject: FuzzSubject, input: Uint8Array): unknown {
  try {
    subject.read(input);
    return undefined;
  } catch (error) {
    return (subject.isExpected ?? isX509Error)(error) ? undefined : error;
  }
}
