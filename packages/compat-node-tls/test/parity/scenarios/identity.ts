import { alone, type Scenario } from '../scenario.ts';
import type { ParityPki } from '../pki.ts';
import { look, type Meeting, meetings } from './meeting.ts';
import { outcomeOf } from '../recorder.ts';

type Of =
  | 'wildcard'
  | 'named'
  | 'address'
  | 'commonName'
  | 'expired'
  | 'early'
  | 'misused'
  | 'selfSigned'
  | 'server';

const cases: readonly { readonly name: string; readonly of: Of; readonly client: Record<string, unknown> }[] =
  [
    { name: 'a wildcard, and a name below', of: 'wildcard', client: { servername: 'a.example.org' } },
    { name: 'a wildcard, and the name itself', of: 'wildcard', client: { servername: 'example.org' } },
    { name: 'a wildcard, and a name two below', of: 'wildcard', client: { servername: 'a.b.example.org' } },
    { name: 'the second name', of: 'named', client: { servername: 'b.example.org' } },
    { name: 'a name in capitals', of: 'named', client: { servername: 'B.Example.Org' } },
    { name: 'a name that ends with a dot', of: 'named', client: { servername: 'b.example.org.' } },
    { name: 'an address that is certified', of: 'address', client: { servername: '' } },
    { name: 'an address that is not', of: 'named', client: { servername: '' } },
    { name: 'a common name', of: 'commonName', client: { servername: 'localhost' } },
    { name: 'another common name', of: 'commonName', client: { servername: 'a.example.org' } },
    { name: 'expired', of: 'expired', client: { servername: 'localhost' } },
    {
      name: 'expired, and tolerated',
      of: 'expired',
      client: { servername: 'localhost', rejectUnauthorized: false },
    },
    { name: 'not yet valid', of: 'early', client: { servername: 'localhost' } },
    { name: 'for clients', of: 'misused', client: { servername: 'localhost' } },
    { name: 'signed by itself', of: 'selfSigned', client: { servername: 'localhost' } },
    {
      name: 'another name, and tolerated',
      of: 'named',
      client: { servername: 'localhost', rejectUnauthorized: false },
    },
    { name: 'a root that is not given', of: 'server', client: { ca: undefined } },
    { name: 'no roots at all', of: 'server', client: { ca: [] } },
  ];

const meet: readonly Meeting[] = [
  ...cases.map(({ name, of, client }) => ({
    name,
    server: ({ pki }: { pki: ParityPki }) => pki[of],
    client: () => client,
  })),
  {
    name: 'what checkServerIdentity is given',
    client: ({ onClient }) => ({
      checkServerIdentity: (host: string, certificate: { subject: unknown; issuerCertificate: unknown }) => {
        onClient.note('checkServerIdentity', host, certificate.subject, typeof certificate.issuerCertificate);
        return undefined;
      },
    }),
  },
  {
    name: 'checkServerIdentity by the host',
    client: ({ onClient }) => ({
      servername: undefined,
      checkServerIdentity: (host: string) => void onClient.note('checkServerIdentity', host),
    }),
  },
  {
    name: 'a chain that ends at the intermediate',
    client: ({ pki }) => ({ ca: pki.intermediate }),
  },
  {
    name: 'a chain that ends at the intermediate, which is enough',
    client: ({ pki }) => ({ ca: pki.intermediate, allowPartialTrustChain: true }),
  },
  {
    name: 'a server that does not send its intermediate',
    server: ({ pki }) => ({
      ...pki.server,
      cert: pki.server.cert.split(/(?<=-----END CERTIFICATE-----\n)/)[0],
    }),
  },
  {
    name: 'what is shown of certificates',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    client: ({ pki }) => pki.client,
    script: look((socket, recorder) => {
      const peer = socket.getPeerCertificate(true);
      recorder.note('peer', { ...peer, issuerCertificate: null });
      recorder.note('issuer', { ...peer.issuerCertificate, issuerCertificate: null });
      recorder.note('root', Object.keys(peer.issuerCertificate?.issuerCertificate ?? {}));
      recorder.note('short', Object.keys(socket.getPeerCertificate()));
      recorder.note('own', Object.keys(socket.getCertificate() ?? {}));
      recorder.note('X509', socket.getPeerX509Certificate()?.subject, socket.getX509Certificate()?.subject);
      recorder.note('X509 issuer', socket.getPeerX509Certificate()?.issuerCertificate?.subject);
    }),
  },
  {
    name: 'what is shown where nobody has a certificate',
    script: look((socket, recorder) => {
      recorder.note(
        'peer',
        Object.keys(socket.getPeerCertificate()),
        Object.keys(socket.getPeerCertificate(true)),
      );
      recorder.note('own', Object.keys(socket.getCertificate() ?? {}));
      recorder.note('X509', typeof socket.getPeerX509Certificate(), typeof socket.getX509Certificate());
    }),
  },
];

/** The function by itself. */
const checks: readonly { readonly name: string; readonly host: unknown; readonly cert: object }[] = [
  { name: 'no names at all', host: 'a.com', cert: {} },
  { name: 'no certificate', host: 'a.com', cert: { subject: {} } },
  { name: 'a common name', host: 'a.com', cert: { subject: { CN: 'a.com' } } },
  { name: 'a wrong common name', host: 'a.com', cert: { subject: { CN: 'b.com' } } },
  { name: 'several common names', host: 'a.com', cert: { subject: { CN: ['b.com', 'a.com'] } } },
  {
    name: 'alternative names before a common name',
    host: 'a.com',
    cert: { subject: { CN: 'a.com' }, subjectaltname: 'DNS:b.com' },
  },
  { name: 'a wildcard', host: 'x.a.com', cert: { subjectaltname: 'DNS:*.a.com' } },
  { name: 'a wildcard within a label', host: 'xy.a.com', cert: { subjectaltname: 'DNS:x*.a.com' } },
  { name: 'two wildcards', host: 'x.y.a.com', cert: { subjectaltname: 'DNS:*.*.a.com' } },
  { name: 'a wildcard for a whole domain', host: 'a.com', cert: { subjectaltname: 'DNS:*.com' } },
  { name: 'an address', host: '8.8.8.8', cert: { subjectaltname: 'IP Address:8.8.8.8' } },
  { name: 'another address', host: '8.8.8.9', cert: { subjectaltname: 'IP Address:8.8.8.8, DNS:8.8.8.9' } },
  { name: 'an address of IPv6', host: '::1', cert: { subjectaltname: 'IP Address:0:0:0:0:0:0:0:1' } },
  {
    name: 'only a URI',
    host: 'a.com',
    cert: { subject: { CN: 'a.com' }, subjectaltname: 'URI:http://a.com/' },
  },
  {
    name: 'a name in quotes',
    host: 'a.com',
    cert: { subjectaltname: 'DNS:"a.com\\u0000.b.com", DNS:c.com' },
  },
  { name: 'quotes that do not end', host: 'a.com', cert: { subjectaltname: 'DNS:"a.com' } },
  { name: 'a host that is a number', host: 1, cert: { subject: { CN: '1' } } },
  { name: 'a host that is empty', host: '', cert: { subject: { CN: 'a.com' } } },
  { name: 'a dot at the end', host: 'a.com.', cert: { subjectaltname: 'DNS:a.com' } },
  { name: 'punycode', host: 'bücher.example', cert: { subjectaltname: 'DNS:xn--bcher-kva.example' } },
];

export const identityScenarios: readonly Scenario[] = [
  ...meetings('identity', meet),
  ...alone('checkServerIdentity', checks, ({ client, onClient }, { host, cert }) => {
    onClient.note(
      'is',
      outcomeOf(() => client.checkServerIdentity(host as string, cert as never)),
    );
  }),
];
