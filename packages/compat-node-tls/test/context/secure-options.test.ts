import { constants } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer as createTcp } from 'node:net';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { SeenHello } from '../../src/beyond/options.ts';
import {
  accepted,
  dial,
  dialBuiltin,
  failure,
  file,
  hasOpenssl,
  sClient,
  serve,
  serveBuiltin,
} from '../beyond/stage.ts';

/** Bits of `secureOptions` whose effect can be seen, beside the builtin. */

const {
  SSL_OP_ALL,
  SSL_OP_ALLOW_NO_DHE_KEX,
  SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
  SSL_OP_CIPHER_SERVER_PREFERENCE,
  SSL_OP_LEGACY_SERVER_CONNECT,
  SSL_OP_NO_ENCRYPT_THEN_MAC,
  SSL_OP_PRIORITIZE_CHACHA,
} = constants;

if (!hasOpenssl) console.log('skipped: psk_ke with s_client, which is not installed');

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** The suite that a builtin client gets of both servers. */
async function suites(server: TlsOptions, client: ConnectionOptions): Promise<(string | undefined)[]> {
  const ports = [await serveBuiltin(server), await serve(server)].map(({ port }) => port);
  const names: string[] = [];
  for (const port of ports) {
    const socket = dialBuiltin(port, client);
    await once(socket, 'secureConnect');
    names.push(socket.getCipher().name);
    socket.destroy();
  }
  return names;
}

const chacha = {
  'TLSv1.2': 'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256',
  'TLSv1.3': 'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
} as const;

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('SSL_OP_PRIORITIZE_CHACHA, %s', (version) => {
  const reversed = (list: string) => list.split(':').reverse().join(':');
  const ciphers = chacha[version];
  const [first, second] = ciphers.split(':');
  const own = { ciphers: reversed(ciphers), minVersion: version, maxVersion: version };

  it.each([
    ['who wants it first gets it', SSL_OP_PRIORITIZE_CHACHA, ciphers, first],
    ['who wants it second does not', SSL_OP_PRIORITIZE_CHACHA, reversed(ciphers), second],
    ['without it the server decides', 0, ciphers, second],
  ])('%s', async (_, bits, wanted, expected) => {
    const secureOptions = bits | SSL_OP_CIPHER_SERVER_PREFERENCE;
    expect(await suites({ ...own, secureOptions }, { ciphers: wanted, maxVersion: version })).toEqual([
      expected,
      expected,
    ]);
  });

  it('changes nothing where the client decides', async () => {
    const options = { ...own, honorCipherOrder: false, secureOptions: SSL_OP_PRIORITIZE_CHACHA };
    expect(await suites(options, { ciphers: reversed(ciphers), maxVersion: version })).toEqual([
      second,
      second,
    ]);
  });
});

it('SSL_OP_NO_ENCRYPT_THEN_MAC: neither side offers or takes it', async () => {
  const cbc = { ciphers: 'ECDHE-ECDSA-AES128-SHA', maxVersion: 'TLSv1.2' } as const;
  const avoiding = { ...cbc, secureOptions: SSL_OP_NO_ENCRYPT_THEN_MAC };
  for (const [server, client, isUsed] of [
    [cbc, cbc, true],
    [avoiding, cbc, false],
    [cbc, avoiding, false],
  ] as const) {
    const ours = await serve(server);
    const socket = accepted(ours.server);
    dialBuiltin(ours.port, client);
    expect((await socket).sealwire.facts.encryptThenMac).toBe(isUsed);
    const theirs = await serveBuiltin(server);
    const dialed = dial(theirs.port, client);
    await once(dialed, 'secureConnect');
    expect(dialed.sealwire.facts.encryptThenMac).toBe(isUsed);
  }
});

/** The hellos of a builtin client and of ours, with the same options. */
async function hellos(options: ConnectionOptions): Promise<[theirs: SeenHello, ours: SeenHello]> {
  const seen: SeenHello[] = [];
  const { port } = await serve({ sealwire: { onClientHello: (hello) => void seen.push(hello) } });
  await once(dialBuiltin(port, options), 'secureConnect');
  await once(dial(port, options), 'secureConnect');
  return seen as [SeenHello, SeenHello];
}

const dataOf = (hello: SeenHello, wanted: number) =>
  hello.extensions.filter(({ type }) => type === wanted).map(({ data }) => Buffer.from(data).toString('hex'));

it.each([
  ['psk_dhe_ke alone', 0, ['0101']],
  ['psk_ke as well', SSL_OP_ALLOW_NO_DHE_KEX, ['020100']],
])('SSL_OP_ALLOW_NO_DHE_KEX: a client offers %s', async (_, secureOptions, modes) => {
  for (const hello of await hellos({ secureOptions })) expect(dataOf(hello, 45)).toEqual(modes);
});

it.skipIf(!hasOpenssl)('SSL_OP_ALLOW_NO_DHE_KEX: a server resumes where no group is common', async () => {
  for (const [secureOptions, words] of [
    [SSL_OP_ALLOW_NO_DHE_KEX, /^Reused, TLSv1\.3/m],
    [0, /alert handshake failure/],
  ] as const) {
    const ticketKeys = Buffer.alloc(48, 7);
    const kept = { ticketKeys, secureOptions, sessionIdContext: 'x' };
    const both = await serve({ ecdhCurve: 'X25519:P-256', ...kept });
    const name = `ke-${secureOptions}.pem`;
    both.server.on('secureConnection', (socket) => socket.write('welcome\n'));
    const first = sClient(both.port, '-sess_out', file(name), '-groups', 'X25519');
    await first.prints(/welcome/);
    first.type('Q');
    await once(first.process, 'close');
    for (const start of [serve, serveBuiltin]) {
      const { port } = await start({ ecdhCurve: 'P-256', ...kept });
      const again = sClient(port, '-sess_in', file(name), '-groups', 'X25519', '-allow_no_dhe_kex');
      await again.prints(words);
    }
  }
});

it('SSL_OP_ALL: a hello of 256 to 511 bytes is padded', async () => {
  const ALPNProtocols = ['x'.repeat(100)];
  for (const secureOptions of [0, SSL_OP_ALL]) {
    const [theirs, ours] = await hellos({ secureOptions, ALPNProtocols, ecdhCurve: 'X25519' });
    expect([dataOf(theirs, 21).length, dataOf(ours, 21).length]).toEqual(
      secureOptions === 0 ? [0, 0] : [1, 1],
    );
    if (secureOptions !== 0) expect([theirs.raw.length, ours.raw.length]).toEqual([512, 512]);
  }
});

/** A way to a server on which its ServerHello loses renegotiation_info: as from one that knows nothing of it, until its Finished. */
async function withoutInfo(port: number): Promise<number> {
  const way = createTcp((from) => {
    const to = connectTcp(port, '127.0.0.1');
    for (const stream of [from, to]) stream.on('error', () => {});
    from.pipe(to);
    to.once('data', (flight: Buffer) => {
      const at = flight.indexOf(renegotiationInfo);
      expect(at).toBeGreaterThan(0);
      const changed = Buffer.concat([flight.subarray(0, at), flight.subarray(at + renegotiationInfo.length)]);
      // Lengths of the record, of the message, and of its extensions, which stand behind the session id, suite and compression.
      const extensions = 5 + 4 + 2 + 32 + 1 + flight[43]! + 3;
      for (const place of [3, 7, extensions])
        changed.writeUInt16BE(flight.readUInt16BE(place) - renegotiationInfo.length, place);
      from.write(changed);
      to.pipe(from);
    });
    from.on('close', () => to.destroy());
  }).listen(0, '127.0.0.1');
  ends.push(() => void way.close());
  await once(way, 'listening');
  return (way.address() as AddressInfo).port;
}

const renegotiationInfo = Buffer.from('ff01000100', 'hex');

it.each([
  ['nothing', 0, /^ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED$/],
  // The server notices that its hello was changed.
  ['SSL_OP_LEGACY_SERVER_CONNECT', SSL_OP_LEGACY_SERVER_CONNECT, /_ALERT_BAD_RECORD_MAC$/],
  [
    'SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION',
    SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
    /_ALERT_BAD_RECORD_MAC$/,
  ],
])('with %s a client meets a server without RFC 5746', async (_, secureOptions, code) => {
  const { port } = await serveBuiltin({ maxVersion: 'TLSv1.2' });
  const over = await withoutInfo(port);
  for (const connect of [dialBuiltin, dial])
    expect((await failure(connect(over, { secureOptions }))).code).toMatch(code);
});
