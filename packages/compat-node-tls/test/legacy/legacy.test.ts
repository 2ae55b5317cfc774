import type { EventEmitter } from 'node:events';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import type { Duplex } from 'node:stream';
import builtin, { type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import tls from '../../src/index.ts';
import { serverIdentity, trusted } from '../http/identity.ts';

interface Pair extends EventEmitter {
  readonly cleartext: TLSSocket & { readonly npnProtocol?: string | false };
  readonly encrypted: Duplex & { readonly bytesWritten: number; readonly readyState: string };
  destroy(): void;
}

interface Legacy {
  createSecurePair(...args: unknown[]): Pair;
  readonly SecurePair: new () => Pair;
  readonly CryptoStream: () => unknown;
  parseCertString(text: string): object;
  convertNPNProtocols(names: unknown, out: object): void;
  readonly SLAB_BUFFER_SIZE: number;
  readonly _tls_wrap: Record<string, unknown>;
  readonly _tls_common: Record<string, unknown> & { translatePeerCertificate(certificate: unknown): unknown };
}

const ours = tls as unknown as typeof builtin & Legacy;
const warnings: { readonly code: string; readonly message: string }[] = [];
const hear = (warning: Error): void => void warnings.push(warning as never);

beforeEach(() => {
  process.on('warning', hear);
});

afterEach(() => {
  process.off('warning', hear);
});

describe('createSecurePair', () => {
  const pairs: Pair[] = [];
  const made = (api: Legacy, ...args: unknown[]): Pair => {
    const pair = api.createSecurePair(...args);
    pairs.push(pair);
    return pair;
  };

  afterEach(() => {
    for (const pair of pairs.splice(0)) pair.destroy();
  });

  const has = (api: unknown): api is Legacy => 'createSecurePair' in (api as object);
  const apis = [['ours', ours] as const, ...(has(builtin) ? [['builtin', builtin as Legacy] as const] : [])];
  const combinations = apis.flatMap(([one, serverApi]) =>
    apis.map(([other, clientApi]) => ({ one, other, serverApi, clientApi })),
  );

  it.each(combinations)('of $one as server is a peer of that of $other', async ({ serverApi, clientApi }) => {
    const server = made(serverApi, contextOf(serverApi), true);
    const client = made(clientApi, contextOf(clientApi, trusted), false, true, false);
    server.encrypted.pipe(client.encrypted).pipe(server.encrypted);
    const secure = Promise.all(
      [server, client].map((pair) => new Promise((done) => void pair.once('secure', done))),
    );
    const heard = new Promise((done) => void server.cleartext.once('data', done));
    const answered = new Promise((done) => void client.cleartext.once('data', done));
    client.cleartext.write('of the client');
    await secure;
    expect(String(await heard)).toBe('of the client');
    server.cleartext.write('of the server');
    expect(String(await answered)).toBe('of the server');
    expect(client.cleartext.getPeerCertificate().subjectaltname).toContain('DNS:localhost');
    const ended = new Promise((done) => void server.cleartext.once('end', () => done(true)));
    server.cleartext.resume();
    client.cleartext.end();
    expect(await ended).toBe(true);
  });

  it('counts the bytes of records, and knows its streams', () => {
    const client = made(ours);
    client.encrypted.write(new Uint8Array(7));
    expect(client.encrypted.bytesWritten).toBe(7);
    expect(client.encrypted.readyState).toBe('open');
    const { CryptoStream } = ours;
    for (const stream of [client.cleartext, client.encrypted])
      expect(stream instanceof (CryptoStream as never)).toBe(true);
    expect(process.stdin instanceof (CryptoStream as never)).toBe(false);
    expect(client.cleartext).toBeInstanceOf(ours.TLSSocket);
  });

  function contextOf(api: unknown, options: object = serverIdentity): unknown {
    return (api as typeof builtin).createSecureContext(options);
  }
});

describe('Next Protocol Negotiation', () => {
  it.each([
    [['spdy/3', 'http/1.1'], ['http/1.1'], 'http/1.1'],
    // The server's list has none of the client's: the client takes its own first.
    [['spdy/3'], ['http/1.0', 'http/1.1'], 'http/1.0'],
  ])('of a server with %j and a client with %j agrees on %s', async (ofServer, ofClient, agreed) => {
    const server = ours.createServer({
      ...serverIdentity,
      maxVersion: 'TLSv1.2',
      NPNProtocols: ofServer,
    } as never);
    const accepted = new Promise<Pair['cleartext']>(
      (done) => void server.once('secureConnection', done as never),
    );
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const options = { ...trusted, host: 'localhost', port, NPNProtocols: ofClient };
    const socket = ours.connect(options as never) as Pair['cleartext'];
    await new Promise((done) => void socket.once('secureConnect', done));
    expect(socket.npnProtocol).toBe(agreed);
    expect((await accepted).npnProtocol).toBe(agreed);
    expect(socket.alpnProtocol).toBe(false);
    socket.destroy();
    server.close();
  });

  it('writes its lists as those of ALPN', () => {
    const out: { NPNProtocols?: Buffer } = {};
    ours.convertNPNProtocols(['a', 'bc'], out);
    expect(out.NPNProtocols).toEqual(Buffer.from('\x01a\x02bc'));
  });
});

describe('members of Server', () => {
  it('emits clientError where nobody listens to tlsClientError', async () => {
    const server = ours.createServer(serverIdentity);
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const told = new Promise<Error>((done) => void (server as EventEmitter).once('clientError', done));
    const raw = connectPlain((server.address() as AddressInfo).port, '127.0.0.1', () =>
      raw.write('no TLS at all\r\n'),
    );
    raw.on('error', () => {});
    expect(await told).toMatchObject({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
    raw.destroy();
    server.close();
  });

  it('shows what setOptions was given, and how many connections there are', () => {
    const server = ours.createServer() as unknown as Record<string, unknown> & {
      setOptions(options: object): void;
    };
    server.setOptions({
      requestCert: true,
      rejectUnauthorized: false,
      ciphers: 'ECDHE',
      ecdhCurve: 'X25519',
    });
    expect(server).toMatchObject({
      requestCert: true,
      rejectUnauthorized: false,
      ciphers: 'ECDHE',
      ecdhCurve: 'X25519',
      honorCipherOrder: true,
    });
    expect(server['connections']).toBe(0);
  });
});

describe('functions and values', () => {
  it('reads names in lines', () => {
    expect(ours.parseCertString('C=US\nCN=a=b\nOU=one\nOU=two\nOU=three\n=x\ny')).toEqual(
      Object.assign(Object.create(null), { C: 'US', CN: 'a=b', OU: ['one', 'two', 'three'] }),
    );
  });

  it('has the modules behind tls', () => {
    expect(ours._tls_wrap['connect']).toBe(ours.connect);
    expect(ours._tls_common['SecureContext']).toBe(tls['SecureContext']);
    const raw = { subject: 's', infoAccess: 'OCSP - URI:http://a\nOCSP - URI:"http://b\\u0000"\n' };
    const infoAccess = Object.assign(Object.create(null), { 'OCSP - URI': ['http://a', 'http://b\0'] });
    expect(ours._tls_common.translatePeerCertificate({ ...raw, issuerCertificate: { ...raw } })).toEqual({
      subject: 's',
      infoAccess,
      issuerCertificate: { subject: 's', infoAccess },
    });
    expect(ours._tls_common.translatePeerCertificate(undefined)).toBe(null);
    expect(ours.SLAB_BUFFER_SIZE).toBe(10_485_760);
  });

  it('warns with Node’s numbers', async () => {
    new ours.SecurePair().destroy();
    expect(() => ours.CryptoStream()).toThrow(TypeError);
    await new Promise((done) => setImmediate(done));
    // Each once in a process: those of the tests above are among them.
    const codes = ['DEP0042', 'DEP0043'];
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  });
});
