import { createCipheriv, createDecipheriv } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { plainTcp } from './plain.ts';
import type { End, Stack } from './stack.ts';

/**
 * What nobody can beat who seals records with `node:crypto`: one cipher object per record of 16 KiB straight on the socket, with
 * a fixed key, and nothing of TLS but the size of the header. Small writes are gathered until a record is full or the turn is over.
 */
export const bareLoop: Stack = {
  name: 'bare loop of node:crypto',
  listen: (onConnection) => plainTcp.listen((socket) => onConnection(new BareEnd(socket as Socket))),
  connect: async (port) => new BareEnd((await plainTcp.connect(port)) as Socket),
};

class BareEnd extends EventEmitter implements End {
  readonly #socket: Socket;
  #sealed = 0;
  #opened = 0;
  #rest: Buffer = Buffer.alloc(0);
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    for (const event of ['drain', 'end', 'close', 'error']) {
      socket.on(event, (...args: unknown[]) => this.emit(event, ...args));
    }
  }

  write(chunk: Uint8Array): boolean {
    if (chunk.length < recordBytes) this.#gather(chunk);
    else {
      this.#socket.cork();
      for (let at = 0; at < chunk.length; at += recordBytes) this.#seal(chunk.subarray(at, at + recordBytes));
      this.#socket.uncork();
    }
    return !this.#socket.writableNeedDrain;
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#flush();
    this.#socket.end();
  }

  #gather(chunk: Uint8Array): void {
    if (this.#waitingBytes === 0) setImmediate(() => this.#flush());
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= recordBytes) this.#flush();
  }

  #flush(): void {
    if (this.#waitingBytes === 0) return;
    const content = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#socket.cork();
    for (let at = 0; at < content.length; at += recordBytes)
      this.#seal(content.subarray(at, at + recordBytes));
    this.#socket.uncork();
  }

  #seal(content: Uint8Array): void {
    const header = Buffer.from([0x17, 3, 3, 0, 0]);
    header.writeUInt16BE(content.length + tagBytes, 3);
    const cipher = createCipheriv('aes-128-gcm', key, nonceOf(this.#sealed++));
    cipher.setAAD(header);
    this.#socket.write(header);
    this.#socket.write(cipher.update(content));
    cipher.final();
    this.#socket.write(cipher.getAuthTag());
  }

  #receive(chunk: Buffer): void {
    let input = chunk;
    if (this.#rest.length > 0) {
      // Only what completes the record that has begun is copied.
      const missing = this.#rest.length < headerBytes ? chunk.length : sizeOf(this.#rest) - this.#rest.length;
      input = Buffer.concat([this.#rest, chunk.subarray(0, missing)]);
      const behind = chunk.subarray(missing);
      this.#rest = this.#openAll(input);
      input = behind;
      if (behind.length === 0) return;
    }
    this.#rest = this.#openAll(input);
  }

  /** Returns what is no whole record. */
  #openAll(input: Buffer): Buffer {
    let at = 0;
    while (input.length - at >= headerBytes) {
      const end = at + sizeOf(input.subarray(at));
      if (input.length < end) break;
      const decipher = createDecipheriv('aes-128-gcm', key, nonceOf(this.#opened++));
      decipher.setAuthTag(input.subarray(end - tagBytes, end));
      decipher.setAAD(input.subarray(at, at + headerBytes));
      const content = decipher.update(input.subarray(at + headerBytes, end - tagBytes));
      decipher.final();
      this.emit('data', content);
      at = end;
    }
    return input.subarray(at);
  }
}

/** Of the record that begins here, with its header. */
function sizeOf(record: Buffer): number {
  return headerBytes + record.readUInt16BE(3);
}

const nonce = Buffer.alloc(12);

function nonceOf(sequence: number): Buffer {
  nonce.writeUIntBE(sequence, 6, 6);
  return nonce;
}

const key = Buffer.alloc(16, 7);
const recordBytes = 16_384;
const headerBytes = 5;
const tagBytes = 16;
