import type { TLSSocket } from 'node:tls';
import { nodeMajor } from '../../../src/process/host.ts';
import type { Recorder } from '../recorder.ts';
import { outcomeOf } from '../recorder.ts';
import type { Scenario } from '../scenario.ts';
import { look, type Meeting, meetings, once, secured } from './meeting.ts';

const methods = [
  'getProtocol',
  'getCipher',
  'getEphemeralKeyInfo',
  'getPeerCertificate',
  'getCertificate',
  'getPeerX509Certificate',
  'getX509Certificate',
  'getFinished',
  'getPeerFinished',
  'getSession',
  'getTLSTicket',
  'getSharedSigalgs',
  'isSessionReused',
] as const;
const properties = [
  'authorized',
  'authorizationError',
  'encrypted',
  'alpnProtocol',
  'servername',
  'secureConnecting',
  'connecting',
  'pending',
  'destroyed',
  'readable',
  'writable',
  'readyState',
  'allowHalfOpen',
  'remoteAddress',
  'remoteFamily',
  'localAddress',
  'bytesRead',
  'readableFlowing',
  'writableHighWaterMark',
  'timeout',
] as const;

function tell(socket: TLSSocket, recorder: Recorder, when: string, secret: readonly string[] = []): void {
  for (const name of properties)
    recorder.note(`${when} ${name}`, (socket as unknown as Record<string, unknown>)[name]);
  for (const name of methods) {
    // Newer releases of Node do not survive to be asked before there is a connection.
    if (name === 'getEphemeralKeyInfo' && when === 'before' && nodeMajor() >= 24) continue;
    const value = outcomeOf(() => (socket[name] as () => unknown)());
    recorder.note(`${when} ${name}()`, secret.includes(name) ? typeof value : kind(value));
  }
  recorder.note(`${when} ssl`, typeof (socket as unknown as { ssl: unknown }).ssl);
  recorder.note(`${when} address()`, Object.keys(socket.address()));
}

/** What is of different length with every run shows as what it is. */
function kind(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return 'Buffer';
  if (typeof value === 'object' && value !== null && !('thrown' in value)) return Object.keys(value);
  return value;
}

const calls: Record<string, (socket: TLSSocket) => unknown> = {
  'setMaxSendFragment(511)': (socket) => socket.setMaxSendFragment(511),
  'setMaxSendFragment(512)': (socket) => socket.setMaxSendFragment(512),
  'setMaxSendFragment(16384)': (socket) => socket.setMaxSendFragment(16_384),
  'setMaxSendFragment(16385)': (socket) => socket.setMaxSendFragment(16_385),
  'setMaxSendFragment(x)': (socket) => socket.setMaxSendFragment('x' as never),
  'setServername(1)': (socket) =>
    (socket as unknown as { setServername(name: unknown): void }).setServername(1),
  'setServername(a)': (socket) =>
    (socket as unknown as { setServername(name: unknown): void }).setServername('a'),
  'setSession(1)': (socket) => (socket as unknown as { setSession(session: unknown): void }).setSession(1),
  'disableRenegotiation()': (socket) => socket.disableRenegotiation(),
  'exportKeyingMaterial(0, a)': (socket) => socket.exportKeyingMaterial(0, 'a', Buffer.alloc(0)),
  'exportKeyingMaterial(x, a)': (socket) => socket.exportKeyingMaterial('x' as never, 'a', Buffer.alloc(0)),
  'exportKeyingMaterial(1, 2)': (socket) => socket.exportKeyingMaterial(1, 2 as never, Buffer.alloc(0)),
  'exportKeyingMaterial(1, a, x)': (socket) => socket.exportKeyingMaterial(1, 'a', 'x' as never),
  'exportKeyingMaterial(20, a)': (socket) =>
    (socket.exportKeyingMaterial as (a: number, b: string) => Buffer)(20, 'a'),
  'exportKeyingMaterial(20, a, empty)': (socket) => socket.exportKeyingMaterial(20, 'a', Buffer.alloc(0)),
  'renegotiate(1)': (socket) => socket.renegotiate(1 as never, () => {}),
  'renegotiate({}, 1)': (socket) => socket.renegotiate({}, 1 as never),
  'setKeepAlive()': (socket) => socket.setKeepAlive(true) === socket,
  'setNoDelay()': (socket) => socket.setNoDelay(true) === socket,
  'setTimeout()': (socket) => socket.setTimeout(100_000) === socket,
  'ref()': (socket) => socket.ref() === socket,
};

const perCall: readonly Meeting[] = Object.entries(calls).map(([name, call]) => ({
  name,
  script: async (met, { onServer, onClient }) => {
    onClient.note(
      'before',
      outcomeOf(() => call(met.client)),
    );
    met.client.on('close', () =>
      onClient.note(
        'after',
        outcomeOf(() => call(met.client)),
      ),
    );
    const socket = await secured(met);
    // Once it has begun, the builtin ends the whole process for these.
    if (name.startsWith('setServername') || name.startsWith('setSession')) {
      met.client.end();
      return;
    }
    onClient.note(
      'during',
      outcomeOf(() => call(met.client)),
    );
    if (socket)
      onServer.note(
        'during',
        outcomeOf(() => call(socket)),
      );
    met.client.end();
  },
}));

const cases: readonly Meeting[] = [
  {
    name: 'the client before it connects',
    script: (met, { onClient }) => {
      tell(met.client, onClient, 'before');
      met.client.end();
    },
  },
  {
    name: 'the client before it connects, then destroyed',
    script: async (met, { onClient }) => {
      met.client.destroy();
      tell(met.client, onClient, 'destroyed');
      await once(met.client, 'close');
      tell(met.client, onClient, 'closed');
      met.release();
    },
  },
  {
    name: 'both, when the connection stands',
    script: look((socket, recorder) => tell(socket, recorder, 'secure', ['bytesRead'])),
  },
  {
    name: 'both, after it',
    script: async (met, { onServer, onClient }) => {
      met.client.on('close', () => setTimeout(() => tell(met.client, onClient, 'closed')));
      const socket = await secured(met);
      socket?.on('close', () => setTimeout(() => tell(socket, onServer, 'closed')));
      met.client.end();
      await met.closed;
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  },
  {
    name: 'keying material is the same on both sides',
    script: async (met, { onClient }) => {
      const socket = await secured(met);
      const export_ = (of: TLSSocket, ...args: unknown[]): string =>
        (of.exportKeyingMaterial as (...args: unknown[]) => Buffer)(...args).toString('hex');
      for (const args of [
        [32, 'a'],
        [32, 'a', Buffer.alloc(0)],
        [48, 'b', Buffer.from('c')],
      ] as const)
        onClient.note('same', export_(met.client, ...args) === export_(socket!, ...args));
      onClient.note(
        'empty as none',
        export_(met.client, 32, 'a') === export_(met.client, 32, 'a', Buffer.alloc(0)),
      );
      onClient.note('finished', met.client.getFinished()?.equals(socket!.getPeerFinished()!));
      onClient.note('finished', met.client.getPeerFinished()?.equals(socket!.getFinished()!));
      met.client.end();
    },
  },
];

export const viewScenarios: readonly Scenario[] = [
  ...meetings('properties', cases),
  ...meetings('calls', perCall, ['TLSv1.3']),
];
