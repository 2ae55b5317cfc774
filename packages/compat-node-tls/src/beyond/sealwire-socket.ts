import type { Facts } from '@sealwire/core';
import type { CertificateRequest } from './asks.ts';

export interface ClientCertificateOptions {
  /** Whether a client that presents no certificate, or one that does not verify, loses its connection. Default: the socket's `rejectUnauthorized`. */
  readonly rejectUnauthorized?: boolean;
  /** DER distinguished names to tell the client, in place of those of `ca`. */
  readonly certificateAuthorities?: readonly Uint8Array[];
}

/** `socket.sealwire`: what a connection can do that one of `node:tls` cannot. */
export interface SealwireSocket {
  /**
   * All that is known of the connection, as numbers of IANA's registries; a frozen snapshot, which grows as the handshake goes on.
   * Empty before it begins; it stays after the end.
   */
  readonly facts: Partial<Facts>;
  /** Client: what the server has said of the certificate that it wants. `undefined`: it has not asked. */
  readonly certificateRequest: CertificateRequest | undefined;
  /**
   * Client: how many bytes of `sealwire.earlyData` the server has taken; 0 where there was no session for it, or it was rejected. Final
   * from `secureConnect` on.
   */
  readonly earlyDataTaken: number;
  /** Server: how many of the first bytes that are read came as 0-RTT data, which might have been a copy of somebody else's. */
  readonly earlyDataReceived: number;
  /**
   * Changes the keys that we send with, and with `requestPeer` asks the peer to change its own (KeyUpdate, RFC 9846 §4.7.3). They also
   * change by themselves before they are worn out. `false`, and nothing sent: the handshake is not complete, the connection has
   * ended, or it speaks TLS 1.2 or older.
   */
  updateKeys(options?: { readonly requestPeer?: boolean }): boolean;
  /**
   * Server: asks the client for a certificate now (post-handshake authentication, RFC 9846 §4.7.2). Resolves when the client has
   * answered, to whether it has authenticated: `authorized`, `authorizationError` and `getPeerCertificate()` are up to date then. Where
   * `rejectUnauthorized` is true (by default what the socket has) a client that does not is disconnected, and the promise rejects.
   * It also rejects with `ERR_TLS_INVALID_STATE` where the client cannot be asked: the handshake is not complete, it speaks TLS
   * 1.2 or older (`renegotiate` is for that), or it has not offered to.
   */
  requestCertificate(options?: ClientCertificateOptions): Promise<boolean>;
}
