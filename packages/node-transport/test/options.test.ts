import { ApiMisuseError, type ExternalPsk } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encryptPrivateKey, loadPrivateKey } from '@sealwire/x509';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import { clientSettings, connect, createServer, secure, serverSettings } from '../src/index.ts';
import { errorOf } from './ends.ts';
import { roots, serverIdentity } from '@sealwire/transport-tests';

it.each<[string, () => Promise<unknown>, string]>([
  ['connect', () => connect({ prot: 443, roots } as never), 'prot is no connect option; did you mean port?'],
  [
    'connect',
    () => connect({ port: 1, root: roots } as never),
    'root is no connect option; did you mean roots?',
  ],
  ['connect', () => connect({ port: 1, roots, answers: {} } as never), 'answers is no connect option'],
  [
    'connect',
    () => connect({ port: 1, ca: roots } as never),
    'ca is no connect option; what node:tls calls so is roots',
  ],
  [
    'connect',
    () => connect({ port: 1, verify: true } as never),
    'verify can only be false, and peers are verified without it; got true',
  ],
  [
    'createServer',
    () => createServer({ cert: roots } as never),
    'cert is no server option; what node:tls calls so is certificate',
  ],
  [
    'createServer',
    () => createServer({ ...serverIdentity, names: { 'a.example': { key: '' } } } as never),
    "key is no names['a.example'] option; what node:tls calls so is privateKey",
  ],
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

it('takes encrypted keys with their passphrase', async () => {
  const { certificate, privateKey: clear } = serverIdentity;
  const privateKey = encryptPrivateKey(loadPrivateKey(clear, provider), {
    provider,
    passphrase: 'a few words',
    derivation: { type: 'pbkdf2', iterations: 10 },
  });
  const without = await errorOf(createServer({ certificate, privateKey }));
  expect(without).toMatchObject({ code: 'encryption.passphraseMissing' });
  const wrong = await errorOf(createServer({ certificate, privateKey, passphrase: 'others' }));
  expect(wrong).toMatchObject({ code: 'encryption.passphraseWrong' });
  const names = { 'a.example': { certificate, privateKey: clear } };
  const server = await createServer({ certificate, privateKey, passphrase: 'a few words', names });
  const [client] = await Promise.all([connect({ port: server.port, roots }), once(server, 'connection')]);
  client.destroy();
  await server.close();
  const alone = await errorOf(connect({ port: 1, roots, passphrase: 'of nothing' }));
  expect(alone.message).toBe('passphrase is of no use without privateKey');
});

it.each<[string, (psk: ExternalPsk) => Parameters<typeof createServer>[0]]>([
  ['externalPsks', (psk) => ({ externalPsks: [psk] })],
  ['decide.lookupPsk', (psk) => ({ decide: { lookupPsk: async () => ({ ok: true, psks: [psk] }) } })],
])('a server needs no certificate where it has keys by %s', async (_, options) => {
  const key = { identity: Uint8Array.of(1), key: new Uint8Array(32).fill(7) };
  const server = await createServer(options(key), (connection) => void connection.end('hello'));
  const client = await connect({ port: server.port, externalPsks: [key] });
  expect(String(Buffer.concat(await client.toArray()))).toBe('hello');
  client.end();
  await server.close();
  expect(client.facts.externalPskIdentity).toEqual(key.identity);
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
