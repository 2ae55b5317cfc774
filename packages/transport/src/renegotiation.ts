import { ApiMisuseError, type ClientConfig, type ServerConfig } from '@sealwire/core';
import { requireTrust } from './client-auth-requests.ts';
import { TransportError } from './errors.ts';

/** What another handshake on the same connection may want that the one before did not. */
export interface RenegotiationChange {
  /** Server: whether the client is asked for a certificate this time, and whether it must have one. Default: as before. */
  readonly clientAuthentication?: ServerConfig['clientAuthentication'];
}

/** `undefined`: the present configuration. */
export function changedConfig(
  config: ClientConfig | ServerConfig,
  { clientAuthentication }: RenegotiationChange,
): ServerConfig | undefined {
  if (clientAuthentication === undefined) return undefined;
  if (config.role === 'client') {
    throw new ApiMisuseError('renegotiate expects clientAuthentication of a server alone');
  }
  if (!choices.includes(clientAuthentication)) {
    throw new ApiMisuseError(
      `clientAuthentication must be one of ${choices.join(', ')}, got ${String(clientAuthentication)}`,
    );
  }
  if (clientAuthentication !== 'none') requireTrust(config, 'clientAuthentication');
  return Object.freeze({ ...config, clientAuthentication });
}

/** Whoever waits for the end of a handshake that `renegotiate` has begun. */
export class Renegotiation {
  #open: { resolve(isDone: boolean): void; reject(error: Error): void } | undefined;

  /** `obeyed`: what the connection said. */
  begun(obeyed: boolean): Promise<boolean> {
    if (!obeyed) {
      return Promise.reject(
        new TransportError(
          'transport.renegotiationUnavailable',
          'there can be no renegotiation now: the connection speaks TLS 1.3, is not complete or not whole any more, its peer ' +
            'knows no secure renegotiation, or another one is on its way',
        ),
      );
    }
    return new Promise((resolve, reject) => (this.#open = { resolve, reject }));
  }

  ended(isDone: boolean): void {
    this.#open?.resolve(isDone);
    this.#open = undefined;
  }

  /** `why` is asked only where somebody waits. */
  failed(why: () => Error): void {
    this.#open?.reject(why());
    this.#open = undefined;
  }
}

const choices: readonly string[] = ['none', 'request', 'require'];
