import { describe, expect, it } from 'vitest';
import type { BunSocket } from '../src/bun.ts';
import { type Heard, SocketCarrier } from '../src/carrier.ts';

describe('a socket of Bun as carrier', () => {
  it('keeps what was not taken, in order, and has no room until it has left', () => {
    const { carrier, socket, heard } = carrierWith([3, 0, 2, 9]);
    carrier.write([bytes(1, 2), bytes(3, 4)]);
    expect([carrier.keptBytes, carrier.hasRoom()]).toEqual([1, false]);
    carrier.write([bytes(5, 6)]);
    expect(carrier.keptBytes).toBe(3);
    // Nothing is offered while something waits before it.
    expect(socket.log).toEqual(['write 1,2,3,4 -> 3']);
    carrier.socketDrained();
    expect([carrier.keptBytes, carrier.hasRoom()]).toEqual([3, false]);
    carrier.socketDrained();
    expect(socket.log.slice(1)).toEqual(['write 4 -> 0', 'write 4 -> 1', 'write 5,6 -> 2']);
    expect([carrier.hasRoom(), heard.log]).toEqual([true, ['started', 'drained']]);
  });

  it('tells nobody of a drain that nobody waited for', () => {
    const { carrier, heard } = carrierWith([9]);
    carrier.socketDrained();
    carrier.write([bytes(1)]);
    carrier.socketDrained();
    expect(heard.log).toEqual(['started']);
  });

  it('ends when all has left, not before', () => {
    const { carrier, socket } = carrierWith([1, 9]);
    const ended: unknown[] = [];
    carrier.write([bytes(1, 2)]);
    carrier.end((error) => ended.push(error));
    expect([ended, socket.log]).toEqual([[], ['write 1,2 -> 1']]);
    carrier.socketDrained();
    expect([ended, socket.log.slice(1)]).toEqual([[undefined], ['write 2 -> 1', 'shutdown']]);
    carrier.write([bytes(3)]);
    expect(socket.log).toHaveLength(3);
  });

  it('says why what waits cannot end', () => {
    const { carrier, heard } = carrierWith([0]);
    const ended: unknown[] = [];
    carrier.write([bytes(1)]);
    carrier.end((error) => ended.push(error));
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    carrier.socketClosed(reset);
    expect(ended).toEqual([reset]);
    expect([heard.log, carrier.keptBytes]).toEqual([['started', 'broken reset'], 0]);
  });

  it('takes a close without an error after our own end for the end of the peer', () => {
    const { carrier, heard } = carrierWith([]);
    carrier.end(() => {});
    carrier.socketClosed();
    expect(heard.log).toEqual(['started', 'ended']);
  });

  it('tells the end of the peer once', () => {
    const { carrier, heard } = carrierWith([]);
    carrier.socketEnded();
    carrier.end(() => {});
    carrier.socketClosed();
    expect(heard.log).toEqual(['started', 'ended']);
  });

  it('takes a close out of the blue for a break', () => {
    const { carrier, heard } = carrierWith([]);
    carrier.socketClosed();
    carrier.socketClosed();
    expect(heard.log).toEqual(['started', 'broken the socket was closed under the connection']);
  });

  it('says farewell: what waits leaves, the end follows, and nobody hears of the rest', () => {
    const { carrier, socket, heard } = carrierWith([1, 9]);
    carrier.setReading(false);
    carrier.write([bytes(1, 2)]);
    carrier.farewell();
    carrier.socketData(bytes(9));
    carrier.socketDrained();
    carrier.socketEnded();
    carrier.socketClosed();
    expect(socket.log).toEqual(['pause', 'write 1,2 -> 1', 'resume', 'write 2 -> 1', 'shutdown']);
    expect(heard.log).toEqual(['started']);
  });

  it('lets leave what waits, though the event loop was blocked for longer than a farewell may take', async () => {
    const { carrier, socket } = carrierWith([1, 9]);
    carrier.write([bytes(1, 2)]);
    carrier.farewell();
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
    for (let turns = 0; turns < 3; turns++) await turn();
    carrier.socketDrained();
    carrier.socketClosed();
    expect(socket.log).toEqual(['write 1,2 -> 1', 'write 2 -> 1', 'shutdown']);
  });

  it('resets in the end a socket whose peer takes nothing', async () => {
    const { carrier, socket } = carrierWith([0]);
    carrier.write([bytes(1)]);
    carrier.farewell();
    while (socket.log.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(socket.log).toEqual(['write 1 -> 0', 'terminate']);
  });

  it('resets what is given up, but not what was ended in order', () => {
    const cut = carrierWith([]);
    cut.carrier.destroy();
    expect(cut.socket.log).toEqual(['terminate']);
    const ended = carrierWith([]);
    ended.carrier.end(() => {});
    ended.carrier.destroy();
    expect(ended.socket.log).toEqual(['shutdown', 'end']);
  });

  it('resets a socket that comes after it was given up', () => {
    const { carrier, socket, heard } = carrierWith([], false);
    carrier.destroy();
    carrier.socketOpened(socket);
    expect([socket.log, heard.log]).toEqual([['terminate'], []]);
  });

  it('stops and goes on reading only where that changes something', () => {
    const { carrier, socket } = carrierWith([]);
    for (const isWanted of [true, false, false, true]) carrier.setReading(isWanted);
    expect(socket.log).toEqual(['pause', 'resume']);
  });
});

/** A carrier whose socket takes so many bytes at each write. */
function carrierWith(takes: number[], isOpen = true) {
  const heard = { log: [] as string[] };
  const tell =
    (what: string) =>
    (detail?: unknown): void =>
      void heard.log.push(detail instanceof Error ? `${what} ${detail.message}` : what);
  const listener = Object.fromEntries(
    ['started', 'received', 'drained', 'ended', 'broken'].map((name) => [name, tell(name)]),
  ) as unknown as Heard;
  const log: string[] = [];
  const say = (what: string) => (): void => void log.push(what);
  const socket = {
    log,
    write(given: Uint8Array) {
      const taken = Math.min(given.length, takes.shift() ?? 0);
      log.push(`write ${given.join()} -> ${taken}`);
      return taken;
    },
    ...Object.fromEntries(
      ['shutdown', 'end', 'terminate', 'pause', 'resume'].map((name) => [name, say(name)]),
    ),
    setNoDelay: () => true,
  } as unknown as BunSocket & { readonly log: string[] };
  const carrier = new SocketCarrier(() => listener);
  if (isOpen) carrier.socketOpened(socket);
  return { carrier, socket, heard };
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}
