import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { loopback } from '../ends.ts';

/** What happens to one connection on its way. Harmless: it only takes longer. */
export type Fault = 'none' | 'delays' | 'single bytes' | 'reset' | 'end' | 'stall' | 'corruption';
export const harmless: readonly Fault[] = ['none', 'delays', 'single bytes'];
export const faults: readonly Fault[] = [...harmless, 'reset', 'end', 'stall', 'corruption'];

export interface Plan {
  readonly fault: Fault;
  /** Whose bytes it happens to. */
  readonly from: 'client' | 'server';
  /** After so many of them. */
  readonly afterBytes: number;
  /** Fractions from 0 to 1, the same for the same plan. */
  readonly random: () => number;
}

export interface Relay {
  readonly port: number;
  /** Whether the connection came so far. */
  hasHappened: boolean;
  /** For when the client has done: resolves when nothing of its connection is left on the way. It may never have come. */
  finish(): Promise<void>;
}

/** A relay for one connection to this port; `reached` is told by which port the server knows it. */
export async function relayTo(
  port: number,
  plan: Plan,
  reached: (localPort: number) => void,
): Promise<Relay> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, loopback);
  await once(server, 'listening');
  const relay = { port: (server.address() as AddressInfo).port, hasHappened: false };
  const serverClosed = new Promise((resolve) => server.once('close', resolve));
  let passing: Promise<unknown> | undefined;
  let sockets: readonly Socket[] = [];
  const pass = async (near: Socket) => {
    server.close();
    const far = connect({ port, host: loopback, allowHalfOpen: true, noDelay: true });
    const both = [near, far] as const;
    sockets = both;
    for (const socket of both) socket.on('error', () => {});
    const gone = Promise.all(both.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    await once(far, 'connect');
    reached(far.localPort!);
    void forward(near, far, plan.from === 'client' ? plan : calm(plan), relay, both);
    void forward(far, near, plan.from === 'server' ? plan : calm(plan), relay, both);
    await gone;
  };
  server.once('connection', (near) => {
    passing = pass(near);
    passing.catch(() => {});
  });
  const finish = async () => {
    if (server.listening) server.close();
    // The other end of a broken connection may have nothing to say for long, and nobody is left to hear it.
    const cut = setTimeout(
      () => sockets.forEach((socket) => socket.destroy()),
      relay.hasHappened ? 500 : 120_000,
    );
    await serverClosed;
    await passing;
    clearTimeout(cut);
  };
  return Object.assign(relay, { finish });
}

/** The other direction: as slow, but whole. */
function calm(plan: Plan): Plan {
  return harmless.includes(plan.fault) ? plan : { ...plan, fault: 'none' };
}

async function forward(
  from: Socket,
  to: Socket,
  plan: Plan,
  relay: { hasHappened: boolean },
  both: readonly [Socket, Socket],
): Promise<void> {
  const { fault, afterBytes } = plan;
  const records = new Records();
  let passed = 0;
  let isInterrupted = false;
  try {
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      // What comes after an interruption is lost.
      if (isInterrupted) continue;
      const wanted = afterBytes - passed;
      passed += chunk.length;
      const place = fault === 'corruption' ? records.placeIn(chunk, wanted) : wanted;
      if (harmless.includes(fault) || relay.hasHappened || place === undefined || place >= chunk.length) {
        await passOn(chunk, to, plan);
        continue;
      }
      relay.hasHappened = true;
      if (fault === 'corruption') {
        const changed = Buffer.from(chunk);
        changed[place]! ^= 1 << Math.floor(plan.random() * 8);
        await passOn(changed, to, plan);
        continue;
      }
      isInterrupted = true;
      if (place > 0) to.write(chunk.subarray(0, place));
      if (fault === 'end') to.end();
      if (fault === 'reset') for (const socket of both) reset(socket);
    }
    // Of a stall nobody is told until who sends has given up.
    if (isInterrupted) reset(to);
    else to.end();
  } catch {
    for (const socket of both) socket.destroy();
  }
}

/** What has been ended already cannot be reset: Node would then never say that it is closed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

async function passOn(bytes: Buffer, to: Socket, { fault, random }: Plan): Promise<void> {
  if (fault === 'delays') {
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random() * 20_000);
      if (random() < 0.5) await sleep(random() * 8);
      await write(to, bytes.subarray(at, end));
      at = end;
    }
  } else if (fault === 'single bytes') {
    const singles = Math.min(bytes.length, 600);
    for (let at = 0; at < singles; at++) await write(to, bytes.subarray(at, at + 1));
    await write(to, bytes.subarray(singles));
  } else await write(to, bytes);
}

async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || to.write(bytes)) return;
  await Promise.race([once(to, 'drain'), once(to, 'close')]);
}

/**
 * Where records are. The version in the header of one that is not encrypted "MUST be ignored for all purposes" (RFC 9846 §5.1):
 * to change it is no corruption that anybody could notice.
 */
class Records {
  #header: number[] = [];
  #left = 0;

  /** The first place from `wanted` on at which a change must be noticed; undefined: not in these bytes. */
  placeIn(bytes: Buffer, wanted: number): number | undefined {
    let found: number | undefined;
    for (const [at, byte] of bytes.entries()) {
      let matters = true;
      if (this.#left > 0) this.#left--;
      else {
        this.#header.push(byte);
        const [type, , , high, low] = this.#header;
        const isVersion = this.#header.length === 2 || this.#header.length === 3;
        matters = !(isVersion && type !== applicationData);
        if (low !== undefined) {
          this.#left = high! * 256 + low;
          this.#header = [];
        }
      }
      if (matters && at >= wanted) found ??= at;
    }
    return found;
  }
}

const applicationData = 23;
