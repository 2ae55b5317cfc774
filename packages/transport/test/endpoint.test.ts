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

/** An endpoint, what it asked of its carrier, and what it told the program. */
class End {
  readonly log: string[] = [];
  readonly endpoint: Endpoint<End>;
  readonly outbox: Uint8Array[] = [];
  hasRoom = true;
  onData: (bytes: Uint8Array) => boolean = () => true;
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
      secure: () => void this.log.push('secure'),
      data: (bytes) => {
        this.log.push(`data ${new TextDecoder().decode(bytes)}`);
        return this.onData(bytes);
      },
      ended: (error) => void this.log.push(error === undefined ? 'ended' : error.code),
      failed: (error) => {
        this.log.push('failed');
        this.endpoint.destroyed(error);
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

function pair(): [End, End] {
  const ends: [End, End] = [new End(client), new End(server)];
  for (const { endpoint } of ends) endpoint.started();
  exchange(...ends);
  for (const { log } of ends) expect(log.splice(0)).toEqual(['read', 'secure']);
  return ends;
}

const nothing = (): void => {};

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

  it('fails a handshake that its carrier cannot carry', async () => {
    const one = new End(client);
    one.endpoint.broken(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    await expect(one.endpoint.handshake).rejects.toMatchObject({ code: 'transport.connectFailed' });
    expect(one.log).toEqual(['failed', 'destroy']);
  });
});
