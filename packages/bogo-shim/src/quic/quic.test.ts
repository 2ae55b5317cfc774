import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer as listen, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AcceptEarlyDataAsk, type Facts, type ServerOptions, serverConfig } from '@sealwire/core';
import { createQuicClient, createQuicServer, type QuicHandshake } from '@sealwire/core/quic';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { acceptAnyPeer, encodePem, loadCredential, loadPrivateKey, makeCertificate } from '@sealwire/x509';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFlags } from '../flags/parse.ts';
import { run } from '../run.ts';
import { acceptsEarlyData, earlyDataContext } from './early-data.ts';
import { QuicEndpoint } from './endpoint.ts';

/** The other end of the shim, in place of the runner: the same framing from the other side. */

const folder = mkdtempSync(join(tmpdir(), 'sealwire-shim-quic-'));
const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
const verifyPeer = acceptAnyPeer({ dangerouslySkipAuthentication: true });
const now = Date.now();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const certificate = makeCertificate({
  provider,
  subject: { CN: 'test' },
  key: loadPrivateKey(key, provider),
  notBeforeMs: now - 86_400_000,
  notAfterMs: now + 86_400_000,
});
const chain = encodePem('CERTIFICATE', certificate);

let listener: Server;
let play: () => QuicHandshake;
let heard: { facts: Facts; said: string; failure: unknown }[];

beforeAll(async () => {
  writeFileSync(certFile, chain);
  writeFileSync(keyFile, key);
  listener = listen({ allowHalfOpen: true }, (socket) => void serve(socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
});

afterAll(() => {
  listener.close();
  rmSync(folder, { recursive: true });
});

async function serve(socket: Socket): Promise<void> {
  await once(socket, 'readable');
  socket.read(8);
  const handshake = play();
  const endpoint = new QuicEndpoint(socket, handshake, {
    async: false,
    answer: () => undefined,
    nowMs: () => now,
  });
  let said = '';
  let failure: unknown;
  try {
    await endpoint.until(() => endpoint.isConnected);
    await endpoint.write(Uint8Array.of(0x9e, 0x96));
    said = String(Buffer.from((await endpoint.read(512))!));
  } catch (error) {
    failure = error;
  }
  heard.push({ facts: handshake.facts, said, failure });
  await endpoint.hangUp();
}

async function runAgainst(make: () => QuicHandshake, ...flags: string[]) {
  heard = [];
  play = make;
  const { port } = listener.address() as AddressInfo;
  const own = ['-quic', '-quic-transport-params', 'AwQ=', '-quic-use-legacy-codepoint', '0'];
  const alpn = ['-advertise-alpn', '\x03foo', '-select-alpn', 'foo', '-expect-alpn', 'foo'];
  return run(['-port', `${port}`, '-shim-id', '1', ...own, ...alpn, ...flags]);
}

const transport = { transportParameters: Uint8Array.of(1, 2) };
const serving = (options: Partial<ServerOptions> = {}) => {
  const credentials = [loadCredential({ provider, chain, key })];
  const config = serverConfig({ provider, credentials, alpnProtocols: ['foo'], ...options });
  return () => createQuicServer(config, transport);
};
const asking = () =>
  createQuicClient({ provider, alpnProtocols: ['foo'], answers: { verifyPeer } }, transport);

it.each([[[]], [['-async']]])('echoes as a client, and resumes: %j', async (flags) => {
  const outcome = await runAgainst(serving(), '-resume-count', '1', ...flags);
  expect(outcome).toEqual({ exit: 0, stdout: '', stderr: '' });
  expect(heard).toMatchObject([
    { said: 'ai', facts: { resumed: false, peerTransportParameters: Uint8Array.of(3, 4) } },
    { said: 'ai', facts: { resumed: true } },
  ]);
});

it.each([[[]], [['-async']]])('echoes as a server: %j', async (flags) => {
  const outcome = await runAgainst(asking, '-server', '-cert-file', certFile, '-key-file', keyFile, ...flags);
  expect(outcome).toEqual({ exit: 0, stdout: '', stderr: '' });
  expect(heard).toMatchObject([{ said: 'ai', facts: { peerTransportParameters: Uint8Array.of(3, 4) } }]);
});

it('looks at transport parameters', async () => {
  expect(await runAgainst(serving(), '-expect-quic-transport-params', 'AQI=')).toMatchObject({ exit: 0 });
  expect(await runAgainst(serving(), '-expect-quic-transport-params', 'AQM=')).toMatchObject({
    exit: 1,
    stderr: 'expectation: transport parameters: got 0102, expected 0103\n',
  });
});

it('says which alert ends a handshake', async () => {
  const outcome = await runAgainst(serving(), '-verify-fail', '-use-custom-verify-callback', '-verify-peer');
  expect(outcome.stderr).toMatch(/^local\.certificateRejected\(certificate_unknown\)/);
  expect(String(heard[0]?.failure)).toContain('the runner sent a record of type 21');
});

it('ends with an alert that the test wants', async () => {
  expect(await runAgainst(serving(), '-send-alert')).toMatchObject({ exit: 0 });
  expect(String(heard[0]?.failure)).toContain('the runner sent a record of type 21');
});

it('answers 89 to what QUIC does not have', async () => {
  const outcome = await runAgainst(serving(), '-check-close-notify');
  expect(outcome).toMatchObject({ exit: 89, stdout: 'not implemented: close_notify in QUIC\n' });
  const legacy = await runAgainst(serving(), '-quic-use-legacy-codepoint', '1');
  expect(legacy).toMatchObject({ exit: 89 });
});

it('sends 0-RTT data, and sees that it is taken', async () => {
  const server = serving({ earlyData: { maxBytes: 1, windowMs: 61_000 } });
  const flags = ['-enable-early-data', '-resume-count', '1', '-expect-ticket-supports-early-data'];
  const taken = await runAgainst(server, ...flags, '-on-resume-expect-accept-early-data');
  expect(taken).toEqual({ exit: 0, stdout: '', stderr: '' });
  expect(heard[1]?.facts.earlyData).toBe('accepted');
});

it('takes 0-RTT data only where its context is the same', () => {
  const withContext = (context: string) => parseFlags(['-quic', '-quic-early-data-context', context]).initial;
  const ask = { session: { applicationData: earlyDataContext(withContext('one')) } } as AcceptEarlyDataAsk;
  expect(acceptsEarlyData(withContext('one'), ask)).toEqual({ ok: true, accept: true });
  expect(acceptsEarlyData(withContext('two'), ask)).toEqual({ ok: true, accept: false });
});
