import type { Blame, ErrorCode } from './codes.ts';

/** Where in the protocol an error was found; all parts optional, all for people and logs. */
export interface ErrorDetail {
  /** The rule, for example `RFC 9846 §4.3.8`. */
  readonly section?: string;
  /** The handshake message concerned, in RFC spelling, for example `server_hello`. */
  readonly handshakeMessage?: string;
  /** The field concerned, for example `legacy_session_id_echo`. */
  readonly field?: string;
  /** The number of the alert that the peer sent, for `received.alert`. */
  readonly receivedAlert?: number;
  readonly cause?: unknown;
}

/**
 * Why a connection died. Never thrown to the caller: it arrives in the output `failed`, after the
 * alert bytes. Switch on `code`; `message` is for people and may change.
 */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly section: string | undefined;
  readonly handshakeMessage: string | undefined;
  readonly field: string | undefined;
  readonly receivedAlert: number | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.blame = code.slice(0, code.indexOf('.')) as Blame;
    this.section = detail.section;
    this.handshakeMessage = detail.handshakeMessage;
    this.field = detail.field;
    this.receivedAlert = detail.receivedAlert;
  }
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
