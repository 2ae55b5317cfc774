/** When an error of a code is given; `never`: why it cannot happen here. */
export interface ErrorRow {
  readonly code: string;
  readonly when: string;
  readonly never?: true;
  /** Where it is made, in the sources of this package or of x509; default: where its code stands. */
  readonly by?: string;
}

/** Codes of Node's own. */
export const nodeErrors: readonly ErrorRow[] = [
  {
    code: 'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT',
    when: '`ALPNCallback` chooses what the client has not offered',
  },
  { code: 'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS', when: '`ALPNCallback` and `ALPNProtocols` are both given' },
  {
    code: 'ERR_TLS_CERT_ALTNAME_FORMAT',
    when: '`subjectaltname` of what `checkServerIdentity` is given cannot be read',
  },
  {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    when: 'the certificate is for another name; has `reason`, `host` and `cert`',
  },
  { code: 'ERR_TLS_DH_PARAM_SIZE', when: "the server's Diffie-Hellman group is smaller than `minDHSize`" },
  { code: 'ERR_TLS_HANDSHAKE_TIMEOUT', when: 'a handshake takes longer than `handshakeTimeout`' },
  { code: 'ERR_TLS_INVALID_CONTEXT', when: '`secureContext` is none' },
  {
    code: 'ERR_TLS_INVALID_PROTOCOL_METHOD',
    when: '`secureProtocol` names none, or one that is switched off',
    by: 'invalidProtocolMethod(',
  },
  { code: 'ERR_TLS_INVALID_PROTOCOL_VERSION', when: '`minVersion` or `maxVersion` is no version' },
  { code: 'ERR_TLS_INVALID_STATE', when: '`exportKeyingMaterial` is called before the connection is secure' },
  {
    code: 'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
    when: '`secureProtocol` is given beside `minVersion` or `maxVersion`',
  },
  {
    code: 'ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED',
    when: '`pskIdentityHint` has more than 256 bytes; until Node 22 the code is spelt `…IDENTIY…`, as there',
    by: 'pskHintFailed(',
  },
  { code: 'ERR_TLS_RENEGOTIATION_DISABLED', when: 'a client renegotiates after `disableRenegotiation()`' },
  { code: 'ERR_TLS_REQUIRED_SERVER_NAME', when: '`addContext` without a name' },
  {
    code: 'ERR_TLS_SESSION_ATTACK',
    when: 'a client renegotiates more often than `CLIENT_RENEG_LIMIT` in `CLIENT_RENEG_WINDOW` seconds',
  },
  { code: 'ERR_TLS_SNI_FROM_SERVER', when: "`setServername` on a server's socket" },
  {
    code: 'ERR_TLS_RENEGOTIATE',
    when: 'of Node until 10, when a renegotiation could not begin; later releases, and we, give the error of OpenSSL, such as `ERR_SSL_WRONG_SSL_VERSION`',
    never: true,
  },
  {
    code: 'ERR_TLS_RENEGOTIATION_FAILED',
    when: 'of Node until 10; later releases, and we, give the error of OpenSSL',
    never: true,
  },
];

/** Codes that other modules of Node have as well. */
export const sharedErrors: readonly ErrorRow[] = [
  { code: 'ERR_INVALID_ARG_TYPE', when: 'an argument or option is of another type' },
  {
    code: 'ERR_INVALID_ARG_VALUE',
    when: 'an argument or option has no such value; an address as `servername` from Node 25 on',
  },
  {
    code: 'ERR_INVALID_RETURN_VALUE',
    when: 'a function in the option `sealwire` gives something else than it should',
  },
  {
    code: 'ERR_OUT_OF_RANGE',
    when: 'a number is out of range, or the name of a protocol longer than 255 bytes',
  },
  {
    code: 'ERR_MULTIPLE_CALLBACK',
    when: 'a callback of `resumeSession`, `OCSPRequest` or `SNICallback` is called twice',
  },
  {
    code: 'ERR_SOCKET_CLOSED',
    when: 'a callback is called when the socket is closed, or something is written then',
  },
  {
    code: 'ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
    when: 'a socket that has written is closed before it was connected',
  },
  { code: 'ERR_STREAM_WRAP', when: 'the stream below gives text or objects in place of bytes' },
  { code: 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED', when: 'an option names an engine' },
  {
    code: 'ERR_CRYPTO_OPERATION_FAILED',
    when: 'curves, CRLs, PKCS #12 files and others cannot be taken',
    by: 'cryptoOperationFailed(',
  },
  { code: 'ERR_CRYPTO_UNSUPPORTED_OPERATION', when: 'a PKCS #12 file has what OpenSSL 3 does not read' },
  {
    code: 'ERR_INTERNAL_ASSERTION',
    when: 'an option is so wrong that Node asserts, such as ticket keys of other than 48 bytes',
  },
  {
    code: 'ECONNRESET',
    when: 'the peer goes before the connection is secure; a client has `host`, `port`, `path` and `localAddress` in it',
    by: 'disconnectedBeforeSecure(',
  },
];

/** Errors of a handshake; `server` has the first, `client` the second. The code is made of OpenSSL's reason. */
export const handshakeErrors: readonly {
  readonly what: string;
  readonly server: string;
  readonly client: string;
}[] = [
  {
    what: 'no version in common',
    server: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
    client: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  },
  {
    what: 'no cipher suite in common',
    server: 'ERR_SSL_NO_SHARED_CIPHER',
    client: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  },
  {
    what: 'no group in common',
    server: 'ERR_SSL_NO_SUITABLE_KEY_SHARE',
    client: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  },
  {
    what: 'no protocol in common (ALPN)',
    server: 'ERR_SSL_NO_APPLICATION_PROTOCOL',
    client: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  },
  {
    what: 'the client has no certificate, TLS 1.3',
    server: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
    client: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  },
  {
    what: 'the client has no certificate, TLS 1.2',
    server: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
    client: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  },
  {
    what: 'a pre-shared key that the server does not know',
    server: 'ERR_SSL_PSK_IDENTITY_NOT_FOUND',
    client: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_PSK_IDENTITY',
  },
  {
    what: 'the peer speaks no TLS',
    server: 'ERR_SSL_WRONG_VERSION_NUMBER',
    client: 'ERR_SSL_WRONG_VERSION_NUMBER',
  },
  {
    what: 'renegotiation in TLS 1.3',
    server: 'ERR_SSL_WRONG_SSL_VERSION',
    client: 'ERR_SSL_WRONG_SSL_VERSION',
  },
];

/** What `createSecureContext` throws. */
export const loadingErrors: readonly ErrorRow[] = [
  { code: 'ERR_OSSL_UNSUPPORTED', when: 'a key cannot be read' },
  { code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH', when: 'a key does not belong to its certificate' },
  { code: 'ERR_OSSL_PEM_NO_START_LINE', when: 'a certificate is no PEM' },
  { code: 'ERR_OSSL_BAD_DECRYPT', when: 'a passphrase is wrong' },
  { code: 'ERR_SSL_NO_CIPHER_MATCH', when: '`ciphers` selects nothing' },
  { code: 'ERR_SSL_EE_KEY_TOO_SMALL', when: 'a key is too small for the security level' },
  { code: 'ERR_SSL_CA_KEY_TOO_SMALL', when: "an issuer's key is too small for the security level" },
];

/** `authorizationError`, and the code of the error of a client that insists. */
export const certificateErrors: readonly ErrorRow[] = [
  { code: 'UNABLE_TO_GET_ISSUER_CERT', when: 'an issuer is not there' },
  { code: 'UNABLE_TO_GET_CRL', when: 'a CRL is needed, and none fits' },
  {
    code: 'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    when: 'OpenSSL gives it no more: a signature is wrong as a whole (`CERT_SIGNATURE_FAILURE`)',
    never: true,
  },
  {
    code: 'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
    when: 'OpenSSL gives it no more: a signature is wrong as a whole (`CRL_SIGNATURE_FAILURE`)',
    never: true,
  },
  { code: 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', when: "the issuer's key cannot be read" },
  { code: 'CERT_SIGNATURE_FAILURE', when: 'a signature is wrong' },
  { code: 'CRL_SIGNATURE_FAILURE', when: 'the signature of a CRL is wrong' },
  { code: 'CERT_NOT_YET_VALID', when: 'it is too early for a certificate' },
  { code: 'CERT_HAS_EXPIRED', when: 'it is too late for a certificate' },
  { code: 'CRL_NOT_YET_VALID', when: 'it is too early for a CRL' },
  { code: 'CRL_HAS_EXPIRED', when: 'it is too late for a CRL' },
  { code: 'ERROR_IN_CERT_NOT_BEFORE_FIELD', when: 'since when a certificate is valid cannot be read' },
  { code: 'ERROR_IN_CERT_NOT_AFTER_FIELD', when: 'until when a certificate is valid cannot be read' },
  { code: 'ERROR_IN_CRL_LAST_UPDATE_FIELD', when: 'of when a CRL is cannot be read' },
  { code: 'ERROR_IN_CRL_NEXT_UPDATE_FIELD', when: 'until when a CRL holds cannot be read' },
  { code: 'OUT_OF_MEM', when: 'JavaScript has no such answer', never: true },
  { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', when: 'the certificate is self-signed, and not trusted' },
  { code: 'SELF_SIGNED_CERT_IN_CHAIN', when: 'the root is not trusted' },
  { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', when: 'an issuer is not among those that are trusted' },
  { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', when: 'there is the certificate alone, and its issuer unknown' },
  { code: 'CERT_CHAIN_TOO_LONG', when: 'more than a hundred certificates' },
  { code: 'CERT_REVOKED', when: 'a CRL has the certificate' },
  { code: 'INVALID_CA', when: 'an issuer is no CA' },
  { code: 'PATH_LENGTH_EXCEEDED', when: 'an issuer allows fewer CAs below' },
  { code: 'INVALID_PURPOSE', when: 'the certificate is for something else' },
  {
    code: 'CERT_UNTRUSTED',
    when: 'OpenSSL gives it for raw public keys and DANE, which `node:tls` has not',
    never: true,
  },
  { code: 'CERT_REJECTED', when: 'a `TRUSTED CERTIFICATE` is rejected for this purpose' },
  {
    code: 'HOSTNAME_MISMATCH',
    when: 'a session is resumed of a server that was refused for its name alone; in a full handshake `checkServerIdentity` compares names',
  },
];
