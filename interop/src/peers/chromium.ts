import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell } from '../cell.ts';
import { Tool, versionOf } from '../processes.ts';
import type { Peer, PeerEnd, World } from './peer.ts';

/** Headless Chromium: loads a page, whose script posts a word, gets it back and posts the result. */
export const chromium: Peer = {
  name: 'chromium',
  async find() {
    const version = versionOf('chromium', ['--version'], /^(Chromium \S+)/);
    return version === undefined ? { reason: 'chromium is not installed' } : { version };
  },
  limits: [
    'Chromium is a client alone and offers what it likes: suite and group are chosen by our server. It takes our certificates by a list of pinned keys, and resets the TCP connection when we close.',
    'Chromium verifies no Ed25519, Ed448, RSASSA-PSS or P-521 keys of servers, and has no CCM, X448 or FFDHE.',
  ],
  client: {
    suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
    retriedGroups: ['secp256r1', 'secp384r1'],
    certificates: ['rsa2048', 'p256', 'p384'],
    features: ['plain', 'cookie', 'alpn', 'ocsp'],
    isRestricted: false,
    speaksHttp: true,
    closesWith: 'reset',
    alpn: 'http/1.1',
    start: startClient,
  },
};

async function startClient(cell: Cell, { pki, directory }: World, port: number): Promise<PeerEnd> {
  const pin = createHash('sha256').update(pki.servers[cell.certificate].spki).digest('base64');
  const tool = startBrowser(directory, [
    `--ignore-certificate-errors-spki-list=${pin}`,
    `https://localhost:${port}/`,
  ]);
  return { tool, talk: 'http', expectsResult: 'got word of the page', waitsForOurEnd: true };
}

/** A browser without a window, a past, or anything to talk to but us. */
export function startBrowser(directory: string, args: readonly string[]): Tool {
  const profile = mkdtempSync(join(directory, 'chromium-'));
  return new Tool('chromium', [
    ...[
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-extensions',
    ],
    ...[
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-default-browser-check',
    ],
    ...[
      '--disable-dev-shm-usage',
      '--log-level=3',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
    ...[`--user-data-dir=${profile}`, '--no-proxy-server', ...args],
  ]);
}
