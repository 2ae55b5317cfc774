import type { AlertName } from './alerts.ts';
import type { Blame, ErrorCode, PeerCode } from './codes.ts';

/** Where in the protocol an error was found; for people and logs. */
export interface ErrorDetail {
  /** The rule, for example `RFC 9846 §4.3.8`. Given for everything that the peer is to blame for. */
  readonly section?: string;
  /** The handshake message concerned, in RFC spelling, for example `server_hello`. */
  readonly handshakeMessage?: string;
  /** The field concerned, for example `legacy_session_id_echo`. */
  readonly field?: string;
  /** The number of the alert that the peer sent, for `received.alert`. */
  readonly receivedAlert?: number;
  /**
   * For `incompatible.encryptedHelloRejected`: the ECHConfigList of the server that answered in the public name, which
   * has proved who it is. Absent: it has none, and Encrypted Client Hello is off there (RFC 9849 §6.1.6).
   */
  readonly retryConfigs?: Uint8Array | undefined;
  /** For what the application decides: the alert to send in place of the code's; the peer may look for a certain one. */
  readonly alert?: AlertName | undefined;
  /** What was being read, with the option `errorEvidence`. */
  readonly evidence?: ErrorEvidence;
  readonly cause?: unknown;
}

/** What the peer sent when it failed; a copy, which may hold what it wished to keep private. */
export interface ErrorEvidence {
  /** A handshake message with its header, without protection; or a record as it came from the transport. */
  readonly what: 'handshakeMessage' | 'record';
  /** Its first bytes, at most 4,096; of a record whose header is wrong what came with it. */
  readonly bytes: Uint8Array;
  /** How many bytes there were. */
  readonly totalBytes: number;
}

/**
 * Why a connection died. Never thrown to the caller: it arrives in the output `failed`, after the
 * alert bytes. Switch on `code`, which names the check; `message` is for people and may change.
 */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly section: string | undefined;
  readonly handshakeMessage: string | undefined;
  readonly field: string | undefined;
  readonly receivedAlert: number | undefined;
  readonly evidence: ErrorEvidence | undefined;
  readonly retryConfigs: Uint8Array | undefined;
  /** Set where it is another than the code's. */
  readonly alert: AlertName | undefined;

  /** Who blames the peer says by which rule. */
  constructor(code: Exclude<ErrorCode, PeerCode>, message: string, detail?: ErrorDetail);
  constructor(code: ErrorCode, message: string, detail: ErrorDetail & { readonly section: string });
  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.blame = code.slice(0, code.indexOf('.')) as Blame;
    this.section = detail.section;
    this.handshakeMessage = detail.handshakeMessage;
    this.field = detail.field;
    this.receivedAlert = detail.receivedAlert;
    this.evidence = detail.evidence;
    this.retryConfigs = detail.retryConfigs;
    this.alert = detail.alert;
  }
}

/** Adds what whoever threw could not know; what it said itself stays. */
export function locate(error: TlsError, where: Pick<ErrorDetail, 'handshakeMessage' | 'evidence'>): void {
  const open: { -readonly [K in keyof TlsError]: TlsError[K] } = error;
  open.handshakeMessage ??= where.handshakeMessage;
  open.evidence ??= where.evidence;
}

/** Another rule than the one that whoever threw knows. */
export function cite(error: TlsError, section: string): void {
  const open: { -readonly [K in keyof TlsError]: TlsError[K] } = error;
  open.section = section;
}

/**
 * The caller used the API wrongly: a wrong type, an answer to a decision that was never asked, a
 * command that this connection can never obey. Thrown at once, out of the method that was misused; it
 * never harms the connection and is never caused by what the peer sends.
 */
export class ApiMisuseError extends Error {
  override readonly name = 'ApiMisuseError';
  readonly code = 'misuse';
}

/** A state that cannot be reached unless Sealwire has a defect. The runner turns it into `internal_error`. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  readonly code = 'internal.error';
}
