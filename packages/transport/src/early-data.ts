import { ApiMisuseError, type Connection } from '@sealwire/core';

/** 0-RTT data (RFC 9846 §2.3): ours, of which the server takes as much as its ticket allows, and the client's, which is counted. */
export class EarlyData {
  readonly #data: Uint8Array | undefined;
  #taken = 0;
  #received = 0;

  constructor(data: Uint8Array | undefined) {
    this.#data = data;
  }

  /** Bytes of ours that the server has taken, or may still take while the handshake is under way. */
  get taken(): number {
    return this.#taken;
  }

  /** Bytes of the client's, which come first of all that is read. */
  get received(): number {
    return this.#received;
  }

  send(connection: Connection): void {
    if (this.#data !== undefined) this.#taken = connection.send(this.#data);
  }

  rejected(): void {
    this.#taken = 0;
  }

  came(bytes: number): void {
    this.#received += bytes;
  }
}

export function checkedEarlyData(data: unknown): Uint8Array | undefined {
  if (data === undefined || data instanceof Uint8Array) return data;
  throw new ApiMisuseError('sendEarlyData must be a Uint8Array');
}
