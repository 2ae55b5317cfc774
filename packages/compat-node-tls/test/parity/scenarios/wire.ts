import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Scenario, type Stage, variants } from '../scenario.ts';
import { both, once, type Version } from './meeting.ts';

interface Cut {
  readonly name: string;
  /** May change what passes. Undefined: the wire is cut. `index` counts the records of this direction. */
  readonly pass: (record: Buffer, fromClient: boolean, index: number) => Buffer | undefined;
}

/** Changes the last byte, or the one that is given. */
const flip = (record: Buffer, at = record.length - 1): Buffer => {
  const changed = Buffer.from(record);
  changed[at]! ^= 1;
  return changed;
};

/** Of the second byte of the version in a hello, behind the headers of its record and its message. */
const versionAt = 10;

/** `n`th records of a direction, counted from 0; the first of both are hellos. */
const cuts: readonly Cut[] = [
  { name: 'nothing happens', pass: (record) => record },
  {
    name: 'the ServerHello is lost',
    pass: (record, fromClient, index) => (!fromClient && index === 0 ? undefined : record),
  },
  {
    name: 'the second record of the client is lost',
    pass: (record, fromClient, index) => (fromClient && index === 1 ? undefined : record),
  },
  {
    name: 'the ServerHello is changed',
    pass: (record, fromClient, index) => (!fromClient && index === 0 ? flip(record, versionAt) : record),
  },
  {
    name: 'Finished of the client is changed',
    pass: (record, fromClient, index) =>
      fromClient &&
      index > 0 &&
      record[0] !== 0x14 &&
      record[0] !== 0x15 &&
      (record[0] === 0x17 || index === 3)
        ? flip(record)
        : record,
  },
  {
    name: 'the records of the server come byte by byte',
    pass: (record) => record,
  },
];

/** Cuts a stream of bytes into records. */
function records(take: (record: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt16BE(3)) {
      const end = 5 + rest.readUInt16BE(3);
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}

/** A wire between two ports, on which records are changed. */
async function wire(stage: Stage, port: number, { name, pass }: Cut): Promise<number> {
  const proxy = createServer((near) => {
    const far = connectPlain(port, '127.0.0.1');
    const ends = [near, far];
    const cut = (): void => void ends.forEach((each) => each.end());
    const join = (from: Socket, to: Socket, fromClient: boolean): void => {
      let index = 0;
      from.setNoDelay(true);
      from.on(
        'data',
        records((record) => {
          const passed = pass(record, fromClient, index++);
          if (!passed) cut();
          else if (!name.includes('byte by byte') || fromClient) to.write(passed);
          else for (const byte of passed) to.write(Buffer.of(byte));
        }),
      );
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    };
    join(near, far, true);
    join(far, near, false);
    stage.cleanUp(() => void ends.forEach((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  stage.cleanUp(() => proxy.close());
  return (proxy.address() as AddressInfo).port;
}

async function play(stage: Stage, version: Version, cut: Cut): Promise<void> {
  const range = { minVersion: version, maxVersion: version };
  const server = stage.server.createServer({ ...stage.pki.server, ...range });
  stage.cleanUp(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.onServer.listen(server, ['tlsClientError']);
  const ended = new Promise<void>((resolve) => {
    server.on('tlsClientError', () => resolve());
    server.on('secureConnection', (socket: TLSSocket) => {
      stage.onServer.note('secureConnection');
      stage.onServer.listen(socket, ['error', 'end', 'close']);
      socket.on('data', () => socket.end());
      socket.on('close', () => resolve());
    });
  });
  const port = await wire(stage, (server.address() as AddressInfo).port, cut);
  const client = stage.client.connect({
    host: '127.0.0.1',
    port,
    ca: stage.pki.root,
    servername: 'localhost',
    ...range,
  });
  stage.cleanUp(() => client.destroy());
  stage.onClient.listen(client, ['secureConnect', 'error', 'end', 'close']);
  if (!cut.name.includes('Finished')) client.on('secureConnect', () => client.write('x'));
  await Promise.all([once(client, 'close'), ended]);
}

/** Sizes of the records of application data that a server sends. */
async function sizes(stage: Stage, fragment: number): Promise<void> {
  const server = stage.server.createServer({ ...stage.pki.server, maxVersion: 'TLSv1.2' });
  stage.cleanUp(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seen: number[] = [];
  const cut: Cut = {
    name: 'sizes',
    pass: (record, fromClient) => {
      if (!fromClient && record[0] === 0x17) seen.push(record.length);
      return record;
    },
  };
  server.on('secureConnection', (socket: TLSSocket) => {
    stage.onServer.note('set', socket.setMaxSendFragment(fragment));
    socket.end(Buffer.alloc(2 * fragment + 1));
  });
  const port = await wire(stage, (server.address() as AddressInfo).port, cut);
  const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256';
  const client = stage.client.connect({
    host: '127.0.0.1',
    port,
    ca: stage.pki.root,
    servername: 'localhost',
    ciphers,
  });
  client.on('error', (error) => stage.onClient.note('error', error));
  client.resume();
  await once(client, 'close');
  stage.onServer.note('sizes', seen);
}

export const wireScenarios: readonly Scenario[] = [
  ...both.flatMap((version) =>
    variants(
      cuts,
      ({ name }) => `wire, ${version}: ${name}`,
      (stage, cut) => play(stage, version, cut),
    ),
  ),
  ...variants(
    [512, 1000, 4096, 16_384],
    (size) => `wire: records of setMaxSendFragment(${size})`,
    (stage, size) => sizes(stage, size),
  ),
];
