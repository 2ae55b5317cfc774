import { once } from 'node:events';
import { expect, it } from 'vitest';
import { ApiMisuseError } from '@sealwire/core';
import {
  accepted,
  builtin,
  ca,
  client,
  dial,
  dialBuiltin,
  failure,
  ours,
  serve,
  serveBuiltin,
  server,
} from './stage.ts';
import { otherCa } from '../session/identities.ts';

const tls = ours as unknown as Record<
  'connect' | 'createServer' | 'createSecureContext',
  (options: object) => unknown
>;

it.each([
  ['connect', { verfy: () => true }, 'verfy is no sealwire (client) option; did you mean verify?'],
  ['connect', { onClientHello: () => {} }, 'onClientHello is no sealwire (client) option'],
  ['createServer', { earlyData: Buffer.alloc(1) }, 'earlyData is no sealwire (server) option'],
  ['createSecureContext', { requestCerts: true }, 'did you mean requestCert?'],
  ['connect', 5, 'expected an object of sealwire (client) options'],
  ['connect', { verify: true }, 'sealwire.verify must be a function'],
  ['createServer', { maxEarlyData: 0 }, 'sealwire.maxEarlyData must be an integer from 1 to 4294967295'],
  ['createServer', { storeSessions: 1 }, 'sealwire.storeSessions must be a boolean'],
  ['connect', { earlyData: 'x' }, 'sealwire.earlyData must be a Uint8Array'],
  ['createSecureContext', { signatureSchemes: ['rsa'] }, 'sealwire.signatureSchemes must be a list of names'],
  ['createSecureContext', { certificateCompression: ['zlib', 'zlib'] }, 'zlib, brotli, zstd, each once'],
  ['createSecureContext', { additionalCa: 5 }, 'sealwire.additionalCa must be PEM'],
  ['createSecureContext', { additionalCa: 'no PEM' }, 'there is one that cannot be read'],
  [
    'createSecureContext',
    { additionalCa: `${ca}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` },
    'cannot be read',
  ],
] as const)('%s refuses %j', (name, sealwire, message) => {
  const call = () => tls[name]({ port: 1, sealwire });
  expect(call).toThrow(ApiMisuseError);
  expect(call).toThrow(message);
});

it('additionalCa adds to the default authorities, and to `ca`', async () => {
  const { port } = await serveBuiltin({});
  await once(dial(port, { ca: undefined, sealwire: { additionalCa: ca } }), 'secureConnect');
  await once(dial(port, { ca: otherCa, sealwire: { additionalCa: [Buffer.from(ca)] } }), 'secureConnect');
  expect((await failure(dial(port, { ca: otherCa }))).code).toMatch(/^UNABLE_TO|^SELF_SIGNED/);
  const asking = await serve({ ca: otherCa, requestCert: true, sealwire: { additionalCa: ca } });
  const socket = accepted(asking.server);
  dialBuiltin(asking.port, client);
  expect((await socket).authorized).toBe(true);
});

it('are changed by nobody after they were given', async () => {
  const sealwire: { verify: () => Promise<boolean>; handshakeTimeoutMs?: number } = {
    verify: async () => false,
  };
  const { port } = await serveBuiltin({});
  const socket = dial(port, { sealwire });
  sealwire.verify = async () => true;
  expect((await failure(socket)).message).toBe('the peer was refused by sealwire.verify');
});

it('handshakeTimeoutMs ends what takes too long, on clients as well', async () => {
  const { createServer } = await import('node:net');
  const silent = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const socket = dial((silent.address() as { port: number }).port, { sealwire: { handshakeTimeoutMs: 20 } });
  expect((await failure(socket)).code).toBe('ERR_TLS_HANDSHAKE_TIMEOUT');
  silent.close();
  const { port } = await serveBuiltin({});
  const done = dial(port, { sealwire: { handshakeTimeoutMs: 2_000_000_000 } });
  await once(done, 'secureConnect');
});

/** The warnings that come of options of these names, everywhere. */
async function warned(options: object): Promise<string[]> {
  const texts: string[] = [];
  const listen = (warning: Error & { code?: string }) => {
    if (warning.code === 'SEALWIRE_UNKNOWN_OPTION') texts.push(warning.message);
  };
  process.on('warning', listen);
  tls.createSecureContext(options);
  (tls.connect({ port: 1, host: '127.0.0.1', ...options }) as NodeJS.EventEmitter).on('error', () => {});
  tls.createServer(options);
  await new Promise((done) => void setImmediate(done));
  process.off('warning', listen);
  return texts;
}

it('warns of what means nothing, once, to whoever wants to know', async () => {
  const options = {
    rejectUnautorized: false,
    servname: 'x',
    method: 'GET',
    headers: {},
    lookup() {},
    other: 1,
  };
  const does = 'tls.createSecureContext does not know the option';
  const warnings = [
    `${does} "rejectUnautorized"; did you mean rejectUnauthorized?`,
    `${does} "servname"; did you mean servername?`,
    `${does} "other"`,
  ];
  expect(await warned(options)).toEqual([]);
  expect(await warned({ ...options, sealwire: { warnUnknown: true } })).toEqual(warnings);
  expect(await warned({ ...options, sealwire: { warnUnknown: true } })).toEqual([]);
  process.env['SEALWIRE_WARN_UNKNOWN'] = '1';
  expect(await warned({ another: 1, sealwire: { warnUnknown: false } })).toEqual([]);
  expect(await warned({ another: 1 })).toEqual([`${does} "another"`]);
  delete process.env['SEALWIRE_WARN_UNKNOWN'];
});

it('knows the options of `node:tls` and its neighbours', async () => {
  // What the builtin reads of options, as far as can be seen from outside.
  const read = new Set<string>();
  const watching = new Proxy(
    { ...server, port: 1 },
    {
      get(target, name) {
        if (typeof name === 'string') read.add(name);
        return Reflect.get(target, name) as unknown;
      },
    },
  );
  builtin.createServer(watching);
  builtin.createSecureContext(watching);
  expect(read.size).toBeGreaterThan(30);
  for (const name of ['port', 'host']) read.delete(name);
  const options = Object.fromEntries([...read].map((name) => [name, undefined]));
  expect(await warned({ ...options, sealwire: { warnUnknown: true } })).toEqual([]);
});
