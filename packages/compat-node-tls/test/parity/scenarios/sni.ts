import type { Scenario, Stage } from '../scenario.ts';
import { look, type Meeting, meetings, watch } from './meeting.ts';

type Callback = (error: Error | null, context?: unknown) => void;

function asks(stage: Stage, answer: (callback: Callback, name: string) => void): Record<string, unknown> {
  return {
    SNICallback: (name: string, callback: Callback) => {
      stage.onServer.note('SNICallback', name);
      answer(callback, name);
    },
  };
}

const who = (name: string): Record<string, unknown> => ({ servername: name });
const contextOf = ({ server, pki }: Stage, of: 'named' | 'wildcard'): unknown =>
  server.createSecureContext(pki[of]);

const cases: readonly Meeting[] = [
  { name: 'no server name', client: () => ({ servername: '', checkServerIdentity: () => undefined }) },
  {
    name: 'a callback at once',
    server: (stage) => asks(stage, (callback) => callback(null, contextOf(stage, 'named'))),
    client: () => who('a.example.org'),
  },
  {
    name: 'a callback later',
    server: (stage) =>
      asks(stage, (callback) => setTimeout(() => callback(null, contextOf(stage, 'named')), 5)),
    client: () => who('a.example.org'),
  },
  {
    name: 'a callback with the context of no name',
    server: (stage) => asks(stage, (callback) => callback(null, contextOf(stage, 'wildcard'))),
    client: () => who('x.example.org'),
  },
  {
    name: 'a callback that has nothing',
    server: (stage) => asks(stage, (callback) => callback(null)),
    client: () => who('localhost'),
  },
  {
    name: 'a callback that has null',
    server: (stage) => asks(stage, (callback) => callback(null, null)),
    client: () => who('localhost'),
  },
  {
    name: 'a callback that fails at once',
    server: (stage) => asks(stage, (callback) => callback(new Error('no such name'))),
    client: () => who('localhost'),
    script: watch,
  },
  {
    name: 'a callback that fails later',
    server: (stage) => asks(stage, (callback) => setTimeout(() => callback(new Error('no such name')), 5)),
    client: () => who('localhost'),
    script: watch,
  },
  {
    name: 'a callback that gives what is no context',
    server: (stage) => asks(stage, (callback) => callback(null, {})),
    client: () => who('localhost'),
    script: watch,
  },
  {
    name: 'a callback that is called twice',
    server: (stage) =>
      asks(stage, (callback) => {
        callback(null, contextOf(stage, 'named'));
        try {
          callback(null, contextOf(stage, 'named'));
        } catch (error) {
          stage.onServer.note('thrown', error);
        }
      }),
    client: () => who('a.example.org'),
    script: watch,
  },
  {
    name: 'a callback that nobody asks',
    server: (stage) => asks(stage, (callback) => callback(null)),
    client: () => ({ servername: '', checkServerIdentity: () => undefined }),
  },
  {
    name: 'a callback beside ALPN: which comes first',
    server: (stage) => ({
      ...asks(stage, (callback) => callback(null, contextOf(stage, 'named'))),
      ALPNCallback: (asked: unknown) => {
        stage.onServer.note('ALPNCallback', asked);
        return 'a';
      },
    }),
    client: () => ({ servername: 'b.example.org', ALPNProtocols: ['a'] }),
  },
];

/** Contexts that are added under these names, and for whom they are taken. */
const added: readonly { readonly name: string; readonly under: readonly string[]; readonly asked: string }[] =
  [
    { name: 'a name', under: ['a.example.org'], asked: 'a.example.org' },
    { name: 'a name in capitals', under: ['a.example.org'], asked: 'A.EXAMPLE.ORG' },
    { name: 'a wildcard', under: ['*.example.org'], asked: 'b.example.org' },
    { name: 'a wildcard and one label too many', under: ['*.example.org'], asked: 'b.b.example.org' },
    { name: 'a wildcard within', under: ['a*.example.org'], asked: 'a.example.org' },
    { name: 'another name', under: ['c.example.org'], asked: 'a.example.org' },
    { name: 'dots that are dots', under: ['a.example.org'], asked: 'axexample.org' },
  ];

const addedCases: readonly Meeting[] = added.map(({ name, under, asked }) => ({
  name: `addContext: ${name}`,
  client: () => ({ servername: asked }),
  script: ({ server, client, accepted }, { pki }) => {
    for (const each of under) server.addContext(each, pki.named);
    client.on('secureConnect', () => client.write('x'));
    void accepted.then((socket) => socket.on('data', () => socket.end()));
  },
}));

const more: readonly Meeting[] = [
  {
    name: 'addContext: the last one wins',
    client: () => who('a.example.org'),
    script: ({ server, client, accepted }, stage) => {
      server.addContext('a.example.org', stage.pki.wildcard);
      server.addContext('a.example.org', stage.pki.named);
      client.on('secureConnect', () => {
        stage.onClient.note('names', client.getPeerCertificate().subjectaltname);
        client.write('x');
      });
      void accepted.then((socket) => socket.on('data', () => socket.end()));
    },
  },
  {
    name: 'addContext: a context made before',
    client: () => who('a.example.org'),
    script: ({ server, client, accepted }, stage) => {
      server.addContext('a.example.org', stage.server.createSecureContext(stage.pki.named));
      client.on('secureConnect', () => client.write('x'));
      void accepted.then((socket) => socket.on('data', () => socket.end()));
    },
  },
];

/** What a context says of anything but certificates and authorities is for connections that begin with it. */
const rules: readonly Meeting[] = [
  {
    name: 'a context without a certificate, of a server without one',
    server: (stage) => ({
      ...asks(stage, (callback) => callback(null, stage.server.createSecureContext())),
      cert: undefined,
      key: undefined,
    }),
    client: () => who('localhost'),
    script: watch,
  },
  {
    name: 'a context of other suites and groups',
    server: (stage) =>
      asks(stage, (callback) => {
        const others = { ciphers: 'ECDHE+CHACHA20:TLS_CHACHA20_POLY1305_SHA256', ecdhCurve: 'P-521' };
        callback(null, stage.server.createSecureContext({ ...stage.pki.named, ...others }));
      }),
    client: () => who('a.example.org'),
    script: look((socket, recorder) => recorder.note('is', socket.getCipher(), socket.getEphemeralKeyInfo())),
  },
  {
    name: 'a context of another version',
    server: (stage) =>
      asks(stage, (callback) => {
        const older = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
        callback(null, stage.server.createSecureContext({ ...stage.pki.named, ...older }));
      }),
    client: () => who('a.example.org'),
    script: look((socket, recorder) => recorder.note('is', socket.getProtocol())),
  },
];

export const sniScenarios: readonly Scenario[] = meetings('SNI', [
  ...cases,
  ...addedCases,
  ...more,
  ...rules,
]);
