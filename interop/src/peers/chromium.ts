import { BrowserPage } from '../browser.ts';
import type { Cell } from '../cell.ts';
import { versionOf } from '../processes.ts';
import type { Peer, PeerEnd, World } from './peer.ts';

/** Headless Chromium: loads a page, whose script posts a word, gets it back and keeps it. */
export const chromium: Peer = {
  name: 'chromium',
  async find() {
    const version = versionOf('chromium', ['--version'], /^(Chromium \S+)/);
    return version === undefined ? { reason: 'chromium is not installed' } : { version };
  },
  limits: [
    'Chromium is a client alone and offers what it likes: suite and group are chosen by our server. It takes our certificates by a list of pinned keys, and resets the TCP connection when we close.',
    'Chromium resumes, and encrypts its hello, on connections that it opens as it likes: see the further checks. It takes ECHConfigs from DNS over HTTPS alone, here from a server of ours.',
    'Chromium verifies no Ed25519, Ed448, RSASSA-PSS or P-521 keys of servers, and has no CCM, X448 or FFDHE.',
  ],
  client: {
    suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
    groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
    retriedGroups: ['secp256r1', 'secp384r1'],
    certificates: ['rsa2048', 'p256', 'p384'],
    features: ['plain', 'cookie', 'alpn', 'ocsp', 'compression', 'allVersions'],
    compression: 'brotli',
    isRestricted: false,
    speaksHttp: true,
    closesWith: 'reset',
    alpn: 'http/1.1',
    start: startClient,
  },
};

async function startClient(_cell: Cell, world: World, port: number): Promise<PeerEnd> {
  const tool = await BrowserPage.open(world);
  // What goes wrong shows on our side, and in the page's own words in the report.
  const loaded = tool.page.goto(`https://localhost:${port}/`).catch(() => undefined);
  return {
    tool,
    talk: 'browser',
    expectsWord: 'word of the page',
    waitsForOurEnd: true,
    async finished() {
      await loaded;
      const outcome = await tool.outcome();
      if (outcome !== 'word of the page') throw new Error(`peer: the page got ${outcome}`);
    },
  };
}
