/** A key that both sides have got in some other way (RFC 9846 §2.2, RFC 9258). */
export interface ExternalPsk {
  /** The label that the client shows, 1 to 65,535 bytes; readable by onlookers. */
  readonly identity: Uint8Array;
  /** At least 16 bytes of high entropy; a password is not a key. */
  readonly key: Uint8Array;
  /** The KDF hash it is for; default `sha256`. Only suites with this hash can use it. */
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
}

export type LookupPskReply =
  | {
      readonly ok: true;
      /** Client: the keys to offer. Server: those of the client's that it knows; the first in the client's order is taken. */
      readonly psks: readonly ExternalPsk[];
    }
  /** As if there were none. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };
