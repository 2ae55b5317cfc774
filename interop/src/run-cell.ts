import { createServer as listen, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createClient, createServer } from '@sealwire/core';
import type { Cell } from './cell.ts';
import { checkCell } from './check-cell.ts';
import { serveHttp } from './http.ts';
import { describeFailure, dial, OwnEnd } from './own-end.ts';
import { clientOptions, serverOptions } from './own-options.ts';
import type { Peer, PeerEnd, World } from './peers/peer.ts';
import { waitFor } from './processes.ts';
import { earlyLine, visitedServer, visitingClient, visitsOf } from './visit.ts';

/** Runs one cell; throws when anything is not as asked, with what the peer printed. */
export async function runCell(cell: Cell, peer: Peer, world: World): Promise<void> {
  if (cell.role === 'client') await ourClient(cell, peer, world);
  else await ourServer(cell, peer, world);
}

async function ourClient(cell: Cell, peer: Peer, world: World): Promise<void> {
  const side = peer.server!;
  const theirs = await side.start(cell, world);
  let ours: OwnEnd | undefined;
  try {
    for (const visit of visitsOf(cell, side, world)) {
      if (visit.number > 1) await setTimeout(theirs.restMs ?? 0);
      const options = { ...clientOptions(cell, side, world), ...visitingClient(cell, visit) };
      ours = new OwnEnd(createClient(options), await dial(theirs.port), { early: earlyLine });
      await checkCell(cell, ours, theirs, side, world, visit);
      ours.destroy();
    }
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    ours?.destroy();
    await theirs.tool.stop();
  }
}

async function ourServer(cell: Cell, peer: Peer, world: World): Promise<void> {
  const side = peer.client!;
  const visits = visitsOf(cell, side, world);
  const ends: OwnEnd[] = [];
  const arrivals = new Set<() => void>();
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    const visit = visits[Math.min(ends.length, visits.length - 1)]!;
    const options = {
      ...serverOptions({ ...cell, group: visit.group }, side, world),
      ...visitedServer(cell, visit),
    };
    const end = new OwnEnd(createServer(options), socket);
    ends.push(end);
    if (side.speaksHttp) serveHttp(end);
    for (const arrived of arrivals) arrived();
  });
  let theirs: PeerEnd | undefined;
  try {
    const port = await listenLocally(server);
    for (const visit of visits) {
      if (theirs?.returns === undefined) {
        await theirs?.tool.stop();
        theirs = await side.start(cell, world, port, visit);
      }
      const { expectsWord } = theirs;
      const hasCome = () => ends.length >= visit.number;
      await waitFor(arrivals, hasCome, () => false, 'peer: no connection came', 20_000);
      const ours = expectsWord === undefined ? ends[visit.number - 1]! : await endWith(expectsWord, ends);
      await checkCell(cell, ours, theirs, side, world, visit);
    }
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    for (const end of ends) end.destroy();
    server.close();
    await theirs?.tool.stop();
  }
}

export function listenLocally(server: ReturnType<typeof listen>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** A browser opens connections as it likes; the one that counts is the one its page posted its word on. */
async function endWith(word: string, ends: readonly OwnEnd[]): Promise<OwnEnd> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const end = ends.find(({ text }) => text.includes(word));
    if (end !== undefined) return end;
    if (Date.now() > deadline) {
      const seen = ends.map(({ ended }) => (ended?.type === 'failed' ? describeFailure(ended) : ended?.type));
      throw new Error(
        `peer: the page posted no word on any of ${ends.length} connections: ${seen.join(', ')}`,
      );
    }
    await setTimeout(20);
  }
}

export function withOutput(error: unknown, theirs: PeerEnd | undefined): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(theirs === undefined ? message : `${message}\n${theirs.tool.describe()}`);
}
