import { type ControlOutput, type DetachedConnection, type RecordKeys, suites13 } from '@sealwire/core';
import { createCipheriv, createDecipheriv, type CipherGCMTypes } from 'node:crypto';
import { openedAsOlder, sealedAsOlder } from './older-sealer.ts';

/**
 * Somebody else who seals and opens the records of a detached connection: with nothing but the keys that were handed
 * out, and the cipher of the platform.
 */
export class Offloader {
  readonly control: DetachedConnection['control'];
  /** What the control said that is not for the offloader. */
  readonly said: ControlOutput[] = [];
  readonly received: Uint8Array[] = [];
  /** Generations of keys in each direction, the first included. */
  readonly generations = { read: 1, write: 1 };
  #waiting: { isDone: () => boolean; done: () => void }[] = [];
  readonly #transmit: (record: Uint8Array) => void;
  #read: RecordDirection;
  #write: RecordDirection;
  #input: Buffer;

  constructor({ control, read, write, tail }: DetachedConnection, transmit: (record: Uint8Array) => void) {
    this.control = control;
    this.#transmit = transmit;
    this.#read = recordDirection(read);
    this.#write = recordDirection(write);
    this.#input = Buffer.from(tail);
    this.drain();
  }

  /** Bytes of the peer: opened record by record, each handled before the next. */
  receive(bytes: Uint8Array): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    while (
      !this.#isOver &&
      this.#input.length >= 5 &&
      this.#input.length >= 5 + this.#input.readUInt16BE(3)
    ) {
      const end = 5 + this.#input.readUInt16BE(3);
      const record = this.#input.subarray(0, end);
      this.#input = this.#input.subarray(end);
      const opened = openedBy(this.#read, record);
      if (opened === undefined) throw new Error('a record of the peer does not open');
      this.control.receiveRecord(opened.type, opened.content, Date.now());
      this.drain();
    }
  }

  send(data: Uint8Array): void {
    const { version, maxInnerBytes } = this.#write.keys;
    const most = version === 0x0304 ? maxInnerBytes - 1 : maxInnerBytes;
    for (let at = 0; at < data.length; at += most) this.seal(23, data.subarray(at, at + most));
  }

  /** A record that nobody can open. */
  sendBroken(): void {
    const { version } = this.#write.keys;
    const broken = Buffer.concat([header(48), Buffer.alloc(48)]);
    if (version !== 0x0304) broken.writeUInt16BE(version, 1);
    this.#transmit(broken);
  }

  drain(): void {
    for (let output = this.control.poll(); output !== undefined; output = this.control.poll()) {
      if (output.type === 'record') this.seal(output.contentType, output.content);
      else if (output.type === 'keys') {
        this.generations[output.direction]++;
        if (output.direction === 'read') this.#read = recordDirection(output.keys);
        else this.#write = recordDirection(output.keys);
      } else if (output.type === 'data') this.received.push(output.bytes);
      else this.said.push(output);
    }
    const ready = this.#waiting.filter(({ isDone }) => isDone());
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const { done } of ready) done();
  }

  /** Resolves when `isDone` holds after some input. */
  until(isDone: () => boolean): Promise<void> {
    return new Promise((done) => {
      if (isDone()) done();
      else this.#waiting.push({ isDone, done });
    });
  }

  get text(): string {
    return Buffer.concat(this.received).toString();
  }

  get #isOver(): boolean {
    const last = this.said.at(-1)?.type;
    return last === 'failed' || last === 'closed';
  }

  /** One record of any type. */
  seal(type: number, content: Uint8Array): void {
    this.#transmit(sealedBy(this.#write, type, content));
  }
}

/** The keys of one direction, and how many records they have sealed or opened. */
export interface RecordDirection {
  readonly keys: RecordKeys;
  sequence: number;
  /** TLS 1.0: the IV of the next record. */
  chained: Uint8Array | undefined;
}

export function recordDirection(keys: RecordKeys): RecordDirection {
  return { keys, sequence: keys.sequence, chained: keys.lastCbcBlock };
}

const cipherOf = ({ keys }: RecordDirection): CipherGCMTypes =>
  keys.cipherSuite === suites13.TLS_AES_128_GCM_SHA256 ? 'aes-128-gcm' : 'aes-256-gcm';

/** What is in a record, its header included; `undefined` when it does not open. */
export function openedBy(
  direction: RecordDirection,
  record: Uint8Array,
): { readonly type: number; readonly content: Uint8Array } | undefined {
  if (direction.keys.version !== 0x0304) return openedAsOlder(direction, record);
  if (record.length < 5 + 16) return undefined;
  const decipher = createDecipheriv(cipherOf(direction), direction.keys.key, nonceOf(direction));
  decipher.setAAD(record.subarray(0, 5)).setAuthTag(record.subarray(-16));
  const inner = decipher.update(record.subarray(5, -16));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  let typeAt = inner.length - 1;
  while (inner[typeAt] === 0) typeAt--;
  return { type: inner[typeAt] ?? 0, content: inner.subarray(0, Math.max(0, typeAt)) };
}

export function sealedBy(direction: RecordDirection, type: number, content: Uint8Array): Uint8Array {
  if (direction.keys.version !== 0x0304) return sealedAsOlder(direction, type, content);
  const aad = header(content.length + 1 + 16);
  const cipher = createCipheriv(cipherOf(direction), direction.keys.key, nonceOf(direction)).setAAD(aad);
  const sealed = [cipher.update(content), cipher.update(Uint8Array.of(type)), cipher.final()];
  return Buffer.concat([aad, ...sealed, cipher.getAuthTag()]);
}

/** RFC 9846 §5.3. */
function nonceOf(direction: RecordDirection): Buffer {
  const nonce = Buffer.from(direction.keys.iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ direction.sequence++) >>> 0, 8);
  return nonce;
}

function header(length: number): Buffer {
  return Buffer.from([23, 3, 3, length >>> 8, length & 0xff]);
}
