import type { Scenario } from '../scenario.ts';
import { look, type Meeting, meetings, watch } from './meeting.ts';

const seen = look((socket, recorder) => {
  recorder.note('cipher', socket.getCipher());
  recorder.note('key', socket.getEphemeralKeyInfo());
  recorder.note('protocol', socket.getProtocol());
  recorder.note('finished', socket.getFinished()?.length, socket.getPeerFinished()?.length);
  recorder.note('schemes', socket.getSharedSigalgs());
});

const low = '@SECLEVEL=0';

/** Suites of TLS 1.2 and older, with the certificate that each needs. */
function older(names: readonly string[], of: 'rsa' | 'server'): Meeting[] {
  return names.map((name) => ({
    name,
    server: ({ pki }) => ({ ...pki[of], ciphers: `${name}:${low}`, dhparam: 'auto' }),
    client: () => ({ ciphers: `${name}:${low}` }),
    script: seen,
  }));
}

const ecdsa = older(
  [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-ECDSA-AES128-CCM',
    'ECDHE-ECDSA-AES256-CCM8',
  ],
  'server',
);
const rsa = older(
  [
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-RSA-AES128-SHA256',
    'DHE-RSA-AES128-GCM-SHA256',
    'DHE-RSA-CHACHA20-POLY1305',
    'DHE-RSA-AES256-SHA256',
    'AES128-GCM-SHA256',
    'AES256-SHA256',
    'AES128-CCM',
  ],
  'rsa',
);
/** Those that TLS 1.0 had. */
const oldest = older(['ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES256-SHA', 'AES128-SHA'], 'rsa').concat(
  older(['ECDHE-ECDSA-AES256-SHA'], 'server'),
);

const newer: readonly Meeting[] = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
].map((name) => ({
  name,
  server: () => ({ ciphers: name }),
  client: () => ({ ciphers: name }),
  script: seen,
}));

const groups: readonly Meeting[] = [
  'X25519',
  'prime256v1',
  'P-256',
  'secp384r1',
  'P-521',
  'X448',
  'P-384:X25519',
].map((name) => ({
  name,
  server: () => ({ ecdhCurve: name }),
  client: () => ({ ecdhCurve: name }),
  script: seen,
}));

const more: readonly Meeting[] = [
  {
    name: 'the server has to ask for another key share',
    server: () => ({ ecdhCurve: 'P-384' }),
    client: () => ({ ecdhCurve: 'X25519:P-384' }),
    script: seen,
  },
  {
    name: 'no group in common',
    server: () => ({ ecdhCurve: 'P-384', ciphers: 'ECDHE+AES:TLS_AES_128_GCM_SHA256' }),
    client: () => ({ ecdhCurve: 'P-256' }),
    script: watch,
  },
  { name: 'a key of Ed25519', server: ({ pki }) => pki.ed25519, script: seen },
  { name: 'a key of P-384', server: ({ pki }) => pki.p384, script: seen },
  { name: 'a key of RSA', server: ({ pki }) => pki.rsa, script: seen },
  {
    name: 'schemes of the client',
    server: ({ pki }) => pki.rsa,
    client: () => ({ sigalgs: 'rsa_pss_rsae_sha512:RSA+SHA512' }),
    script: seen,
  },
  {
    name: 'no scheme in common',
    server: () => ({ sigalgs: 'ecdsa_secp256r1_sha256' }),
    client: () => ({ sigalgs: 'rsa_pss_rsae_sha256' }),
    script: watch,
  },
];

const order: readonly Meeting[] = [true, false].map((honorCipherOrder) => ({
  name: `honorCipherOrder ${honorCipherOrder}`,
  server: () => ({
    honorCipherOrder,
    ciphers:
      'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
  }),
  client: () => ({
    ciphers:
      'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256',
  }),
  script: seen,
}));

const mismatch: Meeting = {
  name: 'no suite in common',
  server: () => ({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256' }),
  client: () => ({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:TLS_AES_256_GCM_SHA384' }),
  script: watch,
};

export const suiteScenarios: readonly Scenario[] = [
  ...meetings('suites', [...ecdsa, ...rsa, ...oldest], ['TLSv1.2']),
  ...meetings('suites', oldest, ['TLSv1', 'TLSv1.1']),
  ...meetings('suites', newer, ['TLSv1.3']),
  ...meetings('groups', groups),
  ...meetings('negotiation', [...more, ...order, mismatch]),
];
