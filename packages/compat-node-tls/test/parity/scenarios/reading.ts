import type { TLSSocket } from 'node:tls';
import type { Scenario } from '../scenario.ts';
import { type Meeting, meetings, once, secured } from './meeting.ts';

/** Takes all that comes, without its pieces being told. */
function gather(socket: TLSSocket): Promise<string> {
  socket.removeAllListeners('data');
  let text = '';
  socket.on('data', (chunk: Buffer | string) => (text += chunk.toString()));
  return once(socket, 'end').then(() => text);
}

const cases: readonly Meeting[] = [
  {
    name: 'onread into a buffer',
    client: ({ onClient }) => {
      let total = 0;
      return {
        onread: {
          buffer: Buffer.alloc(1024),
          callback: (length: number, buffer: Buffer) => {
            total += length;
            if (total === 5000) onClient.note('onread', total, buffer.length);
            return true;
          },
        },
      };
    },
    script: async (met) => {
      const socket = await secured(met);
      socket?.end(Buffer.alloc(5000));
    },
  },
  {
    name: 'onread into what a function gives',
    client: ({ onClient }) => {
      let total = 0;
      return {
        onread: {
          buffer: () => Buffer.alloc(512),
          callback: (length: number) => {
            total += length;
            if (total === 2000) onClient.note('onread', total);
            return true;
          },
        },
      };
    },
    script: async (met) => void (await secured(met))?.end(Buffer.alloc(2000)),
  },
  {
    name: 'highWaterMark',
    client: () => ({ highWaterMark: 1000 }),
    script: async (met, { onClient }) => {
      await secured(met);
      onClient.note('marks', met.client.readableHighWaterMark, met.client.writableHighWaterMark);
      onClient.note('write', met.client.write(Buffer.alloc(2000)), met.client.writableNeedDrain);
      const socket = await met.accepted;
      socket.removeAllListeners('data').resume();
      await once(met.client, 'drain');
      met.client.end();
    },
  },
  {
    name: 'pauseOnConnect',
    server: () => ({ pauseOnConnect: true }),
    script: async (met, { onServer }) => {
      met.client.end('paused');
      const socket = await met.accepted;
      onServer.note('paused', socket.isPaused());
      setTimeout(() => socket.resume(), 20);
    },
  },
  {
    name: 'setEncoding',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      socket!.setEncoding('utf8');
      const text = gather(socket!);
      met.client.end('größer');
      onServer.note('text', await text);
    },
  },
  {
    name: 'pause and resume',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      socket!.pause();
      met.client.end('abc');
      setTimeout(() => socket!.resume(), 20);
      onServer.note('text', await text);
    },
  },
  {
    name: 'cork and uncork',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      met.client.cork();
      for (const part of ['a', 'b', 'c']) met.client.write(part);
      process.nextTick(() => {
        met.client.uncork();
        met.client.end();
      });
      onServer.note('text', await text);
    },
  },
  {
    name: 'strings in other encodings',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      met.client.write('616263', 'hex');
      met.client.write('ZGVm', 'base64');
      met.client.write('é', 'latin1');
      met.client.end('z', 'utf16le');
      onServer.note('text', Buffer.from(await text).toString('hex'));
    },
  },
  {
    name: 'empty writes',
    script: async (met, { onClient, onServer }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      met.client.write('', () => onClient.note('written'));
      met.client.end('x');
      onServer.note('text', await text);
    },
  },
  {
    name: 'unshift',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      socket!.unshift('before ');
      met.client.end('after');
      onServer.note('text', await text);
    },
  },
  {
    name: 'an asynchronous iterator',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      socket!.removeAllListeners('data');
      met.client.end('iterated');
      let text = '';
      for await (const chunk of socket!) text += String(chunk);
      onServer.note('text', text);
    },
  },
  {
    name: 'pipe back',
    script: async (met, { onClient }) => {
      const socket = await secured(met);
      socket!.removeAllListeners('data');
      socket!.pipe(socket!);
      const text = gather(met.client);
      met.client.end('echo');
      onClient.note('text', await text);
    },
  },
  {
    name: 'a megabyte against a slow reader',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      socket!.removeAllListeners('data');
      socket!.pause();
      let total = 0;
      onClient.note('write', met.client.write(Buffer.alloc(1 << 20)));
      met.client.end();
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket!.on('data', (chunk: Buffer) => (total += chunk.length));
      socket!.resume();
      await once(socket!, 'end');
      onServer.note('total', total);
    },
  },
  {
    name: 'records of 512 bytes',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      let total = 0;
      met.client.removeAllListeners('data');
      met.client.on('data', (chunk: Buffer) => (total += chunk.length));
      onServer.note('set', socket!.setMaxSendFragment(512));
      socket!.end(Buffer.alloc(3000));
      await once(met.client, 'end');
      onClient.note('total', total);
    },
  },
  {
    name: 'one read for each readable, of records that come together',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      let total = 0;
      met.client.removeAllListeners('data');
      met.client.on('readable', () => {
        const chunk = met.client.read() as Buffer | null;
        total += chunk?.length ?? 0;
      });
      onServer.note('set', socket!.setMaxSendFragment(4096));
      socket!.end(Buffer.alloc(1 << 18));
      await once(met.client, 'end');
      onClient.note('total', total);
    },
  },
  {
    name: 'who listens in a promise that the record before has kept',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      met.client.removeAllListeners('data');
      onServer.note('set', socket!.setMaxSendFragment(512));
      const first = once(met.client, 'data').then(([chunk]) => {
        const text = gather(met.client);
        return [(chunk as Buffer).length, text] as const;
      });
      socket!.end(Buffer.alloc(2000));
      const [length, text] = await first;
      onClient.note('lengths', length, (await text).length);
    },
  },
  {
    name: 'bytes are counted',
    script: async (met, { onServer, onClient }) => {
      const socket = await secured(met);
      const text = gather(socket!);
      met.client.end('0123456789');
      await text;
      onServer.note('read', socket!.bytesRead);
      onClient.note('written', met.client.bytesWritten);
    },
  },
];

export const readingScenarios: readonly Scenario[] = meetings('reading', cases);
