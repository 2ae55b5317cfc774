import { ApiMisuseError, rawPublicKeyCredential, serverConfig } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import {
  type Application,
  type Carrier,
  clientSettings,
  Endpoint,
  serverSettings,
  type TlsSettings,
  TransportError,
} from '../src/index.ts';

const pki = makeTestPki({ provider, nowMs: Date.now() });
const client = clientSettings(
  { serverName: 'localhost', roots: encodePem('CERTIFICATE', pki.root.certificate) },
  { provider },
);
const server = serverSettings(
  { certificate: [...pki.server.chain], privateKey: pki.server.key.exportPkcs8() },
  { provider },
);
const hello = new TextEncoder().encode('hello');
const nothing = (): void => {};

/** An endpoint, what it asked of its carrier, and what it told the program. */
class End {
  readonly log: string[] = [];
  readonly endpoint: Endpoint<End>;
  readonly outbox: Uint8Array[] = [];
  hasRoom = true;
  onData: (bytes: Uint8Array) => boolean = () => true;
  onSecure = nothing;
  onFailed = (error: Error): void => this.endpoint.destroyed(error);
  #wants: boolean | undefined;

  constructor(settings: TlsSettings) {
    const carrier: Carrier = {
      write: (pieces) => void this.outbox.push(...pieces.map((piece) => piece.slice())),
      hasRoom: () => this.hasRoom,
      setReading: (isWanted) => {
        if (isWanted !== this.#wants) this.log.push(isWanted ? 'read' : 'pause');
        this.#wants = isWanted;
      },
      end: (done) => {
        this.log.push('end');
        done();
      },
      farewell: () => void this.log.push('farewell'),
      destroy: () => void this.log.push('destroy'),
    };
    const application: Application = {
      secure: () => {
        this.log.push('secure');
        this.onSecure();
      },
      data: (bytes) => {
        this.log.push(`data ${new TextDecoder().decode(bytes)}`);
        return this.onData(bytes);
      },
      ended: (error) => void this.log.push(error === undefined ? 'ended' : error.code),
      failed: (error) => {
        this.log.push('failed');
        this.onFailed(error);
      },
    };
    this.endpoint = new Endpoint<End>({ settings, owner: this, carrier, application });
  }

  /** Hands over what has been written, and says whether there was anything. */
  flushTo(peer: End): boolean {
    const pieces = this.outbox.splice(0);
    for (const piece of pieces) peer.endpoint.received(piece);
    return pieces.length > 0;
  }
}

function exchange(a: End, b: End): void {
  while ([a.flushTo(b), b.flushTo(a)].includes(true));
}

function pair(options = { client, server }): [End, End] {
  const ends: [End, End] = [new End(options.client), new End(options.server)];
  for (const { endpoint } of ends) endpoint.started();
  exchange(...ends);
  for (const { log } of ends) expect(log.splice(0)).toEqual(['read', 'secure']);
  return ends;
}

describe('an endpoint', () => {
  it('seals what is written only while there is room, and says when the last of it was taken', async () => {
    const [one, other] = pair();
    one.hasRoom = false;
    one.endpoint.write([hello], () => void one.log.push('written'));
    expect(one.outbox).toEqual([]);
    one.hasRoom = true;
    one.endpoint.drained();
    exchange(one, other);
    await Promise.resolve();
    expect(one.log).toEqual(['written']);
    expect(other.log).toEqual(['data hello']);
  });

  it('stops the bytes when the program wants no more, until it does', () => {
    const [one, other] = pair();
    other.onData = () => false;
    one.endpoint.write([hello], nothing);
    exchange(one, other);
    expect(other.log).toEqual(['data hello', 'pause']);
    other.endpoint.resume();
    expect(other.log.at(-1)).toBe('read');
  });

  it('ends both sides in order, whichever is first', () => {
    const [one, other] = pair();
    one.endpoint.end(() => void one.log.push('our end'));
    exchange(one, other);
    expect([one.log, other.log]).toEqual([['end', 'our end'], ['ended']]);
    other.endpoint.end(() => void other.log.push('our end'));
    exchange(one, other);
    expect(other.log).toEqual(['ended', 'end', 'our end', 'farewell']);
    expect(one.log).toEqual(['end', 'our end', 'ended', 'farewell']);
  });

  it('tells the program nothing after it has given up, whatever else came', () => {
    const [one, other] = pair();
    one.endpoint.write([hello], nothing);
    one.endpoint.end(nothing);
    other.onData = () => {
      other.endpoint.destroyed(undefined);
      return true;
    };
    const whole = Buffer.concat(one.outbox.splice(0));
    other.endpoint.received(whole);
    expect(other.log).toEqual(['data hello', 'destroy']);
    other.endpoint.ended();
    other.endpoint.broken(new Error('late'));
    expect(other.log).toHaveLength(2);
    expect(other.outbox).toEqual([]);
  });

  it('tells of an end without close_notify, and then only writing can fail', () => {
    const [one] = pair();
    one.endpoint.ended();
    expect(one.log).toEqual(['transport.truncated']);
    let why: Error | null | undefined;
    one.endpoint.broken(new Error('cut'));
    one.endpoint.write([hello], (error) => (why = error));
    expect(why).toBeInstanceOf(TransportError);
    expect(why).toMatchObject({ code: 'transport.broken' });
    expect(one.log).toEqual(['transport.truncated']);
  });

  it('writes its alert before the program hears of a failure', async () => {
    const [one, other] = pair();
    one.endpoint.received(new Uint8Array([23, 3, 3, 0, 1, 0]));
    expect(one.log).toEqual(['failed', 'farewell']);
    expect(one.outbox).not.toEqual([]);
    exchange(one, other);
    expect(other.log).toEqual(['failed', 'farewell']);
  });

  it('reads no more of a peer that asks and asks, and reads none of the answers', () => {
    const authorities = encodePem('CERTIFICATE', pki.root.certificate);
    const identity = (one: typeof pki.client) => ({
      certificate: [...one.chain],
      privateKey: one.key.exportPkcs8(),
    });
    const willing = { ...identity(pki.client), roots: authorities, serverName: 'localhost' };
    const [one, other] = pair({
      client: clientSettings({ ...willing, postHandshakeAuth: true }, { provider }),
      server: serverSettings({ ...identity(pki.server), roots: authorities }, { provider }),
    });
    one.hasRoom = false;
    const ask = () => {
      void other.endpoint.requestClientAuth().catch(nothing);
      other.endpoint.write([hello], nothing);
      other.flushTo(one);
    };
    let bytes = 0;
    for (let count = 0; count < 1_000 && !one.log.includes('pause'); count++) {
      ask();
      // They have left, and lie in the carrier; the peer, which reads them here, may therefore ask again.
      bytes += one.outbox.reduce((sum, { length }) => sum + length, 0);
      one.flushTo(other);
    }
    expect(one.log).toContain('pause');
    expect(bytes).toBeLessThan(100_000);
    one.hasRoom = true;
    one.endpoint.drained();
    expect(one.log.at(-1)).toBe('read');
  });

  it('goes on where a function of the program throws, which is an uncaught exception', async () => {
    const thrown: unknown[] = [];
    const hear = (error: unknown) => void thrown.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', hear);
    try {
      const fail = (what: string) => () => {
        throw new Error(what);
      };
      const options = { onSession: fail('session'), onKeyLog: fail('keylog'), onTrace: fail('trace') };
      const failing = clientSettings<unknown>(
        { serverName: 'localhost', roots: encodePem('CERTIFICATE', pki.root.certificate), ...options },
        { provider },
      );
      const ends = [new End(failing), new End(server)] as const;
      ends[0].onSecure = fail('secure');
      ends[0].onData = fail('data');
      for (const { endpoint } of ends) endpoint.started();
      exchange(...ends);
      ends[1].endpoint.write([hello], nothing);
      exchange(...ends);
      expect(ends[0].log).toEqual(['read', 'secure', 'data hello']);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    }
    const said = new Set(thrown.map((error) => (error as Error).message));
    expect(said).toEqual(new Set(['keylog', 'trace', 'session', 'secure', 'data']));
  });

  it('fails a handshake of which the program does not want to hear that it is complete', async () => {
    const destroy = (_line: unknown, end: unknown) => {
      const { endpoint } = end as End;
      if (endpoint.facts.handshakes === 1) endpoint.destroyed(undefined);
    };
    const trust = { serverName: 'localhost', roots: encodePem('CERTIFICATE', pki.root.certificate) };
    const one = new End(clientSettings<unknown>({ ...trust, onTrace: destroy }, { provider }));
    const other = new End(server);
    for (const { endpoint } of [one, other]) endpoint.started();
    exchange(one, other);
    expect(one.endpoint.facts.handshakes).toBe(1);
    expect(one.log).toEqual(['read', 'destroy']);
    await expect(one.endpoint.handshake).rejects.toMatchObject({ code: 'transport.destroyed' });
  });

  it('takes anything for an error that a function of the program throws', async () => {
    const wordless = Object.create(null) as object;
    const judge = () => Promise.reject(wordless as Error);
    const one = new End(
      clientSettings({ serverName: 'localhost', decide: { verifyPeer: judge } }, { provider }),
    );
    const other = new End(server);
    for (const { endpoint } of [one, other]) endpoint.started();
    exchange(one, other);
    await expect(one.endpoint.handshake).rejects.toMatchObject({
      message: expect.stringContaining('verifyPeer failed: something that has no words'),
      cause: wordless,
    });
  });

  it('fails a handshake that its carrier cannot carry', async () => {
    const one = new End(client);
    one.endpoint.broken(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await expect(one.endpoint.handshake).rejects.toMatchObject({ code: 'transport.connectFailed' });
    expect(one.log).toEqual(['failed', 'destroy']);
  });

  it('begins once, and not after it was given up', async () => {
    const [one, other] = pair();
    one.endpoint.started();
    exchange(one, other);
    expect([...one.log, ...other.log]).toEqual([]);
    const late = new End(client);
    late.endpoint.destroyed(undefined);
    late.endpoint.started();
    late.endpoint.received(new Uint8Array([22, 3, 3, 0, 0]));
    late.endpoint.ended();
    late.endpoint.broken(new Error('late'));
    late.endpoint.abort(new Error('late'));
    late.endpoint.resume();
    late.endpoint.destroyed(new Error('late'));
    expect(late.log).toEqual(['destroy']);
    expect(late.outbox).toEqual([]);
    await expect(late.endpoint.handshake).rejects.toMatchObject({ code: 'transport.destroyed' });
  });

  it('tells of a failure once, though the program is slow to give up', () => {
    const [one] = pair();
    let error: Error | undefined;
    one.onFailed = (why) => void (error = why);
    one.endpoint.received(new Uint8Array([23, 3, 3, 0, 1, 0]));
    expect(one.log).toEqual(['failed']);
    one.endpoint.broken(new Error('cut'));
    one.endpoint.abort(new Error('again'));
    expect(one.log).toEqual(['failed']);
    expect(error).toMatchObject({ code: 'peer.recordAuthenticationFailed' });
    one.endpoint.destroyed(error);
    expect(one.log).toEqual(['failed', 'farewell']);
  });

  it('gives no tls-server-end-point before the handshake is complete, or of a server without a certificate', () => {
    const [early, late] = [new End(client), new End(server)];
    for (const { endpoint } of [early, late]) endpoint.started();
    early.flushTo(late);
    expect(late.endpoint.facts.ownChain).toBeDefined();
    const key = rawPublicKeyCredential(provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' }));
    const bare = pair({
      client: clientSettings({ serverName: 'localhost', rawPublicKeys: [key.spki] }, { provider }),
      server: serverSettings({ credentials: [key] }, { provider }),
    });
    for (const { endpoint } of [late, ...bare]) {
      const binding = () => endpoint.channelBinding('tls-server-end-point');
      expect(binding).toThrow(ApiMisuseError);
      expect(binding).toThrow('needs a completed handshake in which the server has a certificate');
    }
  });

  it('refuses a client of which the configuration that was chosen asks what nobody answers', async () => {
    const identity = { certificate: [...pki.server.chain], privateKey: pki.server.key.exportPkcs8() };
    const { config: usual } = serverSettings(identity, { provider });
    const { credentials } = usual as ReturnType<typeof serverConfig>;
    const asking = serverConfig({ provider, credentials, clientAuthentication: 'require' });
    const chooseConfig = () => ({ ok: true, config: asking }) as const;
    const trust = { serverName: 'localhost', roots: encodePem('CERTIFICATE', pki.root.certificate) };
    const own = { certificate: [...pki.client.chain], privateKey: pki.client.key.exportPkcs8() };
    const one = new End(clientSettings({ ...trust, ...own }, { provider }));
    const other = new End(serverSettings({ ...identity, decide: { chooseConfig } }, { provider }));
    for (const { endpoint } of [one, other]) endpoint.started();
    for (let turn = 0; turn < 10; turn++) {
      exchange(one, other);
      await Promise.resolve();
    }
    await expect(other.endpoint.handshake).rejects.toMatchObject({
      message: expect.stringContaining('the options say nothing that answers verifyPeer'),
    });
    expect(one.log).toContain('failed');
  });
});
