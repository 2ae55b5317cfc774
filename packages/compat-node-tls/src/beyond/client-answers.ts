import { codedError } from '../errors/node-codes.ts';

/** Those that wait for a client to answer a request for its certificate after the handshake. */
export class ClientAnswers {
  readonly #waiting = new Map<
    number,
    { resolve(isAuthenticated: boolean): void; reject(error: Error): void }
  >();

  to(id: number): Promise<boolean> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  came(id: number, isAuthenticated: boolean): void {
    this.#waiting.get(id)?.resolve(isAuthenticated);
    this.#waiting.delete(id);
  }

  /** There will be none any more. */
  none(cause?: unknown): void {
    if (this.#waiting.size === 0) return;
    const error = codedError('ERR_SOCKET_CLOSED');
    error.cause = cause;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
