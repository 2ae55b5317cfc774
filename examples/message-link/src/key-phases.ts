import type { PacketCipher } from './packets.ts';

/** The keys of 1-RTT packets, which change by a bit in their headers (RFC 9001 §6). */
export class KeyPhases {
  /** Header protection is not updated. */
  readonly headers: PacketCipher;
  #previous: PacketCipher | undefined;
  #current: PacketCipher;
  #next: PacketCipher;
  #write: PacketCipher;
  #phase: 0 | 1 = 0;
  /** The lowest number of a packet under the present keys; infinity: none has come. */
  #firstNumber = 0;

  constructor(read: PacketCipher, write: PacketCipher) {
    this.headers = read;
    this.#current = read;
    this.#next = read.next();
    this.#write = write;
  }

  get phase(): 0 | 1 {
    return this.#phase;
  }

  get write(): PacketCipher {
    return this.#write;
  }

  readCipher(keyPhase: number, packetNumber: number): PacketCipher {
    if (keyPhase === this.#phase) return this.#current;
    // A packet that was overtaken by an update.
    if (this.#previous !== undefined && packetNumber < this.#firstNumber) return this.#previous;
    return this.#next;
  }

  /** A packet has been opened by what `readCipher` gave; whether the peer has changed its keys by it. */
  opened(keyPhase: number, packetNumber: number): boolean {
    if (keyPhase === this.#phase) {
      this.#firstNumber = Math.min(this.#firstNumber, packetNumber);
      return false;
    }
    if (this.#previous !== undefined && packetNumber < this.#firstNumber) return false;
    this.#turn(packetNumber);
    return true;
  }

  /** Changes ours; the peer follows. False: it has not followed the last time. */
  update(): boolean {
    if (this.#firstNumber === Number.POSITIVE_INFINITY) return false;
    this.#turn(Number.POSITIVE_INFINITY);
    return true;
  }

  #turn(firstNumber: number): void {
    this.#previous = this.#current;
    this.#current = this.#next;
    this.#next = this.#next.next();
    this.#write = this.#write.next();
    this.#phase = this.#phase === 0 ? 1 : 0;
    this.#firstNumber = firstNumber;
  }
}
