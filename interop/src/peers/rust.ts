import { join } from 'node:path';
import type { Feature } from '../cell.ts';
import type { ProgramSource } from './program.ts';
import { programPeer } from './program-peer.ts';
import type { PeerSide } from './peer.ts';

const features: readonly Feature[] = [
  ...(['plain', 'retry', 'clientCertificate', 'clientWithout', 'clientRefused', 'alpn'] as const),
  ...([
    'alpnRefused',
    'keyUpdate',
    'peerKeyUpdate',
    'keyUpdateFlood',
    'bulk',
    'oddHello',
    'allVersions',
  ] as const),
  ...(['compression', 'rawKeys', 'resumption', 'resumptionRetry'] as const),
  ...(['earlyData', 'earlyRejected', 'earlyRetry'] as const),
];
const side: PeerSide = {
  suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  groups: [
    ...(['x25519', 'secp256r1', 'secp384r1', 'X25519MLKEM768'] as const),
    ...(['SecP256r1MLKEM768', 'MLKEM768', 'MLKEM1024'] as const),
  ],
  certificates: ['rsa2048', 'p256', 'p384', 'p521', 'ed25519'],
  features,
  isRestricted: true,
};

export const rustSource: ProgramSource = {
  folder: 'rust-peer',
  toolchain: 'cargo',
  build: (target) => ({
    args: ['build', '--locked', '--target-dir', target],
    built: join(target, 'debug/rust-peer'),
  }),
};

/** rustls on aws-lc-rs, in a program of our own: `rust-peer/`. */
export const rust = programPeer({
  name: 'rustls',
  source: rustSource,
  version: /(rustls .+)/,
  limits: [
    '`rustls` has neither record_size_limit, nor a cookie of its own, nor certificates of RSASSA-PSS or Ed448, nor CCM suites, nor SecP384r1MLKEM1024, nor external pre-shared keys, nor authentication after the handshake.',
    'The client of `rustls` does not tell whether an OCSP response was stapled.',
  ],
  server: { ...side, features: [...features, 'ocsp'] },
  client: { ...side, features: [...features, 'cookie'] },
});
