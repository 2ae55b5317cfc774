import { Duplex } from 'node:stream';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { DuplexCarrier } from '../src/carrier.ts';
import { tcpPair } from './ends.ts';

/*
 * The event loop is blocked for longer than a farewell may take: what is waiting to leave, and what has arrived meanwhile, gets its turn
 * before time is up.
 */
it('lets leave what was written, though the event loop was blocked', async () => {
  const log: string[] = [];
  const soon = (turns: number, run: () => void): void =>
    void setImmediate(() => (turns > 1 ? soon(turns - 1, run) : run()));
  const stream = new Duplex({
    read() {},
    write: (bytes: Uint8Array, _encoding, done) =>
      soon(3, () => {
        log.push(`${bytes.length} bytes`);
        done();
      }),
    final: (done) =>
      soon(1, () => {
        log.push('ended');
        stream.push(null);
        done();
      }),
    destroy(_error, done) {
      log.push('destroyed');
      done(null);
    },
  });
  const carrier = carrierOf(stream);
  carrier.write([new Uint8Array(7)]);
  carrier.farewell();
  block();
  await once(stream, 'close');
  expect(log).toEqual(['7 bytes', 'ended', 'destroyed']);
});

it('reads what arrived while the event loop was blocked, so that a socket is not reset', async () => {
  const [far, near] = await tcpPair();
  const carrier = carrierOf(near);
  carrier.setReading(false);
  carrier.write([Buffer.from('the diagnosis')]);
  let heard = '';
  far.on('data', (bytes) => (heard += String(bytes)));
  // In the kernel's buffer at once: a socket that is closed over it is reset.
  far.write(Buffer.alloc(10_000));
  carrier.farewell();
  block();
  await once(far, 'end');
  far.end();
  await once(near, 'close');
  expect([heard, near.bytesRead]).toEqual(['the diagnosis', 10_000]);
});

function carrierOf(stream: Duplex): DuplexCarrier {
  const nothing = { start() {}, data() {}, drain() {}, end() {}, error() {}, close() {} };
  const carrier = new DuplexCarrier(stream, nothing);
  carrier.listen();
  return carrier;
}

function block(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
}
