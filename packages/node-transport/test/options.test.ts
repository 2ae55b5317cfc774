import { ApiMisuseError } from '@sealwire/core';
import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import { clientSettings, connect, createServer, secure, serverSettings } from '../src/index.ts';
import { errorOf } from './ends.ts';
import { roots, serverIdentity } from './identities.ts';

it.each<[string, () => Promise<unknown>, string]>([
  ['connect', () => connect({ prot: 443, roots } as never), 'prot is no connect option; did you mean port?'],
  [
    'connect',
    () => connect({ port: 1, root: roots } as never),
    'root is no connect option; did you mean roots?',
  ],
  ['connect', () => connect({ port: 1, roots, answers: {} } as never), 'answers is no connect option'],
  [
    'createServer',
    () => createServer({ ...serverIdentity, handshakeTimeout: 1 } as never),
    'handshakeTimeout is no server option; did you mean handshakeTimeoutMs?',
  ],
  [
    'secure',
    () => secure(duplexPair()[0], { role: 'server', ...serverIdentity, port: 1 } as never),
    'port is no server option',
  ],
  [
    'secure',
    () => secure(duplexPair()[0], {} as never),
    "secure expects role: 'client' or 'server', got undefined",
  ],
])('%s refuses what is no option of its own', async (_, call, message) => {
  const error = await errorOf(call());
  expect(error).toBeInstanceOf(ApiMisuseError);
  expect(error.message).toContain(message);
});

it('no options at all are a mistake of the caller, and are called so', async () => {
  const without = [connect, createServer, (options: never) => secure(duplexPair()[0], options)] as const;
  for (const call of without) {
    for (const options of [undefined, null, 443]) {
      expect(await errorOf(call(options as never))).toBeInstanceOf(ApiMisuseError);
    }
  }
  for (const call of [clientSettings, serverSettings]) {
    expect(() => call(undefined as never)).toThrow(ApiMisuseError);
  }
});
