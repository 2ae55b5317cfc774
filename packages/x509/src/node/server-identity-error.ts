/** The errors of `checkServerIdentity`: Node's codes, messages and properties. */

/**
 * The certificate is for another host. Returned, not thrown, as Node does; its `toString` shows the code as Node's errors do.
 * Only the first line of `stack` is the engine's and not Node's.
 */
export class ServerIdentityError<C> extends Error {
  readonly code = 'ERR_TLS_CERT_ALTNAME_INVALID';
  /** What does not match, as a sentence. */
  readonly reason: string;
  /** The host that was looked for, without its final dot. */
  readonly host: string;
  /** The object that was given. */
  readonly cert: C;

  constructor(reason: string, host: string, cert: C) {
    super(`Hostname/IP does not match certificate's altnames: ${reason}`);
    this.reason = reason;
    this.host = host;
    this.cert = cert;
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

/** `subjectaltname` has a quote that begins no JSON string. Thrown, as Node does; no certificate gives such a text. */
export class AltNameFormatError extends SyntaxError {
  readonly code = 'ERR_TLS_CERT_ALTNAME_FORMAT';

  constructor() {
    super('Invalid subject alternative name string');
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}
