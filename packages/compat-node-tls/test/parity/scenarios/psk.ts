import type { Scenario } from '../scenario.ts';
import { look, type Meeting, meetings, talk, watch } from './meeting.ts';

const key = Buffer.from('d731ef57be09e5204f0b205b60627028', 'hex');
const ciphers = 'PSK:TLS_AES_128_GCM_SHA256';
const none = { cert: undefined, key: undefined, ciphers };
const asks = { ciphers, checkServerIdentity: () => undefined };

const cases: readonly Meeting[] = [
  {
    name: 'a key that both know',
    server: ({ onServer }) => ({
      ...none,
      pskCallback: (socket: object, identity: string) => {
        onServer.note('pskCallback', socket, identity);
        return key;
      },
    }),
    client: ({ onClient }) => ({
      ...asks,
      pskCallback: (hint: unknown) => {
        onClient.note('pskCallback', hint);
        return { psk: key, identity: 'me' };
      },
    }),
    script: look((socket, recorder) => {
      recorder.note(
        'cipher',
        socket.getCipher(),
        socket.authorized,
        Object.keys(socket.getPeerCertificate() ?? {}),
      );
    }),
  },
  {
    name: 'a hint of the server',
    server: () => ({ ...none, pskCallback: () => key, pskIdentityHint: 'hint' }),
    client: ({ onClient }) => ({
      ...asks,
      pskCallback: (hint: unknown) => {
        onClient.note('pskCallback', hint);
        return { psk: key, identity: 'me' };
      },
    }),
    script: talk,
  },
  {
    name: 'an identity that the server does not know',
    server: () => ({ ...none, pskCallback: () => null }),
    client: () => ({ ...asks, pskCallback: () => ({ psk: key, identity: 'me' }) }),
    script: watch,
  },
  {
    name: 'another key',
    server: () => ({ ...none, pskCallback: () => Buffer.alloc(16) }),
    client: () => ({ ...asks, pskCallback: () => ({ psk: key, identity: 'me' }) }),
    script: watch,
  },
  {
    name: 'a client that declines',
    server: () => ({ ...none, pskCallback: () => key }),
    client: () => ({ ...asks, pskCallback: () => null }),
    script: watch,
  },
  {
    name: 'a key as an array of the wrong kind',
    server: () => ({ ...none, pskCallback: () => ({ psk: new Uint8Array(key) }) }),
    client: () => ({ ...asks, pskCallback: () => ({ psk: new Uint8Array(key), identity: 'é' }) }),
    script: talk,
  },
  {
    name: 'only the client has keys',
    server: () => ({ ciphers: 'DEFAULT' }),
    client: () => ({ ciphers: 'DEFAULT', pskCallback: () => ({ psk: key, identity: 'me' }) }),
    script: talk,
  },
  {
    name: 'only the server has keys, and a certificate',
    server: () => ({ ciphers: 'DEFAULT', pskCallback: () => key }),
    client: () => ({ ciphers: 'DEFAULT' }),
  },
];

export const pskScenarios: readonly Scenario[] = meetings('PSK', cases);
