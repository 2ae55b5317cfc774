import type { Facts } from '@sealwire/core';
import { ClientAuthRequests } from './client-auth-requests.ts';
import type { Clock } from './clock.ts';
import { TransportError, type TransportErrorCode } from './errors.ts';
import { HandshakeTimer } from './handshake-timer.ts';
import { Renegotiation } from './renegotiation.ts';

/** The handshakes of a connection, the time for each, and whoever waits for one, or for a part of one. */
export class Handshakes {
  /** Settled when the first is complete or has failed. Need not be looked at. */
  readonly first: Promise<Facts>;
  readonly clientAuth = new ClientAuthRequests();
  readonly #renegotiation = new Renegotiation();
  readonly #timer: HandshakeTimer;
  #settle!: { resolve(facts: Facts): void; reject(error: Error): void };
  /** Which is later than in `facts`: the program is told of what came before. */
  #isFirstDone = false;

  /** The time for the first begins at once. `expired`: there was not time enough. */
  constructor(clock: Clock, timeoutMs: number, expired: (error: TransportError) => void) {
    this.first = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.first.catch(() => {});
    this.#timer = new HandshakeTimer(clock, timeoutMs, expired);
    this.#timer.start();
  }

  /** One is complete. */
  connected(facts: Facts): void {
    this.#timer.stop();
    this.#isFirstDone = true;
    this.#settle.resolve(facts);
    this.#renegotiation.ended(true);
  }

  /** The program has asked for another. `obeyed`: what the connection said. */
  renegotiationBegun(obeyed: boolean): Promise<boolean> {
    if (obeyed) this.#timer.start();
    return this.#renegotiation.begun(obeyed);
  }

  /** Another one is under way, whoever has begun it. */
  renegotiating(): void {
    this.#timer.start();
  }

  /** The peer will have none. */
  renegotiationRefused(): void {
    this.#timer.stop();
    this.#renegotiation.ended(false);
  }

  /** Data flows: there is none under way, also where one of the peer's was refused. */
  quiet(): void {
    if (this.#isFirstDone) this.#timer.stop();
  }

  /** There will be no more of them: the connection is closed, or has failed with this error. */
  over(failure: Error | undefined): void {
    const why = (code: TransportErrorCode) => () =>
      failure ?? new TransportError(code, 'the connection is closed');
    this.clientAuth.rejectAll(why('transport.clientAuthUnavailable'));
    this.#renegotiation.failed(why('transport.renegotiationUnavailable'));
  }

  /** The program has done with the connection. `reason` is asked only where somebody waits: an error is expensive to make. */
  destroyed(reason: () => Error): void {
    this.#timer.stop();
    if (!this.#isFirstDone) this.#settle.reject(reason());
    this.clientAuth.rejectAll(reason);
    this.#renegotiation.failed(reason);
  }
}
