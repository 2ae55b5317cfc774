import { ApiMisuseError, type Session } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate } from '@sealwire/x509';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type ServingOptions, type TlsServer, type TlsStream } from '../src/index.ts';
import { connectTo, errorOf, loopback, readAll } from './ends.ts';
import { clientIdentity, roots } from '@sealwire/transport-tests';

const authority = {
  key: provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }),
  notBeforeMs: Date.now() - 86_400_000,
  notAfterMs: Date.now() + 86_400_000,
};
const authorityCertificate = makeCertificate({ ...authority, provider, subject: { CN: 'Names' }, ca: true });
const trusted = encodePem('CERTIFICATE', authorityCertificate);

/** Certified by `trusted` for these names. */
function identityOf(...dnsNames: string[]) {
  const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const certificate = makeCertificate({
    ...authority,
    provider,
    subject: { CN: dnsNames[0]! },
    dnsNames,
    key,
    issuer: { certificate: authorityCertificate, key: authority.key },
    extendedKeyUsage: ['serverAuth'],
  });
  return {
    certificate: encodePem('CERTIFICATE', certificate),
    privateKey: encodePem('PRIVATE KEY', key.exportPkcs8()),
  };
}

const fallback = identityOf('default.example');
const exact = identityOf('www.example.org');
const wildcard = identityOf('*.example.org');

async function serving(options: Partial<ServingOptions> = {}): Promise<TlsServer> {
  return createServer({ host: loopback, ...fallback, ...options }, async (connection) => {
    for await (const chunk of connection) await connection.send(chunk);
    connection.end();
  });
}

/** Which certificate a client of this name is shown: its first name, or the code of the failure. */
async function shown(server: TlsServer, serverName: string, more = {}): Promise<string> {
  try {
    const client = await connectTo(server.port, { serverName, verify: false, ...more });
    client.end('x');
    await readAll(client);
    return nameIn(client);
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function nameIn({ facts }: TlsStream): string {
  const evidence = facts.peerEvidence;
  if (evidence?.type !== 'x509') throw new Error('no certificate');
  const text = Buffer.from(evidence.chain[0]!.certificate).toString('latin1');
  return [exact, wildcard, fallback].map(cn).find((name) => text.includes(name)) ?? 'another one';
}

function cn({ certificate }: typeof exact): string {
  return certificate === exact.certificate
    ? 'www.example.org'
    : certificate === wildcard.certificate
      ? '*.example.org'
      : 'default.example';
}

describe('a server of several names', () => {
  let server: TlsServer;
  beforeAll(async () => {
    server = await serving({
      names: { 'www.example.org': { ...exact, alpnProtocols: ['only/www'] }, '*.example.org': wildcard },
      alpnProtocols: ['all/1'],
    });
  });
  afterAll(() => server.close());

  it('shows each name its certificate, the exact one first, and others the default', async () => {
    const names = [
      'www.example.org',
      'WWW.Example.ORG',
      'mail.example.org',
      'a.b.example.org',
      'example.org',
      'x',
    ];
    expect(await Promise.all(names.map((name) => shown(server, name)))).toEqual([
      'www.example.org',
      'www.example.org',
      '*.example.org',
      'default.example',
      'default.example',
      'default.example',
    ]);
    expect(await shown(server, '127.0.0.1')).toBe('default.example');
  });

  it('lets a client verify the name that it asked for', async () => {
    for (const serverName of ['www.example.org', 'mail.example.org', 'default.example']) {
      const client = await connectTo(server.port, { serverName, roots: trusted });
      expect(client.facts.serverName).toBe(serverName);
      await client.close();
    }
    const error = await errorOf(connectTo(server.port, { serverName: 'elsewhere.example', roots: trusted }));
    expect(error.code).toBe('local.nameMismatch');
  });

  it('has other options for a name, beside those for all', async () => {
    const protocolOf = async (serverName: string, alpnProtocols: string[]) => {
      const client = await connectTo(server.port, { serverName, verify: false, alpnProtocols });
      await client.close();
      return client.facts.alpnProtocol;
    };
    expect(await protocolOf('www.example.org', ['all/1', 'only/www'])).toBe('only/www');
    expect(await protocolOf('mail.example.org', ['only/www', 'all/1'])).toBe('all/1');
  });

  it('can ask clients of one name alone for a certificate', async () => {
    const asking = await serving({
      names: { 'www.example.org': { ...exact, clientAuthentication: 'require', roots } },
    });
    expect(await shown(asking, 'mail.example.org')).toBe('default.example');
    expect(await shown(asking, 'www.example.org')).toBe('received.alert');
    expect(await shown(asking, 'www.example.org', clientIdentity)).toBe('www.example.org');
    await asking.close();
  });

  it('refuses other names, if told to', async () => {
    const refusing = await serving({ names: { 'www.example.org': exact }, unknownNames: 'refuse' });
    const failed = once(refusing, 'connectionError');
    expect(await shown(refusing, 'www.example.org')).toBe('www.example.org');
    expect(await errorOf(connectTo(refusing.port, { serverName: 'x.example', verify: false }))).toMatchObject(
      {
        code: 'received.alert',
        receivedAlert: 112,
      },
    );
    expect((await failed)[0]).toMatchObject({ code: 'local.unrecognizedName' });
    expect(await shown(refusing, '127.0.0.1')).toBe('default.example');
    await refusing.close();
  });

  it('resumes under the same name alone', async () => {
    const sessions: Session[] = [];
    const first = await connectTo(server.port, {
      serverName: 'www.example.org',
      roots: trusted,
      onSession: (session) => sessions.push(session),
    });
    first.end('x');
    await readAll(first);
    const again = async (serverName: string) => {
      const client = await connectTo(server.port, {
        serverName,
        roots: trusted,
        sessions: sessions.slice(0, 1),
      });
      await client.close();
      return client.facts.resumed;
    };
    expect([await again('www.example.org'), await again('mail.example.org')]).toEqual([true, false]);
  });

  it('refuses names that nobody can ask for, and what would contradict', async () => {
    for (const names of [{ 'WWW.example.org': exact }, { 'a.*.org': exact }, { '': exact }, { '*': exact }])
      await expect(serving({ names })).rejects.toThrow(ApiMisuseError);
    await expect(serving({ names: { a: { ...exact, port: 1 } as never } })).rejects.toThrow(/names\['a'\]/);
    await expect(
      serving({ names: { a: exact }, decide: { chooseConfig: () => ({ ok: true }) } }),
    ).rejects.toThrow('exclude each other');
    await expect(serving({ unknownNames: 'perhaps' as never })).rejects.toThrow('default or refuse');
  });
});

describe('a reload', () => {
  it('is for new connections: those that are there go on', async () => {
    const server = await serving();
    const before = await connectTo(server.port, { serverName: 'default.example', roots: trusted });
    await server.reload(exact);
    expect(await shown(server, 'x')).toBe('www.example.org');
    before.end('still here');
    expect(String(await readAll(before))).toBe('still here');
    await server.close();
  });

  it('leaves handshakes under way with what they began with', async () => {
    let answer!: () => void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const wait = async () => {
      await held;
      return { ok: true } as const;
    };
    const server = await serving({ decide: { fetchStatus: wait } });
    const connecting = connectTo(server.port, { serverName: 'x', verify: false, requestOcsp: true });
    while (server.openHandshakes === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await server.reload({ ...exact, decide: {} });
    answer();
    const client = await connecting;
    expect(nameIn(client)).toBe('default.example');
    await client.close();
    expect(await shown(server, 'x')).toBe('www.example.org');
    await server.close();
  });

  it('that cannot be leaves everything as it was', async () => {
    const server = await serving({ names: { 'www.example.org': exact } });
    const bad: Partial<ServingOptions>[] = [
      { certificate: exact.certificate },
      { certificate: 'nonsense' },
      { privateKey: wildcard.privateKey },
      { names: { 'www.example.org': { certificate: exact.certificate, privateKey: wildcard.privateKey } } },
      { handshakeTimeoutMs: -1 },
      { port: 1 } as never,
    ];
    for (const each of bad) await expect(server.reload(each)).rejects.toThrow();
    await expect(server.reloadName('www.example.org', { alpnProtocols: [''] })).rejects.toThrow();
    expect([await shown(server, 'x'), await shown(server, 'www.example.org')]).toEqual([
      'default.example',
      'www.example.org',
    ]);
    await server.close();
  });

  it('of one name touches no other', async () => {
    const server = await serving({ names: { 'www.example.org': wildcard } });
    await server.reloadName('www.example.org', exact);
    await server.reloadName('mail.example.org', wildcard);
    const all = () =>
      Promise.all(['www.example.org', 'mail.example.org', 'x'].map((name) => shown(server, name)));
    expect(await all()).toEqual(['www.example.org', '*.example.org', 'default.example']);
    await server.reloadName('www.example.org', undefined);
    expect(await all()).toEqual(['default.example', '*.example.org', 'default.example']);
    await server.close();
  });

  it('takes options away, and keeps sessions and what was taken of 0-RTT data', async () => {
    const server = await serving({ earlyData: { maxBytes: 10 }, alpnProtocols: ['a'] });
    const { tickets, earlyData } = server.config;
    await server.reload({ ...exact, alpnProtocols: undefined } as never);
    expect(server.config.alpnProtocols).toEqual([]);
    expect([server.config.tickets?.keeper, server.config.earlyData?.guard]).toEqual([
      tickets?.keeper,
      earlyData?.guard,
    ]);
    expect(server.config.credentials).not.toEqual([]);
    await server.reload({ tickets: false });
    expect(server.config.tickets).toBeUndefined();
    await server.close();
  });

  it('lets sessions of before be resumed', async () => {
    const server = await serving({ names: { 'www.example.org': exact } });
    for (const serverName of ['default.example', 'www.example.org']) {
      const sessions: Session[] = [];
      const first = await connectTo(server.port, {
        serverName,
        roots: trusted,
        onSession: (session) => sessions.push(session),
      });
      first.end('x');
      await readAll(first);
      await server.reload(fallback);
      const second = await connectTo(server.port, { serverName, roots: trusted, sessions });
      expect(second.facts.resumed).toBe(true);
      await second.close();
    }
    await server.close();
  });
});
