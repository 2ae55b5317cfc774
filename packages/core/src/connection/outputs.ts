import type { TlsError } from '../errors/tls-error.ts';
import type { HandshakeOutput } from '../interpret/outputs.ts';
import type { RecordKeys } from '../values/record-keys.ts';

/**
 * Everything that a connection says, in one order; see `Connection.poll`.
 *
 * Who owns bytes: the pieces of `transmit`, the bytes of `data`, and the messages in `trace` belong to the receiver; the
 * connection neither keeps nor changes them, and none is a view of what was passed to `receive`. (They may be views of
 * larger arrays of their own.) Arrays in `facts` and in the `ask` of a decision are shared with the connection: read
 * them, and do not write to them.
 */
export type Output =
  | HandshakeOutput
  /** Bytes for the peer: send the pieces in order, one after the other. They belong to the receiver. */
  | { readonly type: 'transmit'; readonly pieces: readonly Uint8Array[] }
  /** Application data of the peer. `early`: it came as 0-RTT data and may be a replay. */
  | { readonly type: 'data'; readonly bytes: Uint8Array; readonly early: boolean }
  /**
   * From now on `send` takes data. `halfRtt`: the client's Finished is still outstanding (only where `clientAuthentication` is
   * `none`, resumed or not). `falseStart`: the server's is (only with the option `falseStart`).
   */
  | { readonly type: 'writable'; readonly as: 'halfRtt' | 'falseStart' | 'full' }
  /**
   * `send` takes 0-RTT data, `limitBytes` of it, until the handshake is done: it may be replayed and is not forward
   * secret. Whether the server takes it turns out later.
   */
  | { readonly type: 'writable'; readonly as: 'early'; readonly limitBytes: number }
  /**
   * TLS 1.2 and older: the connection ends by a fatal alert, and this session of it, made or resumed, must not be resumed any
   * more (RFC 5246 §7.2.2). It stands under one of the two names, which `session`, `sessions` or the server's store
   * had; a `SessionStore` with `delete` has forgotten it already. Before `failed`.
   */
  | {
      readonly type: 'sessionInvalid';
      readonly sessionId?: Uint8Array | undefined;
      readonly ticket?: Uint8Array | undefined;
    }
  /**
   * TLS 1.2 and older: another handshake has begun, at our wish or the peer's. `send` takes nothing until `writable` comes
   * out again, with `connected` or because it was refused.
   */
  | { readonly type: 'renegotiating' }
  /**
   * The renegotiation that `renegotiate` asked for will not be. `alert`: the peer says so; `ignored`: it has closed without
   * it. The connection is as it was.
   */
  | { readonly type: 'renegotiationRefused'; readonly how: 'alert' | 'ignored' }
  /**
   * Server: the client has answered the request of this id, the one that `requestClientAuth` returned.
   * `isAuthenticated`: it has proved who it is, and the facts say so; else it has declined.
   */
  | { readonly type: 'clientAuthentication'; readonly id: number; readonly isAuthenticated: boolean }
  /** The peer will send no more. `truncated`: the transport ended without close_notify, so data may be missing. */
  | { readonly type: 'peerClosed'; readonly how: 'closeNotify' | 'truncated' }
  /** Both directions are closed in order. Nothing follows. */
  | { readonly type: 'closed' }
  /**
   * The connection is dead. Transmits before this one hold the alert, if one was sent: write them, end the
   * transport, and read on until its end so that the peer sees them. Nothing follows.
   */
  | {
      readonly type: 'failed';
      readonly error: TlsError;
      /** RFC spelling; `undefined` when there was none to send. */
      readonly alert: string | undefined;
      readonly sentBy: 'us' | 'peer' | 'nobody';
    };

/**
 * What the control of a detached connection says, in one order: `Output` without what carries bytes of the stream,
 * and what whoever seals and opens must do.
 */
export type ControlOutput =
  | Exclude<Output, { type: 'transmit' }>
  /** Content to seal as one record under the present keys, before any data that is sealed later. It belongs to the receiver. */
  | { readonly type: 'record'; readonly contentType: number; readonly content: Uint8Array }
  /** From here on these keys, with sequence number 0: `write` for what is sealed, `read` for what is opened. */
  | { readonly type: 'keys'; readonly direction: 'read' | 'write'; readonly keys: RecordKeys };

/** The one queue of outputs; neighbouring transmits are merged, so that a flight leaves in one write. */
export class OutputQueue {
  #queue: (Output | ControlOutput)[] = [];
  #next = 0;
  /** The last transmit, while more may be merged into it. */
  #open: Uint8Array[] | undefined;

  get isEmpty(): boolean {
    return this.#next === this.#queue.length;
  }

  push(output: Output | ControlOutput): void {
    // Facts say nothing about what has left, so they need not split a flight into two writes.
    if (output.type !== 'fact') this.#open = undefined;
    this.#queue.push(output);
  }

  /** The list belongs to the queue from now on. */
  transmit(pieces: Uint8Array[]): void {
    if (this.#open === undefined) {
      this.#open = pieces;
      this.#queue.push({ type: 'transmit', pieces });
    } else for (const piece of pieces) this.#open.push(piece);
  }

  poll(): Output | ControlOutput | undefined {
    const output = this.#queue[this.#next];
    if (output === undefined) return undefined;
    this.#next++;
    // What has been handed out is the caller's: nothing may be merged into it any more.
    if (output.type === 'transmit' && output.pieces === this.#open) this.#open = undefined;
    if (this.#next === this.#queue.length) {
      this.#queue = [];
      this.#next = 0;
      this.#open = undefined;
    }
    return output;
  }
}
