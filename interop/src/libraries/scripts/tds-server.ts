import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';

/**
 * As much of a SQL Server as a client of TDS 7.4 needs to log in and to ask: TLS inside PRELOGIN packets until the handshake is over
 * (MS-TDS §2.2.6.5), bare records from then on. Asked for anything it answers with the hash and the length of the statement, and 500 rows.
 */
export function tdsServer(options: tls.TlsOptions) {
  const secureContext = tls.createSecureContext(options);
  return createServer((socket) => {
    const inPackets = new InPackets(socket);
    socket.on('error', () => {});
    messages(inPackets.plain, (type, message) => {
      if (type !== types.prelogin) return void socket.destroy();
      socket.write(packet(types.answer, preloginAnswer(message)));
      inPackets.begin();
      const secure = new tls.TLSSocket(inPackets, { isServer: true, secureContext });
      secure.on('error', () => socket.destroy());
      serveOver(secure);
    });
  });
}

/** TDS 8.0: TLS from the first byte, by a protocol name. */
export function strictTdsServer(options: tls.TlsOptions) {
  return tls.createServer({ ...options, ALPNProtocols: ['tds/8.0'] }, (socket) => {
    socket.on('error', () => {});
    serveOver(socket);
  });
}

/** After the encryption: PRELOGIN where it comes late, LOGIN7, statements. */
function serveOver(secure: tls.TLSSocket): void {
  messages(secure, (type, message) => {
    if (type === types.prelogin) secure.write(packet(types.answer, preloginAnswer(message)));
    else if (type === types.login)
      secure.write(packet(types.answer, Buffer.concat([loginAck(), packetSize(), done()])));
    else secure.write(packets(types.answer, answerTo(message, secure)));
  });
}

/** Takes TLS out of packets and puts it into packets, as long as the handshake lasts. */
class InPackets extends Duplex {
  /** What comes before any TLS, packets and all. */
  readonly plain = new Duplex({ read() {}, write: (_, __, done) => done() });
  readonly #socket: Socket;
  #phase: 'plain' | 'packets' | 'bare' = 'plain';
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('end', () => this.push(null));
  }

  begin(): void {
    this.#phase = 'packets';
  }

  #take(bytes: Buffer): void {
    if (this.#phase === 'plain') return void this.plain.push(bytes);
    this.#held = Buffer.concat([this.#held, bytes]);
    while (this.#phase === 'packets' && this.#held.length >= headerBytes) {
      // Records begin with 20 to 23; packets of the handshake with 18.
      if (this.#held[0] !== types.prelogin) {
        this.#phase = 'bare';
        break;
      }
      const length = this.#held.readUInt16BE(2);
      if (this.#held.length < length) return;
      this.push(this.#held.subarray(headerBytes, length));
      this.#held = this.#held.subarray(length);
    }
    if (this.#phase !== 'bare' || this.#held.length === 0) return;
    this.push(this.#held);
    this.#held = Buffer.alloc(0);
  }

  override _read(): void {}

  override _write(bytes: Buffer, _: string, written: (error?: Error | null) => void): void {
    // What leaves before the client sends bare records is still of the handshake.
    this.#socket.write(this.#phase === 'bare' ? bytes : packets(types.prelogin, bytes), written);
  }

  override _final(ended: () => void): void {
    this.#socket.end(ended);
  }
}

/** Calls back with each whole message, of however many packets. */
function messages(stream: Duplex, take: (type: number, message: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= headerBytes && held.length >= held.readUInt16BE(2)) {
      const [type, status, length] = [held[0]!, held[1]!, held.readUInt16BE(2)];
      parts.push(held.subarray(headerBytes, length));
      held = held.subarray(length);
      if ((status & endOfMessage) === 0) continue;
      const message = Buffer.concat(parts);
      parts = [];
      take(type, message);
    }
  });
}

function packet(type: number, payload: Uint8Array, status = endOfMessage, id = 1): Buffer {
  const header = Buffer.from([type, status, 0, 0, 0, 0, id & 0xff, 0]);
  header.writeUInt16BE(headerBytes + payload.length, 2);
  return Buffer.concat([header, payload]);
}

function packets(type: number, payload: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += maxPayload) {
    const isLast = at + maxPayload >= payload.length;
    parts.push(
      packet(type, payload.subarray(at, at + maxPayload), isLast ? endOfMessage : 0, parts.length + 1),
    );
  }
  return Buffer.concat(parts);
}

/** Version, encryption as the client wants it (§2.2.6.5), no more. */
function preloginAnswer(request: Buffer): Buffer {
  let asked = 0;
  for (let at = 0; request[at] !== 0xff && at < request.length; at += 5) {
    if (request[at] === 1) asked = request[request.readUInt16BE(at + 1)]!;
  }
  const table = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff]);
  return Buffer.concat([table, Buffer.from([16, 0, 0, 0, 0, 0, asked])]);
}

/** LOGINACK: TDS 7.4, a name, a version (§2.2.7.14). */
function loginAck(): Buffer {
  const name = Buffer.from('Trial', 'utf16le');
  const body = Buffer.concat([
    Buffer.from([1, 0x74, 0, 0, 4, name.length / 2]),
    name,
    Buffer.from([16, 0, 0, 0]),
  ]);
  return token(0xad, body);
}

/** ENVCHANGE: packets of 8000 bytes from now on (§2.2.7.9). */
function packetSize(): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'utf16le')]);
  return token(0xe3, Buffer.concat([Buffer.from([4]), text('8000'), text('4096')]));
}

/** COLMETADATA with two columns of nvarchar(4000) (§2.2.7.4). */
function columns(): Buffer {
  const column = (name: string) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 0, 1, 0, 0xe7, 0x40, 0x1f, 0x09, 0x04, 0xd0, 0x00, 0x34, name.length]),
      Buffer.from(name, 'utf16le'),
    ]);
  return Buffer.concat([Buffer.from([0x81, 2, 0]), column('name'), column('value')]);
}

/** Rows for a SELECT, and only the end for what the client sets up by itself. */
function answerTo(message: Buffer, secure: tls.TLSSocket): Buffer {
  // A batch begins with headers of its own, which say how long they are.
  const statement = message.subarray(message.readUInt32LE(0));
  if (!statement.toString('utf16le').startsWith('select')) return done();
  const rows = [
    row('hash', createHash('sha256').update(statement).digest('hex')),
    row('protocol', String(secure.getProtocol())),
    row('cipher', secure.getCipher().name),
    ...Array.from({ length: 500 }, (_, i) => row(`${i}`, 'x'.repeat(i * 7))),
  ];
  return Buffer.concat([columns(), ...rows, done()]);
}

function row(...values: readonly string[]): Buffer {
  const cells = values.map((value) => {
    const bytes = Buffer.from(value, 'utf16le');
    const length = Buffer.alloc(2);
    length.writeUInt16LE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return Buffer.concat([Buffer.from([0xd1]), ...cells]);
}

/** DONE, with no count (§2.2.7.6). */
function done(): Buffer {
  return Buffer.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

function token(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0]);
  head.writeUInt16LE(body.length, 1);
  return Buffer.concat([head, body]);
}

const types = { batch: 1, answer: 4, login: 0x10, prelogin: 0x12 } as const;
const endOfMessage = 1;
const headerBytes = 8;
const maxPayload = 4096 - headerBytes;
