import type { Feature } from '../cell.ts';
import type { ProgramSource } from './program.ts';
import { programPeer } from './program-peer.ts';
import type { PeerSide } from './peer.ts';

const features: readonly Feature[] = [
  ...(['plain', 'retry', 'clientCertificate', 'clientWithout', 'clientRefused', 'alpn'] as const),
  ...([
    'alpnRefused',
    'keyUpdate',
    'ocsp',
    'bulk',
    'oddHello',
    'allVersions',
    'resumption',
    'resumptionRetry',
  ] as const),
];
const side: PeerSide = {
  suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  groups: [
    ...(['x25519', 'secp256r1', 'secp384r1', 'secp521r1'] as const),
    ...(['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'] as const),
  ],
  certificates: ['rsa2048', 'p256', 'p384', 'p521', 'ed25519'],
  features,
  isRestricted: false,
};

export const goSource: ProgramSource = {
  folder: 'go-peer',
  toolchain: 'go',
  build: (target) => ({ args: ['build', '-trimpath', '-o', target, '.'], built: target }),
};

/** `crypto/tls` of Go's standard library, in a program of our own: `go-peer/`. */
export const go = programPeer({
  name: 'go',
  source: goSource,
  version: /^(go\S+)/,
  limits: [
    'Of TLS 1.3, `crypto/tls` takes no choice of suites and no order of groups: its client sends a share of the first in its own order, so no HelloRetryRequest asks it for X25519MLKEM768.',
    '`crypto/tls` cannot be told to update its keys, and has neither record_size_limit, nor a cookie of its own, nor certificates of RSASSA-PSS or Ed448, nor CCM suites, nor early data over TCP, nor external pre-shared keys.',
  ],
  server: side,
  client: {
    ...side,
    features: [...features, 'cookie'],
    neverRetried: ['X25519MLKEM768'],
    // Before it in that order, and not sent together with a share of it.
    decoys: (group) => (group === 'x25519' ? 'SecP256r1MLKEM768' : 'X25519MLKEM768'),
  },
});
