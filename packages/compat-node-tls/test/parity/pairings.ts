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

/** What is compared with the builtin on both sides. */
export const pairings: readonly Pairing[] = [
  { server: 'ours', client: 'builtin' },
  { server: 'builtin', client: 'ours' },
  { server: 'ours', client: 'ours' },
];

export const reference: Pairing = { server: 'builtin', client: 'builtin' };

export interface Seen {
  readonly server: readonly string[];
  readonly client: readonly string[];
}

/** Plays a scenario, and gives what both sides have seen. */
export async function played({ play }: Scenario, { server, client }: Pairing): Promise<Seen> {
  const [onServer, onClient] = [new Recorder('server'), new Recorder('client')];
  const actions: (() => void)[] = [];
  try {
    await play({
      server: implementations[server],
      client: implementations[client],
      onServer,
      onClient,
      pki,
      cleanUp: (action) => void actions.push(action),
    });
  } finally {
    for (const action of actions.reverse()) action();
  }
  return { server: onServer.lines, client: onClient.lines };
}

const pki = parityPki();
