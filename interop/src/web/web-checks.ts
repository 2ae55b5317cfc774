import { findRuntime } from '../../../scripts/runtimes.mjs';
import type { Check } from '../keylog-check.ts';
import { withDeadEnd } from '../own-network.ts';
import { isInstalled } from '../processes.ts';
import { examplePage, inChromium } from './in-chromium.ts';
import { inDeno } from './in-deno.ts';
import { inWorkerd } from './in-workerd.ts';

/** `@sealwire/web-transport` in the runtimes that it is for: its contract there, and conversations with others. */
export const webChecks: readonly Check[] = [
  {
    name: 'web-transport in Deno: contract over the network, with OpenSSL and Node on either side, STARTTLS',
    run: (world) => withRuntime('deno', (path) => inDeno(world, path)),
  },
  {
    name: 'web-transport in workerd: contract, and cloudflare:sockets to OpenSSL and Node, STARTTLS',
    run: (world) => withRuntime('workerd', (path) => inWorkerd(world, path)),
  },
  {
    name: 'web-transport in Chromium: contract, a tunnel that sees only ciphertext, a WebRTC data channel',
    async run(world) {
      if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };
      await withDeadEnd((hasNetwork) => inChromium(world, hasNetwork));
      return undefined;
    },
  },
  {
    name: 'examples/browser-tunnel in Chromium: its page asks a server on node:https, the tunnel sees only ciphertext',
    async run(world) {
      if (!isInstalled('chromium')) return { skipped: 'chromium is not installed' };
      await examplePage(world);
      return undefined;
    },
  },
];

async function withRuntime(
  name: 'deno' | 'workerd',
  run: (path: string) => Promise<void>,
): Promise<undefined | { readonly skipped: string }> {
  const found = findRuntime(name);
  if ('reason' in found) return { skipped: found.reason };
  await run(found.path);
  return undefined;
}
