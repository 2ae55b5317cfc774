import { spawnSync } from 'node:child_process';
import { suites12 } from '@sealwire/core/tls12';
import { externalPsk } from '../own-options.ts';
import { writePsk } from '../peers/gnutls.ts';
import { database } from '../peers/nss.ts';
import type { PeerEnd, ServerEnd, World } from '../peers/peer.ts';
import { freePort, Tool } from '../processes.ts';
import {
  hasCertificate,
  hasPsk,
  type OlderCell,
  type OlderSide,
  type OlderSuite,
  type OlderVersion,
  ownSuites,
  suiteNumber,
} from './cells.ts';

/** What a client keeps on disk from its first connection to its second. */
export interface OlderVisit {
  readonly number: 1 | 2;
  readonly isLast: boolean;
  readonly sessionFile: string;
}

/** How the tools of a peer are told to speak TLS 1.2 and older. */
export interface OlderPeer {
  /** That of a `Peer`. */
  readonly name: string;
  readonly limits: readonly string[];
  readonly server: OlderSide & { start(cell: OlderCell, world: World): Promise<ServerEnd> };
  readonly client: OlderSide & {
    start(cell: OlderCell, world: World, port: number, visit: OlderVisit): Promise<PeerEnd>;
  };
}

const versions: readonly OlderVersion[] = ['TLS 1.2', 'TLS 1.1', 'TLS 1.0'];
const mostFeatures = ['plain', 'clientCertificate', 'resumedById', 'resumedByTicket', 'allVersions'] as const;
const everyFeature = [...mostFeatures, 'renegotiated', 'peerRenegotiates'] as const;

// ------------------------------------------------------------------------------------------- OpenSSL

function openssl(): OlderPeer {
  const names = opensslNames();
  const side: OlderSide = {
    suites: ownSuites.filter((suite) => names.has(suite)),
    versions,
    certificates: ['rsa2048', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448'],
    features: everyFeature,
  };
  const common = ({ version, suite }: OlderCell) => [
    { 'TLS 1.2': '-tls1_2', 'TLS 1.1': '-tls1_1', 'TLS 1.0': '-tls1' }[version],
    ...['-cipher', `${names.get(suite)}:@SECLEVEL=0`],
    ...(hasPsk(suite) ? ['-psk', externalPsk.key.toString('hex'), '-psk_identity', pskIdentity] : []),
  ];
  return {
    name: 'openssl',
    limits: ['The OpenSSL of Debian has no 3DES.'],
    server: {
      ...side,
      async start(cell, { pki, directory }) {
        const own = pki.servers[cell.certificate].files;
        const port = await freePort();
        const tool = new Tool(
          'openssl',
          [
            ...['s_server', '-accept', `127.0.0.1:${port}`, ...common(cell)],
            ...['-cert', own.certificate, '-key', own.key, '-cert_chain', pki.intermediateFile],
            ...(cell.feature === 'clientCertificate'
              ? ['-Verify', '3', '-CAfile', pki.rootFile, '-verify_return_error']
              : []),
            ...(cell.feature === 'resumedById' ? ['-no_ticket'] : []),
            ...(cell.feature === 'renegotiated' ? ['-client_renegotiation'] : []),
          ],
          { cwd: directory },
        );
        return {
          tool,
          port,
          talk: 'console',
          renegotiate: () => tool.write('r\n'),
          prints: [`CIPHER is ${names.get(cell.suite)}`],
          printsLast: resumes(cell) ? ['Reused session-id'] : [],
        };
      },
    },
    client: {
      ...side,
      async start(cell, { pki, directory }, port, visit) {
        const own = pki.clients[cell.certificate].files;
        const tool = new Tool(
          'openssl',
          [
            ...['s_client', '-connect', `127.0.0.1:${port}`, ...common(cell), '-servername', 'localhost'],
            ...['-CAfile', pki.rootFile],
            ...(hasCertificate(cell.suite) ? ['-verify_return_error', '-verify_hostname', 'localhost'] : []),
            ...(cell.feature === 'clientCertificate'
              ? ['-cert', own.certificate, '-key', own.key, '-cert_chain', pki.intermediateFile]
              : []),
            ...(cell.feature === 'resumedById' ? ['-no_ticket'] : []),
            ...(resumes(cell) ? [visit.number === 1 ? '-sess_out' : '-sess_in', visit.sessionFile] : []),
          ],
          { cwd: directory },
        );
        return {
          tool,
          talk: 'console',
          renegotiate: () => tool.write('R\n'),
          prints: [`Cipher is ${names.get(cell.suite)}`],
          printsLast: resumes(cell) ? ['Reused, '] : [],
        };
      },
    },
  };
}

/** What it calls the suites that it has. */
function opensslNames(): ReadonlyMap<string, string> {
  const args = ['ciphers', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'];
  const { stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
  return new Map(
    [...stdout.matchAll(/^(TLS_\w+)\s+- (\S+)/gm)].map(([, standard = '', own = '']) => [standard, own]),
  );
}

// -------------------------------------------------------------------------------------------- GnuTLS

function gnutls(): OlderPeer {
  const listed = gnutlsNumbers();
  const side: OlderSide = {
    suites: ownSuites.filter((suite) => listed.has(suites12[suite])),
    versions,
    certificates: ['rsa2048', 'rsa-pss', 'p256', 'p384', 'p521', 'ed25519', 'ed448'],
    features: everyFeature,
    newer: (suite) => listed.get(suites12[suite]) === 'TLS1.2',
  };
  return {
    name: 'gnutls',
    limits: [
      '`gnutls-cli` of GnuTLS 3.7 ends in a segmentation fault behind handshakes with DHE_PSK and ECDHE_PSK, with OpenSSL as well.',
    ],
    server: {
      ...side,
      async start(cell, { pki, directory }) {
        const own = pki.servers[cell.certificate].files;
        const port = await freePort();
        const tool = new Tool(
          'gnutls-serv',
          [
            ...['--echo', '--port', String(port), '--priority', priority(cell)],
            ...['--x509certfile', own.chain, '--x509keyfile', own.key],
            ...(cell.feature === 'clientCertificate'
              ? ['--x509cafile', pki.rootFile, '--require-client-cert', '--verify-client-cert']
              : ['--disable-client-cert']),
            ...(cell.feature === 'resumedById' ? ['--noticket'] : resumes(cell) ? [] : ['--nodb']),
            ...(hasPsk(cell.suite) ? ['--pskpasswd', writePsk(directory)] : []),
          ],
          { cwd: directory },
        );
        return { tool, port, talk: 'echo', renegotiate: (ours) => ours.send('**REHANDSHAKE**\n') };
      },
    },
    client: {
      ...side,
      suites: side.suites.filter((suite) => !/^TLS_(DHE_PSK|PSK_DHE|ECDHE_PSK)_/.test(suite)),
      async start(cell, { pki, directory }, port) {
        const own = pki.clients[cell.certificate].files;
        const tool = new Tool(
          'gnutls-cli',
          [
            ...['--port', String(port), '--priority', priority(cell), '--x509cafile', pki.rootFile],
            ...['--sni-hostname', 'localhost', '--verify-hostname', 'localhost'],
            ...(hasCertificate(cell.suite) ? [] : ['--no-ca-verification']),
            ...(hasPsk(cell.suite)
              ? ['--pskusername', pskIdentity, '--pskkey', externalPsk.key.toString('hex')]
              : []),
            ...(cell.feature === 'peerRenegotiates' ? ['--inline-commands'] : []),
            ...(cell.feature === 'clientCertificate'
              ? ['--x509certfile', own.chain, '--x509keyfile', own.key]
              : []),
            ...(resumes(cell) ? ['--resume', '--waitresumption'] : []),
            ...(cell.feature === 'resumedById' ? ['--noticket'] : []),
            '127.0.0.1',
          ],
          { cwd: directory },
        );
        return {
          tool,
          talk: 'console',
          renegotiate: () => tool.write('^renegotiate^\n'),
          ...(resumes(cell) ? { returns: {}, printsLast: ['This is a resumed session'] } : {}),
        };
      },
    },
  };
}

/** Numbers of the suites that it has, and the first version that it speaks each in. */
function gnutlsNumbers(): ReadonlyMap<number, string> {
  const { stdout } = spawnSync('gnutls-cli', ['--list'], { encoding: 'utf8' });
  return new Map(
    [...stdout.matchAll(/^TLS_\w+\s+0x(\w\w), 0x(\w\w)\s+(\S+)$/gm)].map(([, high, low, version = '']) => [
      Number.parseInt(`${high}${low}`, 16),
      version,
    ]),
  );
}

/** One version with one suite, and everything that may be signed with. */
function priority({ version, suite }: OlderCell): string {
  const [, exchange = '', cipher = '', mac] =
    /^TLS_(\w+?)_WITH_(\w+?)(?:_(SHA|SHA256|SHA384|MD5))?$/.exec(suite) ?? [];
  const isAead = /GCM|CCM|CHACHA/.test(cipher);
  const kx =
    { DH_anon: 'ANON-DH', ECDH_anon: 'ANON-ECDH', PSK_DHE: 'DHE-PSK' }[exchange] ??
    exchange.replaceAll('_', '-');
  const word = cipher === '3DES_EDE_CBC' ? '3DES-CBC' : cipher.replaceAll('_', '-');
  return [
    'NONE',
    `+VERS-${version.replace(' ', '')}`,
    `+${kx}`,
    `+${word}`,
    isAead ? '+AEAD' : `+${mac === 'SHA' ? 'SHA1' : mac}`,
    ...['+COMP-NULL', '+SIGN-ALL', '+SIGN-RSA-SHA1', '+SIGN-ECDSA-SHA1', '+GROUP-ALL', '+CTYPE-X509'],
    '%VERIFY_ALLOW_SIGN_WITH_SHA1',
  ].join(':');
}

// ----------------------------------------------------------------------------------------------- NSS

function nss(): OlderPeer {
  // Its list is that of its manual; it has no CCM and no anonymous suites.
  const suites = ownSuites.filter((suite) => /^TLS_(ECDHE_ECDSA|ECDHE_RSA|DHE_RSA|RSA)_WITH_/.test(suite));
  const side: OlderSide = {
    suites: suites.filter(
      (suite) => !/CCM|NULL|RSA_WITH_CHACHA|DHE_RSA_WITH_3DES/.test(suite) || isChacha(suite),
    ),
    versions,
    certificates: ['rsa2048', 'p256', 'p384', 'p521'],
    features: mostFeatures,
  };
  const common = ({ version, suite }: OlderCell) => {
    const word = version.replace(' ', '').toLowerCase();
    return ['-V', `${word}:${word}`, '-c', `:${suiteNumber(suite).toString(16).padStart(4, '0')}`];
  };
  return {
    name: 'nss',
    limits: [
      'NSS has no CCM, no anonymous suites and none with pre-shared keys in TLS 1.2; `tstclnt` cannot resume, and neither tool is told to renegotiate.',
    ],
    server: {
      ...side,
      async start(cell, { pki, directory }) {
        const nickname = `server-${cell.certificate}`;
        const port = await freePort();
        const tool = new Tool(
          'selfserv',
          [
            ...['-d', `sql:${database(pki, nickname)}`, '-p', String(port), '-v', ...common(cell)],
            ...['-n', nickname, '-H', '1'],
            ...(cell.feature === 'clientCertificate' ? ['-rr'] : []),
            ...(cell.feature === 'resumedByTicket' ? ['-u'] : []),
          ],
          { cwd: directory },
        );
        return { tool, port, talk: 'http' };
      },
    },
    client: {
      ...side,
      features: ['plain', 'clientCertificate', 'allVersions'],
      async start(cell, { pki, directory }, port) {
        const nickname = `client-${cell.certificate}`;
        const hasOwn = cell.feature === 'clientCertificate';
        const tool = new Tool(
          'tstclnt',
          [
            ...['-h', '127.0.0.1', '-p', String(port), '-a', 'localhost'],
            ...['-d', `sql:${database(pki, hasOwn ? nickname : undefined)}`, ...common(cell)],
            ...(hasOwn ? ['-n', nickname] : []),
          ],
          { cwd: directory },
        );
        return { tool, talk: 'console', waitsForOurEnd: true };
      },
    },
  };
}

const isChacha = (suite: OlderSuite): boolean => /^TLS_(ECDHE|DHE)_.*CHACHA/.test(suite);

const pskIdentity = externalPsk.identity.toString('latin1');

export function resumes({ feature }: OlderCell): boolean {
  return feature === 'resumedById' || feature === 'resumedByTicket';
}

/** Made when they are known to be there: what they have is asked of them. */
export const olderPeers: Readonly<Record<string, () => OlderPeer>> = { openssl, gnutls, nss };
