import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as listen, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Connection,
  createClient,
  createServer,
  type Output,
  type ServerOptions,
  serverConfig,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { acceptAnyPeer, encodePem, loadCredential, loadPrivateKey, makeCertificate } from '@sealwire/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './run.ts';

/** The other end of the shim, in place of the runner: it listens, and plays TLS by our own core. */

const folder = mkdtempSync(join(tmpdir(), 'sealwire-shim-test-'));
const certFile = join(folder, 'cert.pem');
const keyFile = join(folder, 'key.pem');
const verifyPeer = acceptAnyPeer({ dangerouslySkipAuthentication: true });
const now = Date.now();

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const certificate = makeCertificate({
  provider: nodeProvider,
  subject: { CN: 'test' },
  key: loadPrivateKey(key, nodeProvider),
  notBeforeMs: now - 86_400_000,
  notAfterMs: now + 86_400_000,
});
const chain = encodePem('CERTIFICATE', certificate);
const credential = loadCredential({ provider: nodeProvider, chain, key });
const credentialFlags = ['-cert-file', certFile, '-key-file', keyFile];

let server: Server;
/** What the shim said first, and what became of each connection. */
let heard: { shimIds: bigint[]; facts: Connection['facts'][] };
let play: (socket: Socket) => Connection;

beforeAll(async () => {
  writeFileSync(certFile, chain);
  writeFileSync(keyFile, key);
  server = listen({ allowHalfOpen: true }, (socket) => void serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Reads the number, then plays the peer: says 32 bytes, waits for them to come back turned round, and ends. */
async function serve(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  const connection = play(socket);
  let header = Buffer.alloc(0);
  let echoed = 0;
  const drain = () => {
    for (let output: Output | undefined; (output = connection.poll()) !== undefined; ) {
      if (output.type === 'transmit') for (const piece of output.pieces) socket.write(piece);
      if (output.type === 'connected') connection.send(new Uint8Array(32).fill(0x42));
      if (output.type === 'data') {
        echoed += output.bytes.filter((byte) => byte === 0xbd).length;
        if (echoed === 32) connection.close();
      }
      if (output.type === 'failed') socket.end();
    }
  };
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    if (header.length < 8) {
      const all = Buffer.concat([header, chunk]);
      [header, rest] = [all.subarray(0, 8), all.subarray(8)];
      if (header.length < 8) return;
      heard.shimIds.push(header.readBigUInt64LE());
      connection.start(now);
    }
    connection.receive(rest, now);
    drain();
    // The end of our data: the shim then closes as well.
    if (echoed === 32) drain();
  });
  socket.on('end', () => {
    connection.receiveEnd(now);
    drain();
    heard.facts.push(connection.facts);
    socket.end();
  });
}

/** Runs the shim against connections of this kind. */
async function runAgainst(make: () => Connection, ...flags: string[]) {
  heard = { shimIds: [], facts: [] };
  play = make;
  const { port } = server.address() as AddressInfo;
  const outcome = await run(['-port', `${port}`, '-shim-id', '4294967297', ...flags]);
  return { ...outcome, ...heard };
}

function serving(options: Partial<ServerOptions> = {}): () => Connection {
  const config = serverConfig({
    provider: nodeProvider,
    credentials: [credential],
    ...options,
    answers: { verifyPeer, ...options.answers },
  });
  return () => createServer(config);
}

describe('run', () => {
  it('says that there is no other program', async () => {
    expect(await run(['-is-handshaker-supported'])).toEqual({ exit: 0, stdout: 'No\n', stderr: '' });
  });

  it.each([
    ['-dtls', 'not implemented: -dtls\n'],
    ['-on-resume-enable-channel-id', 'not implemented: -on-resume-enable-channel-id\n'],
  ])('answers 89 to what it does not know: %s', async (flag, stdout) => {
    expect(await run(['-port', '1', '-shim-id', '1', flag])).toEqual({ exit: 89, stdout, stderr: '' });
  });

  it('answers 90 to flags that make no sense, so that no test passes by them', async () => {
    expect(await run(['-port'])).toEqual({ exit: 90, stdout: '', stderr: 'usage: -port lacks its value\n' });
    expect(await run([])).toMatchObject({ exit: 90, stderr: 'usage: -port and -shim-id are missing\n' });
  });

  it.each([[[]], [['-async']], [['-implicit-handshake']], [['-async', '-implicit-handshake']]])(
    'echoes as a client, and resumes: %j',
    async (flags) => {
      const said = await runAgainst(serving(), '-resume-count', '1', '-expect-version', '772', ...flags);
      expect(said).toMatchObject({ exit: 0, stderr: '', shimIds: [4294967297n, 4294967297n] });
      expect(said.facts).toMatchObject([{ resumed: false }, { resumed: true }]);
    },
  );

  it.each([[[]], [['-async']]])('echoes as a server: %j', async (flags) => {
    const make = () => createClient({ provider: nodeProvider, answers: { verifyPeer } });
    const said = await runAgainst(make, '-server', ...credentialFlags, ...flags);
    expect(said).toMatchObject({ exit: 0, stderr: '', facts: [{ handshakes: 1 }] });
  });

  it.each([
    ['-expect-version', '771', 'version: got 772, expected 771'],
    ['-expect-cipher', '4867', 'cipher suite: got 4865, expected 4867'],
    ['-expect-curve-id', '23', 'group: got 4588, expected 23'],
    ['-expect-peer-signature-algorithm', '2052', "scheme of the peer's signature: got 1027, expected 2052"],
    ['-expect-alpn', 'h2', 'ALPN: got , expected h2'],
    ['-expect-ocsp-response', 'AQID', 'no OCSP response where the peer is verified'],
    ['-expect-signed-cert-timestamps', 'AAMAAQE=', 'timestamps: got 0000, expected 0003000101'],
    ['-expect-msg-callback', 'write hs 1\n', 'messages: got write hs 1'],
    ['-expect-total-renegotiations', '1', 'renegotiations: got 0, expected 1'],
    [
      '-expect-early-data-reason',
      'accept',
      'reason for the fate of 0-RTT data: got disabled, expected accept',
    ],
  ])('looks at what is expected: %s', async (flag, value, message) => {
    const said = await runAgainst(serving(), flag, value);
    expect(said).toMatchObject({ exit: 1, stderr: expect.stringContaining(`expectation: ${message}`) });
  });

  it.each([
    ['-expect-hrr', 'HelloRetryRequest: got false, expected true'],
    ['-expect-no-peer-cert', 'certificates of the peer: got 1, expected 0'],
    ['-expect-no-session', 'a session for later: got true, expected false'],
    ['-expect-ticket-supports-early-data', 'a session for 0-RTT data: got false, expected true'],
    ['-expect-accept-early-data', '0-RTT data: got undefined, expected accepted'],
  ])('looks at what is expected: %s', async (flag, message) => {
    const said = await runAgainst(serving(), flag);
    expect(said).toMatchObject({ exit: 1, stderr: expect.stringContaining(`expectation: ${message}`) });
  });

  it('always looks whether a session was resumed where that was to be', async () => {
    const without = serving({ tickets: false });
    expect(await runAgainst(without)).toMatchObject({
      exit: 1,
      stderr: 'expectation: a session for later: got false, expected true\n',
    });
    expect(await runAgainst(without, '-resume-count', '1', '-expect-no-session')).toMatchObject({
      exit: 1,
      stderr: 'expectation: no session to offer\n',
    });
    const missing = await runAgainst(serving(), '-resume-count', '1', '-expect-session-miss');
    expect(missing).toMatchObject({ exit: 1, stderr: 'expectation: resumed: got true, expected false\n' });
  });

  it('says which check of the stack failed, and the alert of a peer', async () => {
    const refused = await runAgainst(
      serving(),
      '-verify-fail',
      '-verify-peer',
      '-use-custom-verify-callback',
    );
    expect(refused.stderr).toMatch(/^local\.certificateRejected\(certificate_unknown\) in certificate: /);
    const alone = serving({ clientAuthentication: 'require' });
    const unwelcome = await runAgainst(alone);
    expect(unwelcome).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/^received\.alert\(certificate_required\)/),
    });
  });
});
