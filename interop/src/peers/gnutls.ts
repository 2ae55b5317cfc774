import { join } from 'node:path';
import { existsSync, writeFileSync } from 'node:fs';
import {
  type Cell,
  classicCertificates,
  classicGroups,
  type GroupName,
  hasExternalPsk,
  resumes,
  sendsEarlyData,
  suiteNames,
  type SuiteName,
} from '../cell.ts';
import { externalPsk } from '../own-options.ts';
import type { Visit } from '../visit.ts';
import { freePort, Tool, versionOf } from '../processes.ts';
import { offeredGroups, type Peer, type PeerEnd, type ServerEnd, type World } from './peer.ts';

/** `gnutls-serv` and `gnutls-cli`. */
export const gnutls: Peer = {
  name: 'gnutls',
  async find() {
    const version = versionOf('gnutls-cli', ['--version'], /^gnutls-cli (\S+)/);
    return version === undefined
      ? { reason: 'gnutls-bin is not installed' }
      : { version: `GnuTLS ${version}` };
  },
  limits: [
    '`gnutls-serv` cannot be bound to the loopback address: it runs inside a network namespace of its own, or its cells are left out.',
    '`gnutls-serv` cannot be told to update its keys, and sends no cookie over TCP.',
    '`gnutls-cli` refuses a HelloRetryRequest with a cookie and no new group (RFC 9846 §4.2.4 allows it), so its cookie cells ask for another group too; of a line longer than its record size it sends the beginning.',
    'GnuTLS 3.7 loses connections whose early data is refused by a HelloRetryRequest, on either side and with OpenSSL as well; `gnutls-serv` shows no early data that it takes.',
    '`gnutls-cli` takes psk_ke from its list only together with an external key that it then asks for: it resumes with psk_dhe_ke alone.',
    '`gnutls-cli` prints each received byte by itself: large data goes from it to us only.',
  ],
  server: {
    listensEverywhere: true,
    suites: suiteNames,
    groups: classicGroups,
    certificates: classicCertificates,
    features: [
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
      ...(['keyUpdate', 'ocsp', 'recordSizeLimit', 'bulk', 'rawKeys', 'oddHello', 'allVersions'] as const),
      ...(['resumption', 'resumptionRetry', 'earlyData', 'earlyRejected'] as const),
      ...(['externalPsk', 'externalPskKe', 'resumptionKe'] as const),
    ],
    isRestricted: true,
    start: startServer,
  },
  client: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: classicCertificates,
    features: [
      ...([
        'plain',
        'retry',
        'cookie',
        'clientCertificate',
        'clientWithout',
        'clientRefused',
        'lateCertificate',
        'alpn',
      ] as const),
      ...([
        'alpnRefused',
        'keyUpdate',
        'peerKeyUpdate',
        'keyUpdateFlood',
        'rawKeys',
        'resumption',
        'resumptionRetry',
        'earlyData',
        'earlyRejected',
        'externalPsk',
        'externalPskKe',
        'ocsp',
        'recordSizeLimit',
        'bulk',
        'oddHello',
        'allVersions',
      ] as const),
    ],
    isRestricted: true,
    cookieNeedsGroup: true,
    start: startClient,
  },
};

async function startServer(cell: Cell, { pki, directory }: World): Promise<ServerEnd> {
  const own = pki.servers[cell.certificate].files;
  const port = await freePort();
  const tool = new Tool(
    'gnutls-serv',
    [
      ...['--echo', '--port', String(port), '--priority', priority(cell, [cell.group])],
      ...(resumes(cell) ? [] : ['--nodb']),
      ...(cell.feature === 'rawKeys'
        ? ['--rawpkfile', own.publicKey, '--rawpkkeyfile', own.key]
        : ['--x509certfile', own.chain, '--x509keyfile', own.key]),
      ...serverFeatures(cell, pki.rootFile, own.ocsp, writePsk(directory)),
    ],
    { cwd: directory },
  );
  return {
    tool,
    port,
    talk: 'echo',
    hidesEarlyData: true,
    requestCertificate: (ours) => ours.send('**REAUTH**\n'),
  };
}

function serverFeatures({ feature }: Cell, rootFile: string, ocsp: string, pskFile: string): string[] {
  switch (feature) {
    case 'clientCertificate':
    case 'clientRefused':
      return ['--x509cafile', rootFile, '--require-client-cert', '--verify-client-cert'];
    case 'clientWithout':
      return ['--x509cafile', rootFile];
    case 'lateCertificate':
      return ['--x509cafile', rootFile, '--disable-client-cert'];
    case 'alpn':
      return ['--disable-client-cert', '--alpn', 'sealwire/1', '--alpn', 'http/1.1'];
    case 'alpnRefused':
      return ['--disable-client-cert', '--alpn', 'sealwire/1', '--alpn-fatal'];
    case 'ocsp':
      return ['--disable-client-cert', '--ocsp-response', ocsp, '--ignore-ocsp-response-errors'];
    case 'recordSizeLimit':
      return ['--disable-client-cert', '--recordsize', '600'];
    case 'rawKeys':
      return ['--require-client-cert'];
    case 'earlyData':
    case 'earlyRejected':
      return ['--disable-client-cert', '--earlydata', '--maxearlydata', '16384'];
    case 'externalPsk':
    case 'externalPskKe':
      return ['--disable-client-cert', '--pskpasswd', pskFile];
    default:
      return ['--disable-client-cert'];
  }
}

async function startClient(
  cell: Cell,
  { pki, directory }: World,
  port: number,
  visit: Visit,
): Promise<PeerEnd> {
  const groups = offeredGroups(cell, gnutls.client!);
  const stapled = join(directory, `stapled-${port}.der`);
  const tool = new Tool(
    'gnutls-cli',
    [
      ...['--port', String(port), '--priority', priority(cell, groups), '--x509cafile', pki.rootFile],
      ...['--sni-hostname', 'localhost', '--verify-hostname', 'localhost', '--single-key-share'],
      ...clientFeatures(cell, pki, stapled),
      ...(resumes(cell) ? ['--resume', '--waitresumption'] : []),
      ...(sendsEarlyData(cell) ? ['--earlydata', visit.kept.earlyFile] : []),
      '127.0.0.1',
    ],
    { cwd: directory },
  );
  return {
    tool,
    talk: 'console',
    cutsLongLines: true,
    printsSlowly: true,
    prints: clientPrints(cell),
    ...(resumes(cell) ? { returns: {}, printsLast: ['This is a resumed session'] } : {}),
    updateKeys: () => tool.write('^rekey^\n'),
    inspect: () => {
      if (cell.feature === 'ocsp' && !existsSync(stapled)) throw new Error('peer: saved no OCSP response');
    },
  };
}

function clientFeatures(cell: Cell, pki: World['pki'], stapled: string): string[] {
  const own = pki.clients[cell.certificate].files;
  switch (cell.feature) {
    case 'clientCertificate':
      return ['--x509certfile', own.chain, '--x509keyfile', own.key];
    case 'lateCertificate':
      return ['--x509certfile', own.chain, '--x509keyfile', own.key, '--post-handshake-auth'];
    case 'alpn':
      return ['--alpn', 'other', '--alpn', 'sealwire/1'];
    case 'alpnRefused':
      return ['--alpn', 'other'];
    case 'peerKeyUpdate':
    case 'keyUpdateFlood':
      return ['--inline-commands'];
    case 'ocsp':
      return ['--save-ocsp', stapled];
    case 'recordSizeLimit':
      return ['--recordsize', '600'];
    case 'rawKeys':
      // There is no chain to verify; that it is our key is seen by what it signs.
      return ['--rawpkfile', own.publicKey, '--rawpkkeyfile', own.key, '--no-ca-verification'];
    case 'externalPsk':
    case 'externalPskKe':
      return ['--pskusername', pskName, '--pskkey', pskKey];
    default:
      return [];
  }
}

function clientPrints({ suite, feature }: Cell): string[] {
  if (feature === 'clientRefused' || feature === 'alpnRefused') return [];
  if (feature === 'rawKeys' || hasExternalPsk({ feature })) return [`(${suiteWords[suite]})`];
  const always = [`(${suiteWords[suite]})`, 'The certificate is trusted'];
  return feature === 'alpn' ? [...always, 'Application protocol: sealwire/1'] : always;
}

/** Names and keys that a server knows; written once, as another server may be reading it. */
export function writePsk(directory: string): string {
  const file = join(directory, 'psk.txt');
  if (!existsSync(file)) writeFileSync(file, `${pskName}:${pskKey}\n`);
  return file;
}

const pskName = externalPsk.identity.toString('latin1');
const pskKey = externalPsk.key.toString('hex');

/** TLS 1.3 with this suite and these groups alone, in this order. */
function priority({ suite, feature }: Cell, groups: readonly GroupName[]): string {
  const list = groups.map((group) => `+GROUP-${groupWords[group] ?? group.toUpperCase()}`);
  return [
    'NORMAL',
    '-VERS-ALL',
    '+VERS-TLS1.3',
    '-CIPHER-ALL',
    `+${suiteWords[suite]}`,
    '-GROUP-ALL',
    ...list,
    ...(feature === 'rawKeys' ? ['-CTYPE-ALL', '+CTYPE-SRV-RAWPK', '+CTYPE-CLI-RAWPK'] : []),
    ...(feature === 'externalPsk' ? ['-KX-ALL', '+ECDHE-PSK', '+DHE-PSK', '+PSK'] : []),
    ...(feature === 'externalPskKe' ? ['-KX-ALL', '+PSK'] : []),
    ...(feature === 'resumptionKe' ? ['+PSK'] : []),
  ].join(':');
}

const suiteWords: Readonly<Record<SuiteName, string>> = {
  TLS_AES_128_GCM_SHA256: 'AES-128-GCM',
  TLS_AES_256_GCM_SHA384: 'AES-256-GCM',
  TLS_CHACHA20_POLY1305_SHA256: 'CHACHA20-POLY1305',
  TLS_AES_128_CCM_SHA256: 'AES-128-CCM',
  TLS_AES_128_CCM_8_SHA256: 'AES-128-CCM-8',
};
const groupWords: Readonly<Partial<Record<GroupName, string>>> = {
  secp256r1: 'SECP256R1',
  secp384r1: 'SECP384R1',
  secp521r1: 'SECP521R1',
};
