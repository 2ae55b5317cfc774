import { createHash } from 'node:crypto';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { World } from './peers/peer.ts';
import { pathOf } from './processes.ts';

/** A page of its own: it shares neither connections nor sessions with the others. */
export class BrowserPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #lines: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('console', (message) => this.#lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#lines.push(`page error: ${error.message}`));
    page.on('requestfailed', (request) =>
      this.#lines.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`),
    );
  }

  static async open(world: Pick<World, 'pki'>): Promise<BrowserPage> {
    const context = await (await browserOf(world)).newContext();
    return new BrowserPage(context, await context.newPage());
  }

  /** In a browser of its own, with this folder, that trusts this key: it resolves names as the folder tells it. */
  static async openAlone(profile: string, spki: Uint8Array): Promise<BrowserPage> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      args: [...quiet, pinning([spki])],
    });
    return new BrowserPage(context, await context.newPage());
  }

  /** Resolves once the page has set the global variable `outcome`. */
  async outcome(timeoutMs = 30_000): Promise<string> {
    await this.page.waitForFunction('globalThis.outcome !== undefined', undefined, { timeout: timeoutMs });
    return String(await this.page.evaluate('globalThis.outcome'));
  }

  async stop(): Promise<void> {
    await this.#context.close();
  }

  /** What the page said, for reports of failures. */
  describe(): string {
    return `Chromium at ${this.page.url()}\n${this.#lines.slice(-40).join('\n')}`;
  }
}

/** Ends the browser, if there is one. */
export async function closeBrowser(): Promise<void> {
  await (await launched)?.close();
  launched = undefined;
}

/** The one Chromium of this run, without a window, a past, or anything to talk to but us. */
function browserOf({ pki }: Pick<World, 'pki'>): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: chromiumPath(),
    args: [...quiet, onlyThisMachine, pinning(Object.values(pki.servers).map(({ spki }) => spki))],
  });
  return launched;
}

function chromiumPath(): string {
  const path = pathOf('chromium');
  if (path === undefined) throw new Error('chromium is not installed');
  return path;
}

function pinning(keys: readonly Uint8Array[]): string {
  const pins = keys.map((spki) => createHash('sha256').update(spki).digest('base64'));
  return `--ignore-certificate-errors-spki-list=${pins.join()}`;
}

let launched: Promise<Browser> | undefined;
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  // Peers in one page find each other by their addresses: nobody here resolves names.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-proxy-server',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--log-level=3',
];
const onlyThisMachine = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
