import { createClient, createServer, namedGroups, type Output } from '@sealwire/core';
import { clientEch, encodeEchConfigList, generateEchKey, greaseEch, serverEch } from '@sealwire/core/ech';
import { nodeProvider } from '@sealwire/crypto-node';
import { dissect, findPart } from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';
import { createDecipheriv, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drain, exchange, nowMs, ofType } from './ends.ts';

/** The key log's lines for Encrypted Client Hello (RFC 9850 §2.3), and what somebody else can do with them. */
const hidden = 'hidden.example.org';
const publicName = 'public.example.net';
const pki = makeTestPki({ provider: nodeProvider, nowMs, dnsNames: [hidden, publicName] });
const credential = loadCredential({ provider: nodeProvider, chain: pki.server.chain, key: pki.server.key });
const verifyPeer = createVerifier({ provider: nodeProvider, roots: [pki.root.certificate] });
const [key, other] = [1, 2].map((configId) =>
  generateEchKey({ provider: nodeProvider, publicName, configId }),
);
const toThis = clientEch({ provider: nodeProvider, configList: encodeEchConfigList([key!.config]) });
const kept = serverEch({ provider: nodeProvider, keys: [key!] });

interface Options {
  readonly ech?: ReturnType<typeof greaseEch>;
  readonly acceptEch?: ReturnType<typeof serverEch>;
  readonly keyLog?: boolean;
  readonly isRetried?: boolean;
}

/** A handshake; the lines of ECH on both sides, and the hello that was sent. */
function meet({ ech = toThis, acceptEch = kept, keyLog = true, isRetried = false }: Options) {
  const client = createClient({
    provider: nodeProvider,
    serverName: hidden,
    answers: { verifyPeer },
    ech,
    keyLog,
    trace: true,
  });
  const server = createServer({
    provider: nodeProvider,
    credentials: [credential],
    acceptEch,
    keyLog,
    ...(isRetried && { groups: [namedGroups.secp384r1] }),
  });
  server.start(nowMs);
  client.start(nowMs);
  const first = drain(client);
  for (const { pieces } of ofType(first, 'transmit')) {
    for (const piece of pieces) server.receive(piece, nowMs);
  }
  const { a, b } = exchange(client, server);
  const messages = ofType(first, 'trace').flatMap(({ event }) =>
    event.what === 'handshake' ? [event.raw] : [],
  );
  return { client, lines: { client: linesOf([...first, ...a]), server: linesOf(b) }, hello: messages[0]! };
}

function linesOf(outputs: readonly Output[]): string[] {
  return ofType(outputs, 'keylog').flatMap(({ line }) => (line.startsWith('ECH_') ? [line] : []));
}

describe('the key log of an encrypted hello', () => {
  it('opens the hello, with nothing but its two lines', () => {
    const { client, lines, hello } = meet({});
    expect(client.facts.encryptedClientHello).toBe('accepted');
    expect(lines.server).toEqual(lines.client);
    const [secret, config] = lines.client.map((line) => line.split(' '));
    expect(lines.client.map((line) => line.split(' ')[0])).toEqual(['ECH_SECRET', 'ECH_CONFIG']);
    const outerRandom = Buffer.from(findPart(dissect(hello), 'random')!.content).toString('hex');
    expect([secret![1], config![1]]).toEqual([outerRandom, outerRandom]);
    expect(Buffer.from(client.facts.clientRandom!).toString('hex')).not.toBe(outerRandom);
    expect(config![2]).toBe(Buffer.from(key!.config).toString('hex'));
    const inner = decrypted(hello, Buffer.from(secret![2]!, 'hex'), key!.config);
    expect(inner.includes(hidden)).toBe(true);
    expect(Buffer.from(hello).includes(hidden)).toBe(false);
  });

  it('has them once, though two hellos are encrypted', () => {
    const { client, lines } = meet({ isRetried: true });
    expect(client.facts).toMatchObject({ helloRetried: true, encryptedClientHello: 'accepted' });
    expect(lines.client).toHaveLength(2);
    expect(lines.server).toEqual(lines.client);
  });

  it('has them of a client alone, where the server could not decrypt', () => {
    const { client, lines, hello } = meet({
      acceptEch: serverEch({ provider: nodeProvider, keys: [other!] }),
    });
    expect(client.facts.encryptedClientHello).toBe('rejected');
    expect(lines.server).toEqual([]);
    const secret = Buffer.from(lines.client[0]!.split(' ')[2]!, 'hex');
    expect(decrypted(hello, secret, key!.config).includes(hidden)).toBe(true);
  });

  it('has none where nothing was encrypted, and none unasked', () => {
    expect(meet({ ech: greaseEch({ provider: nodeProvider }) }).lines).toEqual({ client: [], server: [] });
    expect(meet({ keyLog: false }).lines).toEqual({ client: [], server: [] });
  });
});

/** HPKE from the shared secret on (RFC 9180 §5.1), written a second time, for X25519, HKDF-SHA256 and AES-128-GCM. */
function decrypted(hello: Uint8Array, shared: Buffer, config: Uint8Array): Buffer {
  const extension = Buffer.from(
    findPart(dissect(hello), 'extensions.encrypted_client_hello')!.content,
  ).subarray(4);
  expect(extension.subarray(0, 5).toString('hex')).toBe('0000010001');
  const encBytes = extension.readUInt16BE(6);
  const payload = extension.subarray(8 + encBytes + 2);
  const body = Buffer.from(hello.subarray(4));
  body.fill(0, body.indexOf(payload), body.indexOf(payload) + payload.length);
  const suite = Buffer.concat([Buffer.from('HPKE'), Buffer.from('002000010001', 'hex')]);
  const labeled = (label: string, data: Uint8Array) =>
    Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), data]);
  const extract = (salt: Uint8Array, label: string, ikm: Uint8Array) =>
    createHmac('sha256', salt).update(labeled(label, ikm)).digest();
  const expand = (secret: Buffer, label: string, info: Uint8Array, length: number) =>
    createHmac('sha256', secret)
      .update(Buffer.concat([Buffer.from([0, length]), labeled(label, info), Buffer.from([1])]))
      .digest()
      .subarray(0, length);
  const nothing = Buffer.alloc(0);
  const info = Buffer.concat([Buffer.from('tls ech\0'), config]);
  const context = Buffer.concat([
    Buffer.from([0]),
    extract(nothing, 'psk_id_hash', nothing),
    extract(nothing, 'info_hash', info),
  ]);
  const secret = extract(shared, 'secret', nothing);
  const nonce = expand(secret, 'base_nonce', context, 12);
  const decipher = createDecipheriv('aes-128-gcm', expand(secret, 'key', context, 16), nonce);
  decipher.setAAD(body).setAuthTag(payload.subarray(-16));
  return Buffer.concat([decipher.update(payload.subarray(0, -16)), decipher.final()]);
}
