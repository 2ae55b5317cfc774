import type { Decision } from '../values/decisions.ts';
import type { Facts } from '../values/facts.ts';
import type { Session } from '../values/session.ts';

/** What a handshake says, whatever carries it. */
export type HandshakeOutput =
  /** The server did not take our 0-RTT data: all that was sent so far is lost. Send it again once connected, if that is safe. */
  | { readonly type: 'earlyDataRejected' }
  /** Client: a session for a later connection (RFC 9846 §4.7.1). It holds a secret. */
  | { readonly type: 'session'; readonly session: Session }
  /** A question; nothing goes on until `answer` is called with it. */
  | { readonly type: 'decision'; readonly decision: Decision }
  /** The question is withdrawn; an answer would be ignored. */
  | { readonly type: 'decisionCancelled'; readonly decision: Decision }
  /** Something became known; `facts` already holds it. */
  | { readonly type: 'fact'; readonly facts: Partial<Facts> }
  /**
   * The handshake is complete and the peer authenticated as far as the configuration asks. Again after each renegotiation
   * (TLS 1.2 and older): all facts are those of the new handshake then.
   */
  | { readonly type: 'connected' }
  /** One line for a key-log file (RFC 9850), without line end. Only with `keyLog: true`. */
  | { readonly type: 'keylog'; readonly line: string }
  /** What passed, for logs and teaching. Only with `trace: true`. Never holds keys. */
  | { readonly type: 'trace'; readonly event: TraceEvent };

export type TraceEvent =
  | {
      readonly what: 'record';
      readonly direction: 'sent' | 'received';
      /** Content type inside the protection. */
      readonly contentType: number;
      /** `legacy_record_version` in the header, which says little of the version that is spoken. */
      readonly recordVersion: number;
      /** Bytes on the wire with the header, and of content. */
      readonly wireBytes: number;
      readonly contentBytes: number;
      readonly isProtected: boolean;
    }
  | {
      readonly what: 'handshake';
      readonly direction: 'sent' | 'received';
      /** The whole message with its header. */
      readonly raw: Uint8Array;
    }
  /**
   * The hello inside an encrypted one (RFC 9849), whole and with its header: what a client means, before the message
   * that hides it, or what a server has decrypted, after that message.
   */
  | {
      readonly what: 'innerClientHello';
      readonly direction: 'sent' | 'received';
      readonly raw: Uint8Array;
    }
  | {
      readonly what: 'alert';
      readonly direction: 'sent' | 'received';
      readonly level: number;
      readonly description: string;
      /** The number of the description. */
      readonly code: number;
    }
  | { readonly what: 'changeCipherSpec'; readonly direction: 'sent' | 'received' }
  | { readonly what: 'keys'; readonly direction: 'read' | 'write'; readonly epoch: string }
  | {
      readonly what: 'decision';
      readonly kind: string;
      readonly id: number;
      readonly answer: 'inline' | 'asked' | 'given';
    };
