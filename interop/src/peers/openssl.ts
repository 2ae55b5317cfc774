import {
  type Cell,
  classicCertificates,
  classicGroups,
  type Feature,
  type GroupName,
  hasExternalPsk,
  resumes,
  sendsEarlyData,
  suiteNames,
} from '../cell.ts';
import { externalPsk } from '../own-options.ts';
import type { Visit } from '../visit.ts';
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
    'With its protection against replay, `s_server` does not resume after a HelloRetryRequest to a ClientHello with early data, so that is switched off there.',
    '`s_server -stateless` ends the TCP connection after its HelloRetryRequest, so its cookie cannot be tried.',
    'Neither tool has record_size_limit.',
  ],
  server: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: classicCertificates,
    features: bothSides(),
    isRestricted: true,
    start: startServer,
  },
  client: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: classicCertificates,
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
      'lateCertificate',
      'alpn',
      'alpnRefused',
    ] as const),
    ...(['keyUpdate', 'peerKeyUpdate', 'keyUpdateFlood', 'ocsp', 'bulk', 'oddHello', 'allVersions'] as const),
    ...([
      'resumption',
      'resumptionRetry',
      'earlyData',
      'earlyRejected',
      'earlyRetry',
      'resumptionKe',
      'externalPsk',
      'externalPskKe',
    ] as const),
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
    printsLast: resumes(cell) && cell.feature !== 'earlyRejected' ? ['Reused session-id'] : [],
    requestCertificate: () => tool.write('c\n'),
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
    case 'earlyData':
    case 'earlyRejected':
      return ['-early_data', '-max_early_data', '16384'];
    case 'earlyRetry':
      // Its protection uses the ticket up with the first ClientHello.
      return ['-early_data', '-max_early_data', '16384', '-no_anti_replay'];
    case 'externalPsk':
      return pskOptions;
    case 'externalPskKe':
      return [...pskOptions, '-allow_no_dhe_kex'];
    case 'resumptionKe':
      return ['-allow_no_dhe_kex'];
    case 'lateCertificate':
      return ['-CAfile', rootFile, '-verify_return_error'];
    default:
      return [];
  }
}

async function startClient(
  cell: Cell,
  { pki, directory }: World,
  port: number,
  visit: Visit,
): Promise<PeerEnd> {
  const groups = offeredGroups(cell, openssl.client!);
  const tool = new Tool(
    'openssl',
    [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3', '-servername', 'localhost'],
      ...['-CAfile', pki.rootFile, '-verify_return_error', '-verify_hostname', 'localhost'],
      ...['-ciphersuites', cell.suite, '-groups', groups.map(opensslGroup).join(':')],
      ...clientFeatures(cell, pki),
      ...(resumes(cell) ? resumptionOptions(cell, visit) : []),
    ],
    { cwd: directory },
  );
  return {
    tool,
    talk: 'console',
    waitsForOurEnd: cell.feature === 'bulk',
    prints: cell.feature === 'bulk' || isRefused(cell) ? [] : clientPrints(cell),
    printsLast: lastPrints(cell, visit),
    updateKeys: () => tool.write('K\n'),
  };
}

function clientFeatures(cell: Cell, pki: World['pki']): string[] {
  const own = pki.clients[cell.certificate].files;
  switch (cell.feature) {
    case 'lateCertificate':
    case 'clientCertificate':
      return [
        ...(cell.feature === 'lateCertificate' ? ['-enable_pha'] : []),
        '-cert',
        own.certificate,
        '-key',
        own.key,
        '-cert_chain',
        pki.intermediateFile,
      ];
    case 'alpn':
      return ['-alpn', 'other,sealwire/1'];
    case 'alpnRefused':
      return ['-alpn', 'other'];
    case 'ocsp':
      return ['-status'];
    case 'bulk':
      return ['-quiet'];
    case 'externalPsk':
      return pskOptions;
    case 'externalPskKe':
      return [...pskOptions, '-allow_no_dhe_kex'];
    case 'resumptionKe':
      return ['-allow_no_dhe_kex'];
    default:
      return [];
  }
}

function resumptionOptions(cell: Cell, { number, kept }: Visit): string[] {
  if (number === 1) return ['-sess_out', kept.sessionFile];
  return ['-sess_in', kept.sessionFile, ...(sendsEarlyData(cell) ? ['-early_data', kept.earlyFile] : [])];
}

function lastPrints(cell: Cell, { earlyData }: Visit): string[] {
  return [
    ...(resumes(cell) ? ['Reused, TLSv1.3'] : []),
    ...(earlyData === undefined ? [] : [`Early data was ${earlyData}`]),
  ];
}

function clientPrints({ suite, feature }: Cell): string[] {
  if (hasExternalPsk({ feature })) return [`Cipher is ${suite}`];
  const always = [`Cipher is ${suite}`, 'Verification: OK'];
  if (feature === 'alpn') return [...always, 'ALPN protocol: sealwire/1'];
  if (feature === 'ocsp') return [...always, 'OCSP Response Status: successful'];
  return always;
}

function isRefused({ feature }: Cell): boolean {
  return feature === 'clientRefused' || feature === 'alpnRefused';
}

const pskOptions = [
  ...['-psk', externalPsk.key.toString('hex'), '-psk_identity', externalPsk.identity.toString('latin1')],
];

/** OpenSSL's spelling of a group. */
export function opensslGroup(group: GroupName): string {
  return (
    { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', x25519: 'X25519', x448: 'X448' }[
      group as string
    ] ?? group
  );
}
