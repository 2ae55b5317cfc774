import type { TLSSocket } from 'node:tls';
import { outcomeOf } from '../recorder.ts';
import type { Scenario } from '../scenario.ts';
import { look, type Meeting, meetings, watch } from './meeting.ts';

const cases: readonly Meeting[] = [
  {
    name: 'arrays that overlap, by the order of the server',
    server: () => ({ ALPNProtocols: ['h2', 'http/1.1'] }),
    client: () => ({ ALPNProtocols: ['http/1.1', 'h2'] }),
  },
  { name: 'only the client has protocols', client: () => ({ ALPNProtocols: ['h2'] }) },
  { name: 'only the server has protocols', server: () => ({ ALPNProtocols: ['h2'] }) },
  {
    name: 'an empty list of the client',
    server: () => ({ ALPNProtocols: ['h2'] }),
    client: () => ({ ALPNProtocols: [] }),
  },
  {
    name: 'nothing in common',
    server: () => ({ ALPNProtocols: ['a'] }),
    client: () => ({ ALPNProtocols: ['b'] }),
    script: watch,
  },
  {
    name: 'bytes of both',
    server: () => ({ ALPNProtocols: Buffer.from('\x02h2\x01a') }),
    client: () => ({ ALPNProtocols: new Uint8Array(Buffer.from('\x01a\x02h2')) }),
  },
  {
    name: 'a DataView',
    server: () => ({ ALPNProtocols: ['dv'] }),
    client: () => ({ ALPNProtocols: new DataView(new Uint8Array(Buffer.from('\x02dv')).buffer) }),
  },
  {
    name: 'a name beyond ASCII',
    server: () => ({ ALPNProtocols: ['é'] }),
    client: () => ({ ALPNProtocols: ['é'] }),
  },
  {
    name: 'a callback that sets another certificate',
    server: ({ onServer, pki }) => ({
      ALPNCallback(this: TLSSocket, { protocols }: { readonly protocols: readonly string[] }) {
        onServer.note(
          'nothing',
          outcomeOf(() => this.setKeyCert({})),
        );
        onServer.note(
          'another',
          outcomeOf(() => this.setKeyCert(pki.named)),
        );
        return protocols[0];
      },
    }),
    client: () => ({ ALPNProtocols: ['a'], servername: 'a.example.org' }),
    script: look((socket, recorder) =>
      recorder.note('peer', Object.keys(socket.getPeerCertificate()).length > 0, socket.authorized),
    ),
  },
  {
    name: 'a callback that chooses',
    server: ({ onServer }) => ({
      ALPNCallback: (asked: unknown) => {
        onServer.note('ALPNCallback', asked);
        return 'b';
      },
    }),
    client: () => ({ ALPNProtocols: ['a', 'b'], servername: 'localhost' }),
  },
  {
    name: 'a callback that declines',
    server: () => ({ ALPNCallback: () => undefined }),
    client: () => ({ ALPNProtocols: ['a'] }),
    script: watch,
  },
  {
    name: 'a callback that makes something up',
    server: () => ({ ALPNCallback: () => 'z' }),
    client: () => ({ ALPNProtocols: ['a'] }),
    script: watch,
  },
  {
    name: 'a callback that nobody asks',
    server: ({ onServer }) => ({ ALPNCallback: () => void onServer.note('ALPNCallback') }),
  },
  {
    name: 'a callback, and a client without a server name',
    server: ({ onServer }) => ({
      ALPNCallback: ({ servername, protocols }: { servername: string; protocols: string[] }) => {
        onServer.note('ALPNCallback', servername, protocols);
        return protocols[0];
      },
    }),
    client: () => ({ ALPNProtocols: ['a'], servername: '', checkServerIdentity: () => undefined }),
  },
];

export const alpnScenarios: readonly Scenario[] = meetings('ALPN', cases);
