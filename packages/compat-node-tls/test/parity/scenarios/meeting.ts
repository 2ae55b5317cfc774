import type { TLSSocket } from 'node:tls';
import type { Recorder } from '../recorder.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { type Together, together } from './together.ts';

export type Version = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
export const both: readonly Version[] = ['TLSv1.2', 'TLSv1.3'];

/** Options that are not all in the types, and not all as the types want them. */
type Options = (stage: Stage) => object;

/** A server and a client that meet on the loopback. */
export interface Meeting {
  readonly name: string;
  readonly server?: Options;
  readonly client?: Options;
  /** What they do once the client has begun to connect. Default: `talk`. */
  readonly script?: Script;
}

export type Script = (met: Together, stage: Stage) => void | Promise<void>;

export function meetings(
  area: string,
  list: readonly Meeting[],
  versions: readonly Version[] = both,
): Scenario[] {
  return versions.flatMap((version) =>
    list.map((meeting) => ({
      name: `${area}, ${version}: ${meeting.name}`,
      play: (stage) => meet(stage, meeting, version),
    })),
  );
}

async function meet(
  stage: Stage,
  { server, client, script = talk }: Meeting,
  version: Version,
): Promise<void> {
  const range = { minVersion: version, maxVersion: version };
  const met = await together(stage, { ...range, ...server?.(stage) }, { ...range, ...client?.(stage) });
  await script(met, stage);
  await met.closed;
}

/** The client says something, and the server ends. */
export function talk({ client, accepted }: Together): void {
  client.on('secureConnect', () => client.write('x'));
  void accepted.then((socket) => socket.on('data', () => socket.end()));
}

/** Nothing: for those that fail by themselves. */
export function watch(): void {}

/** Both look at the connection when it stands, and the client ends. */
export function look(
  ask: (socket: TLSSocket, recorder: Recorder, side: 'server' | 'client') => void,
): Script {
  return async (met, { onServer, onClient }) => {
    const socket = await secured(met);
    if (socket) {
      ask(socket, onServer, 'server');
      ask(met.client, onClient, 'client');
    }
    met.client.end();
  };
}

/** The server's socket, when both sides are done; nothing when they never are. */
export function secured({ client, accepted, closed }: Together): Promise<TLSSocket | undefined> {
  const ready = new Promise<void>((resolve) => client.once('secureConnect', () => resolve()));
  const stands = Promise.all([accepted, ready]).then(([socket]) => socket);
  return Promise.race([stands, closed.then(() => undefined)]);
}

/** Ends when the event comes. */
export function once(emitter: NodeJS.EventEmitter, event: string): Promise<unknown[]> {
  return new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));
}
