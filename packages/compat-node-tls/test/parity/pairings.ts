import builtin from 'node:tls';
import ours from '../../src/index.ts';
import { parityPki } from './pki.ts';
import { Recorder } from './recorder.ts';
import type { Scenario, Tls } from './scenario.ts';

const implementations = { builtin, ours: ours as unknown as Tls };

export interface Pairing {
  readonly server: keyof typeof implementations;
  readonly client: keyof typeof implementations;
}

const all: readonly Pairing[] = [
  { server: 'ours', client: 'builtin' },
  { server: 'builtin', client: 'ours' },
  { server: 'ours', client: 'ours' },
];

/** What is compared with the builtin on both sides. */
export function pairingsOf({ alone }: Scenario): readonly Pairing[] {
  return alone ? all.slice(2) : all;
}

export const reference: Pairing = { server: 'builtin', client: 'builtin' };

export interface Seen {
  readonly server: readonly string[];
  readonly client: readonly string[];
}

/** Plays a scenario, and gives what both sides have seen. Rejects when it throws, or does not end within `limitMs`. */
export async function played(
  { name, play }: Scenario,
  { server, client }: Pairing,
  limitMs = 10_000,
): Promise<Seen> {
  const [onServer, onClient] = [new Recorder('server'), new Recorder('client')];
  const actions: (() => void)[] = [];
  const seen = { server: onServer.lines, client: onClient.lines };
  const stage = {
    server: implementations[server],
    client: implementations[client],
    onServer,
    onClient,
    pki,
    cleanUp: (action: () => void) => void actions.push(action),
  };
  let watchdog: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    watchdog = setTimeout(() => {
      const pairing = `${server} as server, ${client} as client`;
      reject(new Error(`"${name}" with ${pairing} did not end. Seen: ${JSON.stringify(seen, null, 1)}`));
    }, limitMs);
  });
  try {
    await Promise.race([Promise.resolve(play(stage)), hung]);
    return { server: [...onServer.lines], client: [...onClient.lines] };
  } finally {
    clearTimeout(watchdog);
    for (const action of actions.reverse()) action();
  }
}

const pki = parityPki();
