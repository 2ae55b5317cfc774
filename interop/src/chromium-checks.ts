import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as listen, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer, type Credential, namedGroups, type ServerOptions, TicketRing } from '@sealwire/core';
import { encodeEchConfigList, type EchKey, generateEchKey, serverEch } from '@sealwire/core/ech';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, loadCredential, makeCertificate } from '@sealwire/x509';
import { BrowserPage } from './browser.ts';
import { startDohServer } from './doh-server.ts';
import { serveHttp } from './http.ts';
import type { Check } from './keylog-check.ts';
import { OwnEnd } from './own-end.ts';
import type { World } from './peers/peer.ts';
import { isInstalled } from './processes.ts';

/** What a browser does over several connections, which it opens as it likes: no cells of the matrix. */
export const chromiumChecks: readonly Check[] = [
  check('Chromium resumes a session with our server', resumes),
  check('ECH with Chromium: their client is accepted', (world) => offersEch(world, {})),
  check('ECH with Chromium: their client is accepted after a retry', (world) =>
    offersEch(world, { options: { groups: [namedGroups.secp384r1] } }),
  ),
  check('ECH with Chromium: their client is rejected, and accepted with the retry configs', (world) =>
    offersEch(world, { isStale: true }),
  ),
  check('ECH with Chromium: their GREASE is ignored', (world) => offersEch(world, { isUnpublished: true })),
];

function check(name: string, run: (world: World) => Promise<void>): Check {
  return {
    name,
    async run(world) {
      if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };
      await run(world);
      return undefined;
    },
  };
}

/** A page that posts a word again and again, on a new connection each time, until one is resumed. */
async function resumes(world: World): Promise<void> {
  const tickets = { keeper: new TicketRing({ provider }) };
  const credentials = [world.pki.servers.p256.credential(provider)];
  const ours = await openServer({ tickets, credentials }, true);
  const opened = await BrowserPage.open(world);
  try {
    await opened.page.goto(`https://localhost:${ours.port}/`);
    const hasResumed = () =>
      ours.ends.some((end) => hasAnswered(end) && end.connection.facts.resumed === true);
    for (let i = 0; i < 20 && !hasResumed(); i++) {
      const answer: unknown = await opened.page.evaluate(
        "fetch('/echo', { method: 'POST', body: 'word of the page' }).then((answer) => answer.text())",
      );
      if (answer !== postedWord) throw new Error(`peer: the page got ${String(answer)}`);
    }
    if (!hasResumed()) throw new Error(`we: none of ${ours.ends.length} connections was resumed`);
  } catch (error) {
    throw withPage(error, opened);
  } finally {
    await opened.stop();
    ours.close();
  }
}

interface EchCase {
  readonly options?: Partial<ServerOptions>;
  /** DNS still has a key that the server has no more. */
  readonly isStale?: boolean;
  /** DNS has no key. */
  readonly isUnpublished?: boolean;
}

/** A page of a name whose key stands in DNS, which a browser asks over HTTPS alone. */
async function offersEch(world: World, { options = {}, isStale = false, isUnpublished = false }: EchCase) {
  const [key, staleKey] = [7, 8].map((configId) => generateEchKey({ provider, publicName, configId })) as [
    EchKey,
    EchKey,
  ];
  const { credential, spki, files } = makeIdentity();
  const acceptEch = serverEch({ provider, keys: [key] });
  // Without tickets: what a client leaves unread when it goes makes the system take its alert back.
  const ours = await openServer({ credentials: [credential], acceptEch, tickets: false, ...options }, false);
  const list = encodeEchConfigList([(isStale ? staleKey : key).config]);
  const doh = await startDohServer(files, {
    name: hiddenName,
    ...(isUnpublished ? {} : { echConfigList: list }),
  });
  const opened = await BrowserPage.openAlone(profileWith(world, doh.url), spki);
  try {
    await opened.page.goto(`https://${hiddenName}:${ours.port}/`);
    const outcome = await opened.outcome();
    if (outcome !== postedWord) throw new Error(`peer: the page got ${outcome}`);
    const facts = ours.ends.filter(hasAnswered).map(({ connection }) => connection.facts);
    for (const each of facts) {
      expect('what came of the hello', each.encryptedClientHello, isUnpublished ? 'rejected' : 'accepted');
      expect('name', each.serverName, hiddenName);
      expect('outer name', each.outerServerName, isUnpublished ? undefined : publicName);
      expect('retry', each.helloRetried, options.groups !== undefined);
    }
    expect('whether one answered', facts.length > 0, true);
    const alerts = ours.ends.map(({ ended }) => (ended?.type === 'failed' ? ended.alert : undefined));
    expect('alert ech_required', alerts.includes('ech_required'), isStale);
  } catch (error) {
    throw withPage(error, opened);
  } finally {
    await opened.stop();
    doh.server.close();
    ours.close();
  }
}

/** A folder of a browser that asks this DNS server and no other. */
function profileWith({ directory }: World, dohUrl: string): string {
  mkdirSync(directory, { recursive: true });
  const profile = mkdtempSync(join(directory, 'profile-'));
  const state = { dns_over_https: { mode: 'secure', templates: dohUrl } };
  writeFileSync(join(profile, 'Local State'), JSON.stringify(state));
  return profile;
}

function makeIdentity() {
  const now = Date.now();
  const own = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const certificate = makeCertificate({
    provider,
    notBeforeMs: now - dayMs,
    notAfterMs: now + dayMs,
    subject: { CN: publicName },
    dnsNames: [publicName, hiddenName, 'localhost'],
    key: own,
    extendedKeyUsage: ['serverAuth'],
  });
  const credential: Credential = loadCredential({ provider, chain: [certificate], key: own.exportPkcs8() });
  const files = {
    cert: encodePem('CERTIFICATE', certificate),
    key: encodePem('PRIVATE KEY', own.exportPkcs8()),
  };
  return { credential, spki: own.publicKey.spki, files };
}

/** Our server for a browser; `closes`: each connection serves one request. */
async function openServer(options: Omit<ServerOptions, 'provider'>, closes: boolean) {
  const ends: OwnEnd[] = [];
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    const end = new OwnEnd(createServer({ provider, ...options }), socket);
    ends.push(end);
    serveHttp(end, closes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const end of ends) end.destroy();
    server.close();
  };
  return { ends, port: (server.address() as AddressInfo).port, close };
}

function hasAnswered({ isConnected, text }: OwnEnd): boolean {
  return isConnected && text.includes(postedWord);
}

function withPage(error: unknown, opened: BrowserPage): Error {
  return new Error(`${error instanceof Error ? error.message : String(error)}\n${opened.describe()}`);
}

function expect(what: string, actual: unknown, wanted: unknown): void {
  if (actual !== wanted) throw new Error(`we: ${what} is ${String(actual)}, not ${String(wanted)}`);
}

const postedWord = 'word of the page';
const hiddenName = 'hidden.example.org';
const publicName = 'public.example.net';
const dayMs = 86_400_000;
