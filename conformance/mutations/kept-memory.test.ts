import type { ClientOptions, Connection, ServerOptions } from '@sealwire/core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { clientOf, plain, type Scenario, serverOf } from '../properties/scenarios.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const nowMs = Date.UTC(2026, 0, 1);
/** 58 KiB of a ClientHello's 64. */
const alpnProtocols = Array.from({ length: 230 }, (_, i) => String(i).padEnd(255, 'x'));

/** What a server that waits keeps of the largest hello, and what of it when it is over: bytes of one connection. */
function keptBy(client: Partial<ClientOptions>, server: Partial<ServerOptions> = {}) {
  const scenario: Scenario = {
    ...plain,
    client: { alpnProtocols, ...client },
    server: { alpnProtocols: [alpnProtocols[0]!], ...server },
  };
  const hello = Buffer.concat(said(started(clientOf(scenario))));
  const waiting = () => {
    const end = started(serverOf(scenario));
    for (let at = 0; at < hello.length; at += 16_384)
      end.receive(Uint8Array.from(hello.subarray(at, at + 16_384)), nowMs);
    said(end);
    expect(end.facts.clientAlpnProtocols).toHaveLength(alpnProtocols.length);
    return end;
  };
  // What is made once for all connections is made.
  for (let i = 0; i < 3; i++) waiting();
  const before = used();
  const ends = Array.from({ length: connections }, waiting);
  const kept = (used() - before) / connections;
  for (const end of ends) {
    end.abort();
    said(end);
  }
  return { kept, keptAtEnd: (used() - before) / connections, ends };
}

function started<E extends Connection>(end: E): E {
  end.start(nowMs);
  return end;
}

function said(end: Connection): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let output = end.poll(); output !== undefined; output = end.poll()) {
    if (output.type === 'transmit') pieces.push(...output.pieces);
  }
  return pieces;
}

function used(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const connections = 20;

describe('a server keeps of a ClientHello of nearly 64 KiB', () => {
  it.each([
    ['its names, when it has answered', {}, {}, 180_000],
    ['the whole, while it waits for another', { keyShares: [] }, {}, 300_000],
    ['the whole, while a question is open', {}, { answers: { chooseConfig: () => undefined } }, 300_000],
  ] as const)('%s', (_, client, server, most) => {
    const { kept, keptAtEnd } = keptBy(client, server);
    expect(kept).toBeLessThan(most);
    // The facts remain, and with them the names that it has offered.
    expect(keptAtEnd).toBeLessThan(120_000);
  });
});
