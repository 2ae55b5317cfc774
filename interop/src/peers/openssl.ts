import {
  type Cell,
  certificateKinds,
  classicGroups,
  type Feature,
  type GroupName,
  suiteNames,
} from '../cell.ts';
import { freePort, Tool, versionOf } from '../processes.ts';
import { offeredGroups, type Peer, type PeerEnd, type ServerEnd, type World } from './peer.ts';

/** `openssl s_server` and `openssl s_client`. */
export const openssl: Peer = {
  name: 'openssl',
  async find() {
    const version = versionOf('openssl', ['version'], /^(OpenSSL \S+)/);
    return version === undefined ? { reason: 'openssl is not installed' } : { version };
  },
  limits: [
    'Commands on standard input (K for a key update) and transfers of binary data exclude each other, hence `-quiet` for large transfers.',
    '`s_server -stateless` ends the TCP connection after its HelloRetryRequest, so its cookie cannot be tried.',
    'Neither tool has record_size_limit.',
  ],
  server: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: certificateKinds,
    features: bothSides(),
    isRestricted: true,
    start: startServer,
  },
  client: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: certificateKinds,
    features: [...bothSides(), 'cookie'],
    isRestricted: true,
    start: startClient,
  },
};

function bothSides(): Feature[] {
  return [
    ...([
      'plain',
      'retry',
      'clientCertificate',
      'clientWithout',
      'clientRefused',
      'alpn',
      'alpnRefused',
    ] as const),
    ...(['keyUpdate', 'peerKeyUpdate', 'keyUpdateFlood', 'ocsp', 'bulk', 'oddHello'] as const),
  ];
}

async function startServer(cell: Cell, { pki, directory }: World): Promise<ServerEnd> {
  const own = pki.servers[cell.certificate].files;
  const port = await freePort();
  const tool = new Tool(
    'openssl',
    [
      ...['s_server', '-accept', `127.0.0.1:${port}`, '-tls1_3'],
      ...['-cert', own.certificate, '-key', own.key, '-cert_chain', pki.intermediateFile],
      ...['-ciphersuites', cell.suite, '-groups', opensslGroup(cell.group)],
      ...serverFeatures(cell, pki.rootFile, own.ocsp),
    ],
    { cwd: directory },
  );
  return {
    tool,
    port,
    talk: 'console',
    prints: cell.feature === 'bulk' || isRefused(cell) ? [] : [`CIPHER is ${cell.suite}`],
    updateKeys: () => tool.write('K\n'),
  };
}

function serverFeatures({ feature }: Cell, rootFile: string, ocsp: string): string[] {
  switch (feature) {
    case 'clientCertificate':
    case 'clientRefused':
      return ['-Verify', '3', '-CAfile', rootFile, '-verify_return_error'];
    case 'clientWithout':
      return ['-verify', '3', '-CAfile', rootFile, '-verify_return_error'];
    case 'alpn':
    case 'alpnRefused':
      return ['-alpn', 'sealwire/1,http/1.1'];
    case 'ocsp':
      return ['-status_file', ocsp];
    case 'bulk':
      return ['-quiet'];
    default:
      return [];
  }
}

async function startClient(cell: Cell, { pki, directory }: World, port: number): Promise<PeerEnd> {
  const groups = offeredGroups(cell, openssl.client!);
  const tool = new Tool(
    'openssl',
    [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3', '-servername', 'localhost'],
      ...['-CAfile', pki.rootFile, '-verify_return_error', '-verify_hostname', 'localhost'],
      ...['-ciphersuites', cell.suite, '-groups', groups.map(opensslGroup).join(':')],
      ...clientFeatures(cell, pki),
    ],
    { cwd: directory },
  );
  return {
    tool,
    talk: 'console',
    waitsForOurEnd: cell.feature === 'bulk',
    prints: cell.feature === 'bulk' || isRefused(cell) ? [] : clientPrints(cell),
    updateKeys: () => tool.write('K\n'),
  };
}

function clientFeatures(cell: Cell, pki: World['pki']): string[] {
  const own = pki.clients[cell.certificate].files;
  switch (cell.feature) {
    case 'clientCertificate':
      return ['-cert', own.certificate, '-key', own.key, '-cert_chain', pki.intermediateFile];
    case 'alpn':
      return ['-alpn', 'other,sealwire/1'];
    case 'alpnRefused':
      return ['-alpn', 'other'];
    case 'ocsp':
      return ['-status'];
    case 'bulk':
      return ['-quiet'];
    default:
      return [];
  }
}

function clientPrints({ suite, feature }: Cell): string[] {
  const always = [`Cipher is ${suite}`, 'Verification: OK'];
  if (feature === 'alpn') return [...always, 'ALPN protocol: sealwire/1'];
  if (feature === 'ocsp') return [...always, 'OCSP Response Status: successful'];
  return always;
}

function isRefused({ feature }: Cell): boolean {
  return feature === 'clientRefused' || feature === 'alpnRefused';
}

/** OpenSSL's spelling of a group. */
export function opensslGroup(group: GroupName): string {
  return (
    { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', x25519: 'X25519', x448: 'X448' }[
      group as string
    ] ?? group
  );
}
