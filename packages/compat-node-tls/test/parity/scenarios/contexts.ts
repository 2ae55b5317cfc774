import { constants } from 'node:crypto';
import type { Scenario, Stage } from '../scenario.ts';
import { type Meeting, meetings, secured, talk, watch } from './meeting.ts';
import type { Together } from './together.ts';

const bare = { cert: undefined, key: undefined };
const asked = ({ pki }: Stage): object => ({ requestCert: true, ca: pki.root });
const relabelled = (pem: string, label: string): string => pem.replaceAll('CERTIFICATE', label);
const authorities = (of: Stage['pki']): readonly string[] => [of.stranger.cert, of.root];

/** What contexts are made of, in all the forms in which it may come. */
const cases: readonly Meeting[] = [
  {
    name: 'a key that is encrypted, and its passphrase',
    server: ({ pki: { files, server } }) => ({
      cert: server.cert,
      key: files.encryptedKey,
      passphrase: files.passphrase,
    }),
  },
  {
    name: 'an encrypted key of the older form, with a passphrase of its own',
    server: ({ pki: { files, server } }) => ({
      cert: server.cert,
      key: [{ pem: files.oldEncryptedKey, passphrase: files.passphrase }],
    }),
  },
  {
    name: 'a file of PKCS #12',
    server: ({ pki: { files } }) => ({ ...bare, pfx: files.pfx, passphrase: files.passphrase }),
  },
  {
    name: 'a file of PKCS #12 with a passphrase of its own',
    server: ({ pki: { files } }) => ({
      ...bare,
      pfx: [{ buf: files.pfx, passphrase: files.passphrase }],
      passphrase: 'of others',
    }),
  },
  { name: 'several authorities in one text', client: ({ pki }) => ({ ca: authorities(pki).join('') }) },
  { name: 'several authorities in a list', client: ({ pki }) => ({ ca: authorities(pki) }) },
  { name: 'an authority as bytes', client: ({ pki }) => ({ ca: Buffer.from(pki.root) }) },
  {
    name: 'an authority as X509 CERTIFICATE',
    client: ({ pki }) => ({ ca: relabelled(pki.root, 'X509 CERTIFICATE') }),
  },
  {
    name: 'an authority as TRUSTED CERTIFICATE',
    client: ({ pki }) => ({ ca: relabelled(pki.root, 'TRUSTED CERTIFICATE') }),
  },
  {
    name: 'two keys, the second of which fits the only certificate',
    server: ({ pki }) => ({ cert: pki.server.cert, key: [pki.rsa.key, pki.server.key] }),
  },
  {
    name: 'lists of what is revoked, and a client that is not',
    server: (stage) => ({ ...asked(stage), crl: stage.pki.files.emptyCrls }),
    client: ({ pki }) => pki.client,
  },
  {
    name: 'lists of what is revoked, and a client that is',
    server: (stage) => ({ ...asked(stage), crl: stage.pki.files.crls }),
    client: ({ pki }) => pki.client,
    script: watch,
  },
  {
    name: 'a client that is revoked, and tolerated',
    server: (stage) => ({ ...asked(stage), crl: stage.pki.files.crls, rejectUnauthorized: false }),
    client: ({ pki }) => pki.client,
  },
  {
    name: 'one list too few',
    server: (stage) => ({ ...asked(stage), crl: stage.pki.files.emptyCrls[0], rejectUnauthorized: false }),
    client: ({ pki }) => pki.client,
  },
  {
    name: 'lists that are stale',
    server: (stage) => ({ ...asked(stage), crl: stage.pki.files.staleCrls, rejectUnauthorized: false }),
    client: ({ pki }) => pki.client,
  },
  {
    name: 'lists of the client, of a server that is not revoked',
    client: ({ pki }) => ({ crl: pki.files.emptyCrls }),
  },
  { name: 'sessionTimeout', server: () => ({ sessionTimeout: 1 }) },
  { name: 'sessionIdContext', server: () => ({ sessionIdContext: 'of this server' }) },
];

const cipher = (name: string) => ({ ciphers: name });

/** What only TLS 1.2 has. */
const older: readonly Meeting[] = [
  ...['auto', undefined].map(
    (dhparam): Meeting => ({
      name: `dhparam ${dhparam ?? 'of nobody'}`,
      server: ({ pki }) => ({ ...pki.rsa, ...cipher('DHE-RSA-AES128-GCM-SHA256'), dhparam }),
      client: () => cipher('DHE-RSA-AES128-GCM-SHA256'),
      script: dhparam ? sizeOfGroup : watch,
    }),
  ),
  {
    name: 'minDHSize that is not reached',
    server: ({ pki }) => ({ ...pki.rsa, ...cipher('DHE-RSA-AES128-GCM-SHA256'), dhparam: 'auto' }),
    client: () => ({ ...cipher('DHE-RSA-AES128-GCM-SHA256'), minDHSize: 4096 }),
    script: ({ accepted }) => void accepted.then((socket) => socket.on('error', () => {})),
  },
  {
    name: 'secureOptions without extended main secrets and tickets',
    server: () => ({ secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_ENCRYPT_THEN_MAC }),
  },
];

/** What chooses the version itself. */
const versions: readonly Meeting[] = [
  {
    name: 'secureOptions without TLS 1.3',
    server: () => ({
      minVersion: undefined,
      maxVersion: undefined,
      secureOptions: constants.SSL_OP_NO_TLSv1_3,
    }),
    client: () => ({ minVersion: undefined, maxVersion: undefined }),
  },
  {
    name: 'suites of TLS 1.3 alone',
    server: () => ({ minVersion: undefined, maxVersion: undefined, ...cipher('TLS_AES_128_GCM_SHA256') }),
    client: () => ({ minVersion: undefined, maxVersion: undefined }),
    script: async (met, { onClient }) => {
      await secured(met);
      onClient.note('cipher', met.client.getCipher());
      met.client.end();
    },
  },
  {
    name: 'suites of TLS 1.2 alone',
    server: () => ({
      minVersion: undefined,
      maxVersion: undefined,
      ...cipher('ECDHE-ECDSA-AES128-GCM-SHA256'),
    }),
    client: () => ({ minVersion: undefined, maxVersion: undefined }),
    script: talk,
  },
];

async function sizeOfGroup(met: Together, { onClient }: Stage): Promise<void> {
  await secured(met);
  onClient.note('key', met.client.getEphemeralKeyInfo());
  met.client.end();
}

export const contextScenarios: readonly Scenario[] = [
  ...meetings('contexts', cases),
  ...meetings('contexts', older, ['TLSv1.2']),
  ...meetings('contexts', versions, ['TLSv1.3']),
];
