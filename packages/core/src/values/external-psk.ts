/** A key that both sides have got in some other way (RFC 9846 §2.2, RFC 9258). */
export interface ExternalPsk {
  /** The label that the client shows, 1 to 65,535 bytes; readable by onlookers. With `usedIn: 'tls12'` it may be empty. */
  readonly identity: Uint8Array;
  /**
   * 16 to 65,535 bytes of high entropy; a password is not a key. With `usedIn: 'tls12'` from 1 byte on, for keys that others
   * have chosen (RFC 4279 §5.3): whoever records a handshake can try all short ones.
   */
  readonly key: Uint8Array;
  /**
   * The versions that it is for: TLS 1.3, TLS 1.2 and older (RFC 4279, RFC 5489), or both. "Implementations can ensure safety
   * from cross-protocol related output by not reusing PSKs between TLS 1.3 and TLS 1.2" (RFC 9846 §F.7): `both` is for
   * keys that others use so. Default `tls13`.
   */
  readonly usedIn?: 'tls13' | 'tls12' | 'both';
  /** The KDF hash it is for; default `sha256`. Only suites with this hash can use it; TLS 1.2 and older do not ask. */
  readonly hash?: 'sha256' | 'sha384';
  /** Made by `importPsk` (RFC 9258): its binder has a label of its own. */
  readonly imported?: boolean;
  /** What 0-RTT data needs; without it none is sent or accepted with this key. */
  readonly earlyData?: {
    readonly maxBytes: number;
    readonly cipherSuite: number;
    readonly alpnProtocol: string | null;
  };
}

export interface LookupPskAsk {
  readonly role: 'client' | 'server';
  /** Server: what the client shows, in its order of preference, or the key that its ticket comes of. Client: empty. */
  readonly identities: readonly Uint8Array[];
  /** The SNI: sent (client) or received (server). */
  readonly serverName: string | undefined;
  /** The version agreed on, for example 0x0303; `undefined`: a client is about to send its ClientHello. */
  readonly version: number | undefined;
  /**
   * Client, TLS 1.2 and older: what the server says to help us choose (RFC 4279 §2); `undefined`: nothing, or it is not
   * heard yet. Without a profile that gives it a meaning, "clients MUST ignore the identity hint field" (RFC 4279 §5.2).
   */
  readonly hint: Uint8Array | undefined;
}

export type LookupPskReply =
  | {
      readonly ok: true;
      /**
       * Client: the keys to offer, or in TLS 1.2 and older, where one can be used, the first of which is. Server: those
       * of the client's that it knows; the first in the client's order is taken.
       */
      readonly psks: readonly ExternalPsk[];
      /**
       * Client, before the ClientHello: cipher suites of TLS 1.2 and older with pre-shared keys are offered although `psks`
       * has none for them; there will be one when the server has been heard. Default false.
       */
      readonly awaitsHint?: boolean;
      /**
       * Server, TLS 1.2 and older: a client whose identity is not among `psks` hears so (unknown_psk_identity). Default
       * false: the handshake goes on with a random key, and ends as it does when the client has a wrong key, so that
       * nobody can find out which identities there are (RFC 4279 §2).
       */
      readonly tellUnknown?: boolean;
    }
  /** As if there were none. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };
