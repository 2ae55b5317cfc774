import { describe, expect, it } from 'vitest';
import { createClient, createServer } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { capture, pair, passageOf, type Passage, virtualClock } from '@sealwire/testkit';
import { createVerifier, loadCredential } from '@sealwire/x509';
import { file, paths, pki, run } from './run.ts';
import { served } from './served.ts';

/** A conversation with our own ends, as it passed. */
const passage: Passage = passageOf(
  pair(
    createClient({
      provider,
      keyLog: true,
      serverName: 'localhost',
      answers: { verifyPeer: createVerifier({ provider, roots: pki.root }) },
    }),
    createServer({
      provider,
      credentials: [loadCredential({ provider, chain: pki.server.certificate, key: pki.server.privateKey })],
    }),
    { clock: virtualClock(Date.now()) },
  ).run([
    { by: 'client', do: 'send', bytes: Buffer.from('a secret word') },
    { by: 'client', do: 'close' },
    { by: 'server', do: 'close' },
  ]),
);
const hello = passage.wire[0]!.bytes;
const withSecrets = capture(passage);
const without = capture({ ...passage, keyLog: [] });
const keyFile = file(`# secrets\n${passage.keyLog.join('\n')}\nnonsense\n`);

describe('inspect', () => {
  it('opens a capture with the secrets in it, or in a file', async () => {
    for (const args of [[file(withSecrets)], [file(without), '-keylogfile', keyFile]]) {
      const { stdout } = await run(['inspect', ...args, '--json']);
      const [stream] = JSON.parse(stdout).result.captures[0].streams;
      expect(stream).toMatchObject({
        client: '192.0.2.1:50000',
        server: '198.51.100.1:443',
        serverName: 'localhost',
        version: 'TLS 1.3',
        cipherSuite: 'TLS_AES_128_GCM_SHA256',
        missingBytes: 0,
        certificates: [{ subject: 'CN=server, O=Sealwire tests' }, {}],
      });
      expect(stream.opened).toBeGreaterThan(4);
      expect(stream.messages.map(({ name }: { name: string }) => name)).toContain('certificate_verify');
    }
    const shut = JSON.parse((await run(['inspect', file(without), '--json'])).stdout).result.captures[0]
      .streams[0];
    expect(shut).toMatchObject({ opened: 0, version: 'TLS 1.3', certificates: [] });
    const shown = await run(['inspect', file(withSecrets), '--messages']);
    expect(shown.stdout).toContain('"localhost"');
    expect(shown.stdout).toContain('"a secret word"');
  });

  it('reads the older format, other links, and segments in any order', async () => {
    const packets = packetsOf(Buffer.from(without));
    const [syn, synAck, ack, ...rest] = packets;
    const shuffled = [
      syn!,
      synAck!,
      ack!,
      ...rest.flatMap((each, i) => (i % 2 === 0 ? [rest[i + 1], each, each] : [])),
      rest.at(-1)!,
    ].filter((each) => each !== undefined);
    const ethernet = shuffled.map((each) =>
      Buffer.concat([Buffer.alloc(12, 2), Buffer.of(0x81, 0, 0, 7, 8, 0), each]),
    );
    for (const contents of [pcap(101, shuffled, 'LE'), pcap(1, ethernet, 'BE')]) {
      const { stdout } = await run(['inspect', file(contents), '--keylog', keyFile, '--json']);
      const [stream] = JSON.parse(stdout).result.captures[0].streams;
      expect(stream).toMatchObject({ serverName: 'localhost', missingBytes: 0 });
      expect(stream.messages.map(({ name }: { name: string }) => name)).toContain('finished');
    }
    const gap = await run([
      'inspect',
      file(
        pcap(
          101,
          packets.filter((_, i) => i !== 4),
          'LE',
        ),
      ),
      '--json',
    ]);
    expect(JSON.parse(gap.stdout).result.captures[0].streams[0].missingBytes).toBeGreaterThan(0);
  });

  it('survives captures that are damaged everywhere', async () => {
    let seed = 1;
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let i = 0; i < (process.env['SEALWIRE_PROFILE'] === 'full' ? 1_000 : 12); i++) {
      const damaged = Buffer.from(withSecrets);
      for (let k = 0; k < 8; k++) damaged[8 + next(damaged.length - 8)] = next(256);
      const { code, stderr } = await run([
        'inspect',
        file(damaged.subarray(0, damaged.length - next(200))),
        '--messages',
        '--as',
        'capture',
      ]);
      expect({ i, code: [0, 3].includes(code), stderr: stderr.includes('defect') }).toEqual({
        i,
        code: true,
        stderr: false,
      });
    }
  });

  it('shows a ClientHello, as bytes and as hex, with its fingerprints', async () => {
    const bare = Buffer.from(hello.subarray(5, 5 + ((hello[3]! << 8) | hello[4]!)));
    const outputs = [];
    for (const contents of [
      hello,
      bare,
      bare.toString('hex'),
      `${Buffer.from(hello).toString('hex').replace(/../g, '$& ')}\n`,
    ])
      outputs.push((await run(['inspect', '-'], { input: contents })).stdout);
    expect(new Set(outputs).size).toBe(1);
    expect(outputs[0]).toContain('host_name: "localhost"');
    expect(outputs[0]).toMatch(/JA4: +t13d\w+_\w{12}_\w{12}\n/);
    const json = JSON.parse((await run(['inspect', file(bare), '--as', 'hello', '--json'])).stdout);
    expect(json.result.hellos[0]).toMatchObject({ message: { name: 'client_hello' } });
    expect((await run(['inspect', file('no such thing')])).code).toBe(3);
  });

  it('shows sessions without their secrets, and certificates', async () => {
    const session = file();
    const server = await served(['-cert', paths.serverCert, '-key', paths.serverKey]);
    await run(['connect', `localhost:${server.port}`, '-CAfile', paths.root, '-sess_out', session]);
    await server.stop();
    const { stdout, code } = await run(['inspect', session, paths.serverCert]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/peer: +CN=server, O=Sealwire tests/);
    expect(stdout).toMatch(/names: +DNS:localhost/);
    const json = JSON.parse((await run(['inspect', session, paths.serverCert, '--json'])).stdout);
    expect(json.result.sessions[0]).toMatchObject({ version: 'TLS 1.3', serverName: 'localhost' });
    expect(json.result.sessions[0].secret).toBeUndefined();
    expect(json.result.certificates).toHaveLength(2);
    const csr = file(
      (await run(['cert', 'request', '--key', paths.serverKey, '--name', 'a.example'])).stdout,
    );
    expect((await run(['inspect', csr])).stdout).toContain('DNS:a.example');
  });
});

/** The packets of a pcapng file of the test kit. */
function packetsOf(capture: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < capture.length; at += capture.readUInt32LE(at + 4)) {
    if (capture.readUInt32LE(at) === 6)
      packets.push(capture.subarray(at + 28, at + 28 + capture.readUInt32LE(at + 20)));
  }
  return packets;
}

function pcap(linkType: number, packets: readonly Buffer[], order: 'LE' | 'BE'): Buffer {
  const u32 = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [i, value] of values.entries()) bytes[`writeUInt32${order}`](value, 4 * i);
    return bytes;
  };
  const header = u32(0xa1b2_c3d4, 0x0002_0004, 0, 0, 65_535, linkType);
  return Buffer.concat([header, ...packets.flatMap((each) => [u32(0, 0, each.length, each.length), each])]);
}
