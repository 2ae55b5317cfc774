/** What `requestClientAuth` may say about one request; all else is as the configuration has it. */
export interface ClientAuthOptions {
  /** Whether a client that sends no certificate is refused (certificate_required). Default false. */
  readonly require?: boolean;
  /** DER distinguished names of authorities, as a hint, in place of the configuration's (RFC 9846 §4.3.4). */
  readonly certificateAuthorities?: readonly Uint8Array[];
}
