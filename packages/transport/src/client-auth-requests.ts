import { ApiMisuseError, type ClientConfig, type ServerConfig } from '@sealwire/core';
import { TransportError } from './errors.ts';

/** Requests to a client to authenticate after the handshake, each until it is answered or cannot be any more. */
export class ClientAuthRequests {
  /** Made for the first request: most connections have none. */
  #open: Map<number, { resolve(isAuthenticated: boolean): void; reject(error: Error): void }> | undefined;

  /** `id`: what the connection returned; `undefined` where it could not ask. */
  begun(id: number | undefined): Promise<boolean> {
    if (id === undefined) {
      return Promise.reject(
        new TransportError(
          'transport.clientAuthUnavailable',
          'the client cannot be asked: it speaks no TLS 1.3, has not offered post-handshake authentication, owes too many answers, or is gone',
        ),
      );
    }
    this.#open ??= new Map();
    const open = this.#open;
    return new Promise((resolve, reject) => open.set(id, { resolve, reject }));
  }

  answered(id: number, isAuthenticated: boolean): void {
    this.#open?.get(id)?.resolve(isAuthenticated);
    this.#open?.delete(id);
  }

  peerClosed(): void {
    this.rejectAll(
      () => new TransportError('transport.clientAuthUnavailable', 'the client has closed its side'),
    );
  }

  /** `why` is asked only where somebody waits: an error is expensive to make. */
  rejectAll(why: () => Error): void {
    if (this.#open === undefined || this.#open.size === 0) return;
    const error = why();
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}

/** `ApiMisuseError` where nobody would judge the certificate that `what` asks for. */
export function requireTrust({ answers }: ClientConfig | ServerConfig, what: string): void {
  if (answers.verifyPeer !== undefined) return;
  throw new ApiMisuseError(
    `nothing says which clients to trust: ${what} needs roots, rawPublicKeys, decide.verifyPeer or verify: false`,
  );
}
