import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export const unchanged = 'is left as it is';

/** What becomes of one record on its way. */
export type Change = (record: Buffer, draw: () => number) => readonly Buffer[] | 'cut' | 'reset';

export const changes: Readonly<Record<string, Change>> = {
  [unchanged]: (record) => [record],
  'has a bit changed': (record, draw) => [flipped(record, 5, record.length, draw)],
  'has a bit of its beginning changed': (record, draw) => [
    flipped(record, 0, Math.min(60, record.length), draw),
  ],
  'is lost': () => [],
  'comes twice': (record) => [record, record],
  'comes in bytes': (record) => [...record].map((byte) => Buffer.of(byte)),
  'comes behind one of no bytes': (record) => [Buffer.of(record[0]!, 3, 3, 0, 0), record],
  'comes behind a warning': (record, draw) => [Buffer.of(21, 3, 3, 0, 2, 1, below(120, draw)), record],
  'comes behind a fatal alert': (record, draw) => [Buffer.of(21, 3, 3, 0, 2, 2, below(120, draw)), record],
  'comes behind ChangeCipherSpec': (record) => [Buffer.of(20, 3, 3, 0, 1, 1), record],
  'comes behind HelloRequest': (record) => [Buffer.of(22, 3, 3, 0, 4, 0, 0, 0, 0), record],
  'comes behind KeyUpdate': (record) => [Buffer.of(22, 3, 3, 0, 5, 24, 0, 0, 1, 1), record],
  'comes behind one of any message': (record, draw) => [anyMessage(draw), record],
  'comes behind one that is too long': (record) => [Buffer.of(22, 3, 3, 255, 255), record],
  'ends with its beginning': () => 'cut',
  'is where the connection is reset': () => 'reset',
};

export interface Plan {
  readonly change: string;
  /** Whose records are counted, and which of them is changed. */
  readonly of: 'client' | 'server';
  readonly place: number;
}

/**
 * A relay to `port` that changes one record of each connection. When nothing moves any more for `idleMs` it ends both sides, unless
 * it leaves all as it is.
 */
export async function mutatingProxy(
  port: number,
  { change, of, place }: Plan,
  draw: () => number,
  idleMs = 100,
) {
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => void sockets.delete(socket));
  };
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  let idle: NodeJS.Timeout | undefined;
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to, side] of [
      [kept(near), kept(far), 'client'],
      [far, near, 'server'],
    ] as const) {
      let rest: Buffer = Buffer.alloc(0);
      let count = 0;
      from.on('close', () => void to.destroy());
      from.on('data', (chunk) => {
        clearTimeout(idle);
        if (change !== unchanged) idle = setTimeout(destroyAll, idleMs);
        for (rest = Buffer.concat([rest, chunk]); rest.length >= 5; ) {
          const length = 5 + rest.readUInt16BE(3);
          if (rest.length < length) return;
          const record = rest.subarray(0, length);
          rest = rest.subarray(length);
          const isIt = side === of && count++ === place;
          const sent = isIt ? changes[change]!(Buffer.from(record), draw) : [record];
          if (typeof sent === 'string') {
            to.write(record.subarray(0, below(length, draw)));
            if (sent === 'reset') to.resetAndDestroy();
            else to.end();
            return;
          }
          if (to.writable) for (const piece of sent) to.write(piece);
        }
      });
    }
  });
  await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done));
  return {
    port: (proxy.address() as AddressInfo).port,
    close(): void {
      clearTimeout(idle);
      destroyAll();
      proxy.close();
    },
  };
}

function flipped(record: Buffer, from: number, to: number, draw: () => number): Buffer {
  const at = Math.min(from + below(to - from, draw), record.length - 1);
  record[at]! ^= 1 << below(8, draw);
  return record;
}

function anyMessage(draw: () => number): Buffer {
  const body = Buffer.from(Array.from({ length: 40 }, () => below(256, draw)));
  return Buffer.concat([Buffer.of(22, 3, 3, 0, 44, below(26, draw), 0, 0, 40), body]);
}

export function below(limit: number, draw: () => number): number {
  return Math.floor(draw() * Math.max(1, limit));
}
