import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRuntime } from '../../../scripts/runtimes.mjs';
import {
  type CertificateKind,
  certificateKinds,
  classicCertificates,
  classicGroups,
  type Cell,
  type GroupName,
  resumes,
  type SuiteName,
  suiteNames,
} from '../cell.ts';
import { Tool, versionOf } from '../processes.ts';
import type { NodeTask } from './node-tls-child.ts';
import { opensslGroup } from './openssl.ts';
import { offeredGroups, type Peer, type PeerEnd, type PeerSide, type ServerEnd, type World } from './peer.ts';

/** Built-in `node:tls`, of the Node that runs us and of one with the post-quantum groups and signatures (Node 26 comes with OpenSSL 3.5). */
export const ownNode = nodePeer(
  'node',
  () => ({ path: process.execPath }),
  classicGroups,
  suiteNames,
  classicCertificates,
);

export const newNode = nodePeer(
  'node26',
  () => findRuntime('node26'),
  [
    ...([
      'X25519MLKEM768',
      'SecP256r1MLKEM768',
      'SecP384r1MLKEM1024',
      'MLKEM512',
      'MLKEM768',
      'MLKEM1024',
    ] as const),
    ...(['x25519', 'secp256r1', 'ffdhe3072'] as const),
  ],
  suiteNames.filter((suite) => suite !== 'TLS_AES_128_CCM_8_SHA256'),
  certificateKinds,
);

function nodePeer(
  name: string,
  locate: () => { readonly path: string } | { readonly reason: string },
  groups: readonly GroupName[],
  suites: readonly SuiteName[],
  certificates: readonly CertificateKind[],
): Peer {
  let binary = '';
  const side: PeerSide = {
    suites,
    groups,
    certificates,
    features: [
      ...([
        'plain',
        'retry',
        'clientCertificate',
        'clientWithout',
        'clientRefused',
        'alpn',
        'alpnRefused',
      ] as const),
      ...(['keyUpdate', 'ocsp', 'bulk', 'oddHello', 'allVersions', 'resumption', 'resumptionRetry'] as const),
    ],
    isRestricted: true,
  };
  const spawn = (task: NodeTask) => new Tool(binary, [child, JSON.stringify(task)]);
  return {
    name,
    async find() {
      const located = locate();
      if ('reason' in located) return located;
      binary = located.path;
      const version = versionOf(
        binary,
        ['-p', "'Node ' + process.version + ', OpenSSL ' + process.versions.openssl"],
        /(.+)/,
      );
      return version === undefined ? { reason: `${binary} does not run` } : { version };
    },
    limits: [
      '`node:tls` has neither key updates of its own, nor record_size_limit, nor a cookie; with OpenSSL 3.5 no CCM-8 at the default security level.',
    ],
    server: {
      ...side,
      async start(cell: Cell, { pki }: World): Promise<ServerEnd> {
        const own = pki.servers[cell.certificate].files;
        const asks = cell.feature === 'clientCertificate' || cell.feature === 'clientRefused';
        const tool = spawn({
          ...shared(cell, pki.rootFile, [cell.group]),
          role: 'server',
          port: 0,
          certFile: own.chain,
          keyFile: own.key,
          requestCert: asks || cell.feature === 'clientWithout',
          rejectUnauthorized: asks,
          ...(cell.feature === 'ocsp' ? { ocspFile: own.ocsp } : {}),
        });
        try {
          await tool.until(/listens on \d+\n/);
        } catch (error) {
          await tool.stop();
          throw error;
        }
        const port = Number(/listens on (\d+)/.exec(tool.output)?.[1]);
        return {
          tool,
          port,
          talk: 'console',
          prints: prints(cell),
          printsLast: resumes(cell) ? ['resumed true'] : [],
        };
      },
    },
    client: {
      ...side,
      features: [...side.features, 'cookie'],
      async start(cell: Cell, { pki }: World, port: number): Promise<PeerEnd> {
        const own = pki.clients[cell.certificate].files;
        const tool = spawn({
          ...shared(cell, pki.rootFile, offeredGroups(cell, side)),
          role: 'client',
          port,
          ...(cell.feature === 'clientCertificate' ? { certFile: own.chain, keyFile: own.key } : {}),
          ...(cell.feature === 'ocsp' ? { requestOCSP: true } : {}),
          ...(cell.feature === 'alpnRefused' ? { alpn: ['other'] } : {}),
          ...(resumes(cell) ? { connections: 2 } : {}),
        });
        return {
          tool,
          talk: 'console',
          prints: prints(cell),
          ...(resumes(cell)
            ? { printsLast: ['resumed true'], returns: { leave: () => tool.write('!close\n') } }
            : {}),
        };
      },
    },
  };
}

function shared({ suite, feature }: Cell, caFile: string, groups: readonly GroupName[]) {
  const isAlpn = feature === 'alpn' || feature === 'alpnRefused';
  return {
    suite,
    groups: groups.map(opensslGroup).join(':'),
    caFile,
    ...(isAlpn ? { alpn: ['sealwire/1', 'http/1.1'] } : {}),
  };
}

function prints({ suite, feature, role }: Cell): string[] {
  if (feature === 'clientRefused' || feature === 'alpnRefused') return [];
  const ofClient = role === 'server' ? ['authorized true'] : [];
  return [
    `secure ${suite}`,
    ...ofClient,
    ...(feature === 'clientCertificate' ? ['authorized true'] : []),
    ...(feature === 'alpn' ? ['protocol sealwire/1'] : []),
    ...(feature === 'ocsp' && role === 'server' ? ['stapled '] : []),
  ];
}

const child = join(dirname(fileURLToPath(import.meta.url)), 'node-tls-child.js');
