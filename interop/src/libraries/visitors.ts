import { BrowserPage } from '../browser.ts';
import type { World } from '../peers/peer.ts';
import { isInstalled, runTool } from '../processes.ts';
import { bulk, sha256 } from './facts.ts';
import type { Facts, Site } from './script.ts';

/** A client that is no library, but a program: what it sees is the same of Node's server and of ours. */
export interface Visitor {
  /** Its program. */
  readonly name: string;
  readonly cases: Readonly<Record<string, (site: Site, world: Pick<World, 'pki'>) => Promise<Facts>>>;
}

/** Of the server of the script `http2`. */
export const http2Visitors: readonly Visitor[] = [
  {
    name: 'curl',
    cases: Object.fromEntries(
      ['1.3', '1.2'].map((version) => [
        `--http2, TLS ${version}: 4 MB there and back`,
        ({ ports, files }: Site) =>
          Promise.resolve(curled(`https://localhost:${ports['tls']}`, files.ca, version)),
      ]),
    ),
  },
  {
    name: 'chromium',
    cases: {
      'a page, 20 requests at once, 2 MB there and back': async ({ ports }, world) => {
        const opened = await BrowserPage.open(world);
        try {
          await opened.page.goto(`https://localhost:${ports['tls']}/page`);
          return JSON.parse(await opened.outcome());
        } catch (error) {
          throw new Error(`${error instanceof Error ? error.message : error}\n${opened.describe()}`);
        } finally {
          await opened.stop();
        }
      },
    },
  },
];

function curled(url: string, ca: string, version: string): Facts {
  const sent = bulk(4_000_000).toString('base64');
  const versions = [`--tlsv${version}`, '--tls-max', version];
  const curl = (path: string, more: readonly string[], input?: string) =>
    runTool(
      'curl',
      ['--http2', '--silent', '--show-error', '--cacert', ca, ...versions, ...more, url + path],
      input,
    );
  const back = curl('/echo', ['--data-binary', '@-'], sent);
  if (sha256(back) !== sha256(sent)) throw new Error('other bytes came back');
  return JSON.parse(curl('/', []));
}

export function isThere({ name }: Visitor): boolean {
  return isInstalled(name);
}
