import { createServer as listen, type Socket } from 'node:net';
import { createClient, createServer } from '@sealwire/core';
import type { Cell } from './cell.ts';
import { checkCell } from './check-cell.ts';
import { serveHttp } from './http.ts';
import { describeFailure, dial, OwnEnd } from './own-end.ts';
import { clientOptions, serverOptions } from './own-options.ts';
import type { Peer, PeerEnd, World } from './peers/peer.ts';

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
    const socket = await dial(theirs.port);
    ours = new OwnEnd(createClient(clientOptions(cell, side, world)), socket);
    await checkCell(cell, ours, theirs, side, world);
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    ours?.destroy();
    await theirs.tool.stop();
  }
}

async function ourServer(cell: Cell, peer: Peer, world: World): Promise<void> {
  const side = peer.client!;
  const options = serverOptions(cell, side, world);
  const ends: OwnEnd[] = [];
  let announce: (end: OwnEnd) => void = () => {};
  const first = new Promise<OwnEnd>((resolve) => (announce = resolve));
  const server = listen({ allowHalfOpen: true }, (socket: Socket) => {
    const end = new OwnEnd(createServer(options), socket);
    ends.push(end);
    if (side.speaksHttp) serveHttp(end);
    announce(end);
  });
  let theirs: PeerEnd | undefined;
  try {
    theirs = await side.start(cell, world, await listenLocally(server));
    const { expectsWord } = theirs;
    const ours = await (expectsWord === undefined
      ? Promise.race([first, noneCame()])
      : endWith(expectsWord, ends));
    await checkCell(cell, ours, theirs, side, world);
  } catch (error) {
    throw withOutput(error, theirs);
  } finally {
    for (const end of ends) end.destroy();
    server.close();
    await theirs?.tool.stop();
  }
}

function listenLocally(server: ReturnType<typeof listen>): Promise<number> {
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
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function noneCame(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('peer: no connection came')), 20_000).unref();
  });
}

function withOutput(error: unknown, theirs: PeerEnd | undefined): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(theirs === undefined ? message : `${message}\n${theirs.tool.describe()}`);
}
