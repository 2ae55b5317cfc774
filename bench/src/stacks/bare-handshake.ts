import type { AeadKey } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { plainTcp } from './plain.ts';
import type { End, Stack } from './stack.ts';

/**
 * What nobody can beat whose handshakes are made of `crypto-node`: the calls that both ends of a resumed handshake with a fresh key
 * exchange make, and as many bytes in as many writes, straight on the socket. Nothing of TLS: no message is written or read, keys
 * and nonces are fixed, and what has been computed is thrown away, but that the shares agree and the records open.
 */
export const bareHandshake: Stack = {
  name: 'bare calls of crypto-node',
  listen: (onConnection) =>
    plainTcp.listen((socket) => {
      const end = new BareServer(socket as Socket);
      end.once('ready', () => onConnection(end));
    }),
  connect,
  resuming: () => connect,
};

async function connect(port: number): Promise<End> {
  const end = new BareClient((await plainTcp.connect(port)) as Socket);
  await once(end, 'ready');
  return end;
}

/** One end; `heard` is called when as many bytes have come as it waits for. */
abstract class BareEnd extends EventEmitter implements End {
  protected readonly socket: Socket;
  protected readonly transcript = sha256.create();
  #received: Buffer[] = [];
  #bytes = 0;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, (...args: unknown[]) => this.emit(event, ...args));
    }
  }

  /** How many bytes the next step waits for; 0: there is none. */
  protected abstract wanted: number;
  protected abstract heard(flight: Buffer): void;
  abstract end(): void;

  write(): boolean {
    throw new Error('expected no data after a bare handshake');
  }

  resume(): void {
    this.socket.resume();
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#bytes += chunk.length;
    if (this.wanted === 0 || this.#bytes < this.wanted) return;
    const flight = Buffer.concat(this.#received);
    this.#received = [];
    this.#bytes = 0;
    this.heard(flight);
  }
}

class BareClient extends BareEnd {
  readonly #key = x25519.generate();
  protected wanted: number = sizes.serverFlight;
  #isReady = false;

  constructor(socket: Socket) {
    super(socket);
    derive(4); // the binder
    this.transcript.update(bytes(sizes.clientHello));
    this.transcript.digestSoFar!();
    socket.write(joined(sizes.clientHello, this.#key.share));
  }

  protected heard(flight: Buffer): void {
    if (this.#isReady) {
      open(key(recordKey), flight, 0, sizes.ticketRecord);
      open(key(recordKey), flight, sizes.ticketRecord, sizes.alertRecord);
      derive(1);
      this.wanted = 0;
      return;
    }
    if (this.#key.finish(flight.subarray(0, 32)) === undefined) throw new Error('expected a shared secret');
    this.#key.wipe();
    derive(24);
    for (let i = 0; i < 4; i++) this.transcript.update(bytes(sizes.serverFlight / 4));
    for (let i = 0; i < 4; i++) this.transcript.digestSoFar!();
    open(key(recordKey), flight, 32, sizes.finishedRecord);
    this.wanted = sizes.ticketRecord + sizes.alertRecord;
    this.#isReady = true;
    this.emit('ready');
  }

  end(): void {
    const finished = seal(key(recordKey), sizes.finishedRecord);
    this.socket.end(Buffer.concat([finished, seal(key(recordKey), sizes.alertRecord), compatibility]));
  }
}

class BareServer extends BareEnd {
  protected wanted: number = sizes.clientHello;
  #isReady = false;

  protected heard(flight: Buffer): void {
    if (this.#isReady) {
      open(key(recordKey), flight, 0, sizes.finishedRecord);
      open(key(recordKey), flight, sizes.finishedRecord, sizes.alertRecord);
      derive(5);
      this.wanted = 0;
      this.emit('ready');
      return;
    }
    open(key(ticketKey), sealedTicket, 0, sealedTicket.length);
    derive(24);
    this.transcript.update(bytes(sizes.clientHello));
    for (let i = 0; i < 4; i++) this.transcript.update(bytes(sizes.serverFlight / 4));
    for (let i = 0; i < 4; i++) this.transcript.digestSoFar!();
    const answer = x25519.respond(flight.subarray(0, 32));
    if (answer === undefined) throw new Error('expected a shared secret');
    const record = seal(key(recordKey), sizes.finishedRecord);
    this.wanted = sizes.finishedRecord + sizes.alertRecord + compatibility.length;
    this.#isReady = true;
    this.socket.write(joined(sizes.serverFlight, answer.share, record));
  }

  end(): void {
    seal(key(ticketKey), sizes.ticket);
    const record = seal(key(recordKey), sizes.ticketRecord);
    this.socket.end(Buffer.concat([record, seal(key(recordKey), sizes.alertRecord)]));
  }
}

/** As many HMACs as there are secrets and keys to derive: mostly of a label and a hash. */
function derive(count: number): void {
  for (let i = 0; i < count; i++) sha256.hmac(secret, [label]);
}

/** Each epoch has a key of its own, made when the epoch begins. */
function key(of: { readonly aead: typeof aead; readonly bytes: Uint8Array }): AeadKey {
  return of.aead.key(of.bytes);
}

/** A record that has this size when it is sealed. */
function seal(by: AeadKey, size: number): Buffer {
  return Buffer.concat(by.seal(nonce, header, [bytes(size - tagBytes)]));
}

function open(by: AeadKey, flight: Uint8Array, at: number, size: number): void {
  if (by.open(nonce, header, flight.subarray(at, at + size)) === undefined)
    throw new Error('expected a record that opens');
}

/** These pieces, and zeros up to `size`. */
function joined(size: number, ...pieces: readonly Uint8Array[]): Buffer {
  return Buffer.concat(pieces, size);
}

function bytes(size: number): Uint8Array {
  return zeros.subarray(0, size);
}

const sha256 = nodeProvider.hashes.sha256!;
const x25519 = nodeProvider.groups.x25519!;
const aead = nodeProvider.aeads['aes-128-gcm']!;
const recordKey = { aead, bytes: new Uint8Array(16).fill(7) };
const ticketKey = { aead: nodeProvider.aeads['aes-256-gcm']!, bytes: new Uint8Array(32).fill(7) };

const tagBytes = 16;
/** As our stack sends them in this benchmark, without the headers of records; a flight has them and its other messages too. */
const sizes = {
  clientHello: 537,
  serverFlight: 204,
  finishedRecord: 59,
  ticketRecord: 327,
  alertRecord: 24,
  ticket: 243,
} as const;

const zeros = new Uint8Array(1_024);
const secret = new Uint8Array(32).fill(7);
const label = new Uint8Array(50);
const nonce = new Uint8Array(12);
const header = new Uint8Array(5);
/** change_cipher_spec, for middleboxes. */
const compatibility = new Uint8Array(6);
const sealedTicket = seal(key(ticketKey), sizes.ticket);
