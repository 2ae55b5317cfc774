import type { TlsError } from '../errors/tls-error.ts';
import type { HandshakeOutput } from '../interpret/outputs.ts';

/**
 * Encryption levels (RFC 9001 §4.1.3, §4.1.4), by the packets that they protect: Initial; 0-RTT (`early`); Handshake; 1-RTT
 * (`application`). TLS has bytes in all of them but `early`.
 */
export type QuicLevel = (typeof quicLevels)[number];

export const quicLevels = ['initial', 'early', 'handshake', 'application'] as const;

/**
 * Everything that a handshake for QUIC says, in one order; see `QuicHandshake.poll`. Bytes and secrets belong to the receiver.
 * Arrays in `facts` and in the `ask` of a decision are shared: read them, and do not write to them.
 */
export type QuicOutput =
  | HandshakeOutput
  /** The next bytes of the CRYPTO stream of this level; to be sent again, under the keys of this level, until they have arrived. */
  | { readonly type: 'crypto'; readonly level: QuicLevel; readonly bytes: Uint8Array }
  /**
   * The traffic secret of a level and a direction, from which `packetKeys` makes keys; with `read` packets of this level can be
   * opened from now on. There are none for `initial`: see `initialSecrets`.
   */
  | {
      readonly type: 'keys';
      readonly level: Exclude<QuicLevel, 'initial'>;
      readonly direction: 'read' | 'write';
      /** Number of the cipher suite (RFC 9846 §B.4). */
      readonly cipherSuite: number;
      readonly secret: Uint8Array;
    }
  /**
   * Keys of this level are of no more use, at the latest from here on (RFC 9001 §4.9). `initial`: a client has its first
   * Handshake bytes to send, a server has read the client's. `early`, client: 0-RTT is refused, or there are 1-RTT keys.
   * `handshake`, server: the handshake is confirmed; a client learns that from HANDSHAKE_DONE, which TLS does not see.
   */
  | { readonly type: 'discard'; readonly level: Exclude<QuicLevel, 'application'> }
  /** `close` has ended it. Nothing follows. */
  | { readonly type: 'closed' }
  /** It is dead: send a CONNECTION_CLOSE frame of type 0x1c with `errorCode`. Nothing follows. */
  | {
      readonly type: 'failed';
      readonly error: TlsError;
      /** The alert that TLS would send, in RFC spelling; `undefined`: none. */
      readonly alert: string | undefined;
      /** An error code of QUIC: CRYPTO_ERROR, which is 0x0100 and the alert, or what RFC 9001 has in its place. */
      readonly errorCode: number;
    };
