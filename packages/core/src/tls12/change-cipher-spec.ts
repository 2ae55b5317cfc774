/** No handshake message, and it has its place among them (RFC 5246 §7.1): from here on the sender uses its new keys. */
export interface ChangeCipherSpec {
  readonly type: 'change_cipher_spec';
}
