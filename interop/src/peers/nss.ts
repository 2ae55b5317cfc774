import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, type GroupName, sendsEarlyData, type SuiteName } from '../cell.ts';
import { freePort, isInstalled, runTool, Tool, versionOf } from '../processes.ts';
import { offeredGroups, type Peer, type PeerEnd, type ServerEnd, type World } from './peer.ts';

const suites = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'] as const;
const groups = [
  ...(['x25519', 'secp256r1', 'secp384r1', 'secp521r1', 'ffdhe2048', 'ffdhe3072', 'ffdhe4096'] as const),
  ...(['ffdhe6144', 'ffdhe8192'] as const),
];
const certificates = ['rsa2048', 'rsa-pss', 'p256', 'p384', 'p521'] as const;

/** `selfserv` and `tstclnt` of NSS. */
export const nss: Peer = {
  name: 'nss',
  async find() {
    const missing = ['selfserv', 'tstclnt', 'certutil', 'pk12util'].find((each) => !isInstalled(each));
    if (missing !== undefined) return { reason: `libnss3-tools is not installed (no ${missing})` };
    const version = versionOf('dpkg-query', ['-s', 'libnss3'], /^Version: (?:\d+:)?(\d+\.\d+(?:\.\d+)*)/m);
    return { version: `NSS ${version ?? '(version unknown)'}` };
  },
  limits: [
    'NSS has no Ed25519, Ed448, X448 and no CCM suites of TLS 1.3.',
    '`selfserv` cannot be bound to the loopback address: it runs inside a network namespace of its own, or its cells are left out.',
    '`selfserv` speaks HTTP alone, and one request a connection, without large data; it staples no OCSP response that was made elsewhere.',
    '`selfserv -X` of NSS 3.87 is no server for Encrypted Client Hello: of `publicname:` and a name it takes both for the name, which is then none (SSL_SetServerEchConfigs fails with -12112), and a key in Base64 it cannot import, whatever it is (-8183). Its client is tried.',
    '`selfserv -Z` refuses 0-RTT data for its first ten seconds, for fear of replays; its cells wait.',
    '`tstclnt` offers no ALPN, and neither tool can be told to update its keys. It ends after its peer does, not at the end of its input.',
    '`tstclnt -L`, which would resume, ends in an error of its memory allocator before its second connection; the external keys of both tools (`-z`) are not chosen.',
  ],
  server: {
    listensEverywhere: true,
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
        'keyUpdate',
      ] as const),
      ...(['recordSizeLimit', 'oddHello', 'allVersions', 'resumption', 'resumptionRetry'] as const),
      ...(['earlyData', 'earlyRejected', 'earlyRetry'] as const),
    ],
    isRestricted: true,
    alpn: 'http/1.1',
    start: startServer,
  },
  client: {
    suites,
    groups,
    certificates,
    features: [
      ...([
        'plain',
        'retry',
        'cookie',
        'clientCertificate',
        'clientWithout',
        'clientRefused',
        'keyUpdate',
      ] as const),
      ...(['ocsp', 'recordSizeLimit', 'bulk', 'oddHello', 'allVersions', 'lateCertificate'] as const),
    ],
    isRestricted: true,
    start: startClient,
  },
};

async function startServer(cell: Cell, { pki, directory }: World): Promise<ServerEnd> {
  const nickname = `server-${cell.certificate}`;
  const port = await freePort();
  const tool = new Tool(
    'selfserv',
    [
      ...['-d', `sql:${database(pki, nickname)}`, '-p', String(port), '-V', 'tls1.3:tls1.3', '-v'],
      ...[
        '-n',
        nickname,
        '-c',
        suiteWords[cell.suite] ?? '',
        '-I',
        groupWords[cell.group] ?? '',
        '-H',
        '1',
        '-J',
        schemes,
      ],
      ...serverFeatures(cell),
    ],
    { cwd: directory },
  );
  return { tool, port, talk: 'http', restMs: sendsEarlyData(cell) ? replayWindowMs : 0 };
}

function serverFeatures({ feature }: Cell): string[] {
  switch (feature) {
    case 'clientCertificate':
    case 'clientRefused':
      return ['-rr'];
    case 'clientWithout':
      return ['-r'];
    case 'alpn':
      return ['-Q'];
    case 'resumption':
    case 'resumptionRetry':
      return ['-u'];
    case 'earlyData':
    case 'earlyRejected':
    case 'earlyRetry':
      return ['-u', '-Z'];
    default:
      return [];
  }
}

async function startClient(cell: Cell, { pki, directory }: World, port: number): Promise<PeerEnd> {
  const offered = offeredGroups(cell, nss.client!);
  const nickname = `client-${cell.certificate}`;
  // Of a database with an own certificate, that one is presented without being asked.
  const hasOwn = cell.feature === 'clientCertificate' || cell.feature === 'lateCertificate';
  const tool = new Tool(
    'tstclnt',
    [
      ...[
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-a',
        'localhost',
        '-d',
        `sql:${database(pki, hasOwn ? nickname : undefined)}`,
      ],
      ...[
        '-V',
        'tls1.3:tls1.3',
        '-c',
        suiteWords[cell.suite] ?? '',
        '-I',
        offered.map((each) => groupWords[each]).join(),
        '-J',
        schemes,
      ],
      ...(hasOwn ? ['-n', nickname] : []),
      ...(cell.feature === 'ocsp' ? ['-T', '-v'] : []),
      ...(cell.feature === 'lateCertificate' ? ['-E'] : []),
    ],
    { cwd: directory },
  );
  return {
    tool,
    talk: 'console',
    waitsForOurEnd: true,
    prints: cell.feature === 'ocsp' ? ['Received 1 Cert Status items'] : [],
  };
}

/** Its protection against replay refuses what may have come before it was there. */
const replayWindowMs = 12_000;

/** Left to themselves the tools do without keys of type RSASSA-PSS. */
const schemes = [
  ...['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384', 'ecdsa_secp521r1_sha512'],
  ...['rsa_pss_rsae_sha256', 'rsa_pss_pss_sha256', 'rsa_pkcs1_sha256'],
].join();

/** A database with the root and this identity, if any; made once. */
export function database(pki: World['pki'], nickname: string | undefined): string {
  const directory = join(pki.directory, `nss-${nickname ?? 'nobody'}`);
  if (existsSync(directory)) return directory;
  mkdirSync(directory);
  const at = ['-d', `sql:${directory}`];
  runTool('certutil', ['-N', ...at, '--empty-password']);
  runTool('certutil', ['-A', ...at, '-n', 'root', '-t', 'CT,C,C', '-i', pki.rootFile]);
  if (nickname === undefined) return directory;
  runTool('pk12util', ['-i', join(pki.directory, `${nickname}.p12`), ...at, '-W', 'sealwire']);
  return directory;
}

const suiteWords: Readonly<Partial<Record<SuiteName, string>>> = {
  TLS_AES_128_GCM_SHA256: ':1301',
  TLS_AES_256_GCM_SHA384: ':1302',
  TLS_CHACHA20_POLY1305_SHA256: ':1303',
};
const groupWords: Readonly<Partial<Record<GroupName, string>>> = {
  x25519: 'x25519',
  secp256r1: 'P256',
  secp384r1: 'P384',
  secp521r1: 'P521',
  ffdhe2048: 'FF2048',
  ffdhe3072: 'FF3072',
  ffdhe4096: 'FF4096',
  ffdhe6144: 'FF6144',
  ffdhe8192: 'FF8192',
};
