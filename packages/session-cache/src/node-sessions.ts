import { ApiMisuseError } from '@sealwire/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Awaitable, listener, orElse, type SessionStore, whenThere } from './store.ts';

/** A server of `node:tls`, or of `@sealwire/compat-node-tls`. */
export interface NodeTlsServer {
  on(event: 'newSession', listener: (id: Buffer, data: Buffer, done: () => void) => void): unknown;
  on(
    event: 'resumeSession',
    listener: (id: Buffer, done: (error: null, data: Buffer | null) => void) => void,
  ): unknown;
}

export interface NodeSessionsOptions {
  readonly store: SessionStore;
  /** How long sessions are kept, in seconds; `sessionTimeout` of the server. Default 300, as Node's. */
  readonly lifetimeSeconds?: number;
  /** Told of what the store could not do; clients get full handshakes. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Answers `newSession` and `resumeSession` of a server from a store, which may be shared with other processes. They are about
 * sessions of TLS 1.2 without tickets, and with `sealwire: { storeSessions: true }` of compat-node-tls also about those of TLS 1.3.
 */
export function keepNodeSessions(server: NodeTlsServer, options: NodeSessionsOptions): void {
  const { store, lifetimeSeconds = 300 } = options ?? {};
  const onFailure = listener(options?.onFailure);
  if (typeof store?.get !== 'function') throw new ApiMisuseError('store must be a SessionStore');
  if (!Number.isSafeInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > 604_800)
    throw new ApiMisuseError(
      `lifetimeSeconds must be an integer from 1 to 604800, got ${String(lifetimeSeconds)}`,
    );
  const tried = <T>(run: () => Awaitable<T | undefined>) =>
    orElse(run, (error) => {
      onFailure(error);
      return undefined;
    });
  server.on('newSession', (id, data, done) => {
    const isKept = data.length <= mostBytes;
    void whenThere(
      tried(() => (isKept ? store.set(nameOf(id), data, lifetimeSeconds * 1000) : undefined)),
      () => done(),
    );
  });
  server.on('resumeSession', (id, done) => {
    void whenThere(
      tried(() => store.get(nameOf(id))),
      (data) => done(null, data === undefined ? null : Buffer.from(data)),
    );
  });
}

/** With the certificate of a client in it. */
const mostBytes = 65_536;
const nameOf = (id: Uint8Array) => `node-session:${bytesToHex(id)}`;
