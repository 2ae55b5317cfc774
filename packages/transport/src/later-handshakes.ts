import { ClientAuthRequests } from './client-auth-requests.ts';
import { TransportError, type TransportErrorCode } from './errors.ts';
import { Renegotiation } from './renegotiation.ts';

/** Whoever waits for a handshake after the first, or for a part of one. */
export class LaterHandshakes {
  readonly clientAuth = new ClientAuthRequests();
  readonly renegotiation = new Renegotiation();

  /** There will be no more of them: the connection is closed, or has failed with this error. */
  over(failure: Error | undefined): void {
    const why = (code: TransportErrorCode) => () =>
      failure ?? new TransportError(code, 'the connection is closed');
    this.clientAuth.rejectAll(why('transport.clientAuthUnavailable'));
    this.renegotiation.failed(why('transport.renegotiationUnavailable'));
  }

  /** The program has done with the connection. `reason` is asked only where somebody waits: an error is expensive to make. */
  destroyed(reason: () => Error): void {
    this.clientAuth.rejectAll(reason);
    this.renegotiation.failed(reason);
  }
}
