import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { ParityPki } from '../pki.ts';
import type { Scenario } from '../scenario.ts';
import { type Meeting, meetings, secured, talk, watch } from './meeting.ts';

type Answer = (error: Error | null, response: Buffer | null) => void;

/** Sockets that anybody connects in the meantime. */
const connecting: Socket[] = [];
const watchConnecting = (message: unknown): void =>
  void connecting.push((message as { socket: Socket }).socket);

/** Labels of lines, which must be 3 words, sorted: they come in any order. */
function labels(lines: readonly Buffer[]): string[] {
  return lines.map((line) => String(line).replace(/[0-9a-f]{32,}/g, (hex) => String(hex.length))).sort();
}

const ocsp = (answer: (done: Answer) => void): Partial<Meeting> => ({
  client: () => ({ requestOCSP: true }),
  script: (met, { onServer }) => {
    met.server.on('OCSPRequest', (certificate: Buffer, issuer: Buffer | null, done: Answer) => {
      onServer.note('OCSPRequest', certificate, issuer);
      answer(done);
    });
    talk(met);
  },
});

const severalKinds = ({ rsa, server, ed25519 }: ParityPki): object => ({
  cert: [rsa.cert, server.cert, ed25519.cert],
  key: [rsa.key, server.key, ed25519.key],
});

/** Which of several certificates is presented. */
const choices: readonly (readonly [name: string, server: object, client: object])[] = [
  ['several certificates', {}, {}],
  ['several certificates, in the order of the client', { honorCipherOrder: false }, {}],
  ['several certificates, a client that wants ECDSA first', {}, { sigalgs: 'ECDSA+SHA256:RSA+SHA256' }],
  [
    'several certificates, in the order of a client that wants ECDSA first',
    { honorCipherOrder: false },
    { sigalgs: 'ECDSA+SHA256:rsa_pss_rsae_sha256:RSA+SHA256' },
  ],
  [
    'several certificates, in the order of a client with suites of ECDSA first',
    { honorCipherOrder: false },
    { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256' },
  ],
  ['several certificates, a client of Ed25519 alone', {}, { sigalgs: 'ed25519' }],
  ['several certificates, a client of ECDSA alone', {}, { sigalgs: 'ECDSA+SHA256:ECDSA+SHA384' }],
  [
    'several certificates, a server that prefers Ed25519',
    { sigalgs: 'ed25519:ECDSA+SHA256:RSA-PSS+SHA256' },
    {},
  ],
  ['several certificates, no scheme in common', { sigalgs: 'ECDSA+SHA384' }, { sigalgs: 'ECDSA+SHA256' }],
];

const cases: readonly Meeting[] = [
  { name: 'OCSP: an answer', ...ocsp((done) => done(null, Buffer.from('an answer'))) },
  { name: 'OCSP: an answer later', ...ocsp((done) => setTimeout(() => done(null, Buffer.from('later')), 5)) },
  { name: 'OCSP: no answer', ...ocsp((done) => done(null, null)) },
  { name: 'OCSP: nobody to ask', client: () => ({ requestOCSP: true }) },
  {
    name: 'OCSP: an error',
    client: () => ({ requestOCSP: true }),
    script: ({ server }) =>
      void server.on('OCSPRequest', (_: Buffer, __: Buffer, done: Answer) => done(new Error('no'), null)),
  },
  {
    name: 'OCSP: a client that does not ask',
    script: (met, { onServer }) => {
      met.server.on('OCSPRequest', () => onServer.note('OCSPRequest'));
      talk(met);
    },
  },
  {
    name: 'key log: its lines',
    script: async (met, { onServer, onClient }) => {
      const [atClient, atServer]: Buffer[][] = [[], []];
      met.client.on('keylog', (line: Buffer) => atClient!.push(line));
      met.server.on('keylog', (line: Buffer) => atServer!.push(line));
      await secured(met);
      onClient.note('keylog', labels(atClient!));
      onServer.note('keylog', labels(atServer!));
      onClient.note('same', String(atClient!.map(String).sort()) === String(atServer!.map(String).sort()));
      met.client.end();
    },
  },
  {
    name: 'the channel net.client.socket',
    client: ({ cleanUp }) => {
      subscribe('net.client.socket', watchConnecting);
      cleanUp(() => unsubscribe('net.client.socket', watchConnecting));
      return {};
    },
    script: async (met, { onClient }) => {
      await secured(met);
      const { localPort } = met.client;
      const told = connecting.filter((socket) => socket.localPort === localPort);
      // Other plays may listen as well: then each is told as often.
      onClient.note('told', new Set(told).size, told[0] === met.client);
      met.client.end();
    },
  },
  {
    name: 'handshakeTimeout: a handshake in time',
    server: () => ({ handshakeTimeout: 5000 }),
  },
  {
    name: 'connectionListener: which events a server has',
    script: async (met, { onServer }) => {
      met.server.on('connection', (socket) => onServer.note('connection', socket, 'encrypted' in socket));
      await secured(met);
      met.client.end();
    },
  },
  {
    name: 'getConnections',
    script: async (met, { onServer }) => {
      await secured(met);
      await new Promise<void>((resolve) =>
        met.server.getConnections((error, count) => {
          onServer.note('connections', error, count);
          resolve();
        }),
      );
      met.client.end();
    },
  },
  {
    name: 'setSecureContext with another certificate, before anybody comes',
    client: () => ({ servername: 'a.example.org' }),
    script: (met, { pki }) => {
      met.server.setSecureContext(pki.named);
      talk(met);
    },
  },
  {
    name: 'a secureContext that is made before',
    client: ({ client, pki }) => ({
      ca: undefined,
      secureContext: client.createSecureContext({ ca: pki.root }),
    }),
  },
  {
    name: 'a certificate chain in pieces',
    server: ({ pki }) => ({ cert: [pki.server.cert], key: [pki.server.key] }),
  },
  ...choices.map(
    ([name, server, client]): Meeting => ({
      name,
      server: ({ pki }) => ({ ...severalKinds(pki), ...server }),
      client: () => client,
      script: async (met, { onServer, onClient }) => {
        const socket = await secured(met);
        if (!socket) return;
        const { bits, asn1Curve, modulus } = met.client.getPeerCertificate();
        onClient.note('kind', bits, asn1Curve, modulus !== undefined, met.client.getCipher()?.name);
        onServer.note('schemes', socket.getSharedSigalgs());
        met.client.end();
      },
    }),
  ),
  {
    name: 'a server without a certificate',
    server: () => ({ cert: undefined, key: undefined }),
    script: watch,
  },
  {
    name: 'a certificate as bytes, and its key',
    server: ({ pki }) => ({
      cert: Buffer.from(pki.server.cert),
      key: new Uint8Array(Buffer.from(pki.server.key)),
    }),
  },
];

const auth: readonly Meeting[] = [
  {
    name: 'no certificate',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    script: watch,
  },
  {
    name: 'a certificate of an unknown root',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    client: ({ pki }) => pki.stranger,
    script: watch,
  },
  {
    name: 'a certificate for servers',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root }),
    client: ({ pki }) => pki.server,
    script: watch,
  },
  {
    name: 'an expired certificate, tolerated',
    server: ({ pki }) => ({ requestCert: true, rejectUnauthorized: false, ca: pki.root }),
    client: ({ pki }) => pki.expired,
  },
  {
    name: 'a certificate that nobody asks for',
    client: ({ pki }) => pki.client,
  },
  {
    name: 'requestCert without authorities',
    server: () => ({ requestCert: true, rejectUnauthorized: false }),
    client: ({ pki }) => pki.client,
  },
  {
    name: 'a client whose keys are of another kind',
    server: ({ pki }) => ({ requestCert: true, ca: pki.root, sigalgs: 'ecdsa_secp256r1_sha256' }),
    client: ({ pki }) => pki.rsa,
    script: watch,
  },
];

export const extraScenarios: readonly Scenario[] = [
  ...meetings('extras', cases),
  ...meetings('client authentication', auth),
];
