import { bytes, byteStrings, number, numbers, text, toggle, type ValueOf } from './kinds.ts';

/**
 * The flags that the shim implements, without their dash, by theme. A flag stands here only if what it asks for is
 * really done and, for `expect-…`, really looked at. Whatever is missing makes the shim answer "not implemented".
 */
export const connectionFlags = {
  // Plumbing.
  port: number,
  'shim-id': text,
  ipv6: toggle,
  server: toggle,
  'is-handshaker-supported': toggle,
  'resume-count': number,
  async: toggle,
  'implicit-handshake': toggle,
  // The root of the runner's certificates. Peers are not judged by their chains here: the runner's certificates are
  // not all valid, and its own shim does not look either. What a certificate says of its key counts.
  'trust-cert': text,

  // Authentication.
  'verify-peer': toggle,
  'require-any-client-certificate': toggle,
  'verify-fail': toggle,
  'use-custom-verify-callback': toggle,
  'expect-verify-result': toggle,
  'reverify-on-resume': toggle,
  'fail-cert-callback': toggle,
  'fail-early-callback': toggle,
  // Asked about every hello before anything is made of it, which is what our one question about hellos is for.
  'install-ddos-callback': toggle,
  'fail-ddos-callback': toggle,
  'expect-no-peer-cert': toggle,
  'expect-peer-cert-file': text,
  // How the runner's own shim brings its certificates to its library; ours has one way, which is asked every time.
  'use-early-callback': toggle,
  'use-old-client-cert-callback': toggle,

  // Parameters.
  curves: numbers,
  'key-shares': numbers,
  'no-key-shares': toggle,
  'verify-prefs': numbers,
  'expect-peer-signature-algorithm': number,
  'expect-peer-verify-pref': numbers,
  'min-version': number,
  'max-version': number,
  'no-tls13': toggle,
  'no-tls12': toggle,
  'no-tls11': toggle,
  'no-tls1': toggle,
  cipher: text,
  'server-preference': toggle,
  'expect-cipher': number,
  'expect-cipher-aes': number,
  'expect-cipher-no-aes': number,
  'expect-version': number,
  'expect-curve-id': number,
  'expect-hrr': toggle,
  'expect-no-hrr': toggle,
  'curves-flags': numbers,
  'server-supported-groups-hint': numbers,
  'fallback-scsv': toggle,
  'install-cert-compression-algs': toggle,
  'install-one-cert-compression-alg': number,
  // A client's request for a certificate, as TLS 1.2 and older has it.
  'expect-certificate-types': bytes,

  // Sessions.
  'expect-session-miss': toggle,
  'expect-no-session': toggle,
  'expect-session-id': toggle,
  'expect-no-session-id': toggle,
  'no-ticket': toggle,
  'expect-ticket-renewal': toggle,
  'resumption-delay': number,
  'expect-extended-master-secret': toggle,
  // Whose format of tickets it is: tickets are sealed as always, and a key is one that both connections share.
  'use-ticket-aead-callback': toggle,
  'use-ticket-callback': toggle,
  'renew-ticket': toggle,
  'skip-ticket': toggle,
  'ticket-key': bytes,
  'expect-ticket-age-skew': number,

  // Names, protocols, staples, and the trace of messages.
  'host-name': text,
  'expect-server-name': text,
  'expect-no-server-name': toggle,
  'no-server-name-ack': toggle,
  'advertise-alpn': text,
  'expect-alpn': text,
  'expect-advertised-alpn': text,
  'select-alpn': text,
  'decline-alpn': toggle,
  'reject-alpn': toggle,
  'select-empty-alpn': toggle,
  'allow-unknown-alpn-protos': toggle,
  'enable-ocsp-stapling': toggle,
  'expect-ocsp-response': bytes,
  'enable-signed-cert-timestamps': toggle,
  'expect-signed-cert-timestamps': bytes,
  // A response that is there from the start or is set when it is asked for are the same decision here.
  'use-ocsp-callback': toggle,
  'set-ocsp-in-callback': toggle,
  'decline-ocsp-callback': toggle,
  'fail-ocsp-callback': toggle,
  'expect-msg-callback': text,

  // Data and the end.
  'shim-writes-first': toggle,
  'shim-initial-write': text,
  'repeat-shim-initial-write': number,
  'shim-shuts-down': toggle,
  'check-close-notify': toggle,
  'write-different-record-sizes': toggle,
  'read-size': number,
  'max-send-fragment': number,
  'key-update': toggle,
  'key-update-before-read': toggle,
  'max-cert-list': number,
  'export-keying-material': number,
  'export-label': text,
  'export-context': text,
  'use-export-context': toggle,
  'use-exporter-between-reads': toggle,
  'export-traffic-secrets': toggle,
  'tls-unique': toggle,
  // Our library has no call for the handshake that could be repeated.
  'no-op-extra-handshake': toggle,
  'handshake-twice': toggle,
  'send-alert': toggle,
  'peek-then-read': toggle,
  'read-with-unfinished-write': toggle,
  'false-start': toggle,
  'allow-false-start-without-alpn': toggle,
  'handshake-never-done': toggle,
  'early-write-after-message': number,
  // Records in CBC mode of TLS 1.0 are always split, and a write takes what it is given.
  'cbc-record-splitting': toggle,
  'partial-write': toggle,

  // Renegotiation.
  'renegotiate-freely': toggle,
  'renegotiate-once': toggle,
  'renegotiate-ignore': toggle,
  'renegotiate-explicit': toggle,
  'no-legacy-server-connect': toggle,
  'expect-secure-renegotiation': toggle,
  'expect-no-secure-renegotiation': toggle,
  'forbid-renegotiation-after-handshake': toggle,
  'expect-total-renegotiations': number,

  // 0-RTT data.
  'enable-early-data': toggle,
  'expect-accept-early-data': toggle,
  'expect-reject-early-data': toggle,
  'expect-no-offer-early-data': toggle,
  'expect-ticket-supports-early-data': toggle,
  'expect-early-data-reason': text,

  // Several credentials.
  'expect-selected-credential': number,
  'use-client-ca-list': text,
  'expect-client-ca-list': text,

  // Raw public keys; certificate types are numbers of RFC 7250.
  'accepted-peer-cert-types': numbers,
  'available-client-cert-types': numbers,
  'expect-peer-certificate-type': number,
  'expect-peer-rpk-sha256': bytes,

  // Encrypted Client Hello.
  'ech-config-list': bytes,
  'enable-ech-grease': toggle,
  'reject-unusable-ech-config': toggle,
  'expect-ech-accept': toggle,
  'expect-ech-retry-configs': bytes,
  'expect-no-ech-retry-configs': toggle,
  'expect-ech-name-override': text,
  'expect-no-ech-name-override': toggle,
  'ech-server-config': byteStrings,
  'ech-server-key': byteStrings,
  'ech-is-retry-config': numbers,
  'fail-early-callback-ech-rewind': toggle,

  // Pre-shared keys of TLS 1.2 and older.
  psk: text,
  'psk-identity': text,

  // Application settings. A server's may become known when the protocol is chosen: here that is no other way.
  'application-settings': text,
  'expect-peer-application-settings': text,
  'alps-use-new-codepoint': number,
  'defer-alps': toggle,

  // NPN.
  'advertise-npn': text,
  'select-next-proto': text,
  'advertise-empty-npn': toggle,
  'select-empty-next-proto': toggle,
  'expect-next-proto': text,
  'expect-no-next-proto': toggle,

  // What another program of the runner's own shim may get wrong; there is none here.
  'allow-hint-mismatch': toggle,

  // Profiles of SRTP are negotiated in DTLS alone (RFC 5764): elsewhere nobody offers or answers them.
  'srtp-profiles': text,

  // QUIC.
  quic: toggle,
  'quic-transport-params': bytes,
  'quic-use-legacy-codepoint': number,
  'expect-quic-transport-params': bytes,
  'quic-early-data-context': text,

  // Extensions of drafts, which the shim brings itself.
  'resumption-across-names-enabled': toggle,
  'expect-resumable-across-names': toggle,
  'expect-not-resumable-across-names': toggle,
  'request-server-padding': number,
  'server-supports-padding': toggle,
  'expect-server-sent-requested-padding': toggle,

  // Policies: configurations that the runner's library has a name for.
  'fips-202205': toggle,
  'wpa-202304': toggle,
  'cnsa-202407': toggle,
  'cnsa1-202603': toggle,
  'cnsa2-202603': toggle,

  // Reserved values and order.
  'enable-grease': toggle,
  'permute-extensions': toggle,
} as const;

/** Flags of the credential that was opened last, or of the default one before any was. */
export const credentialFlags = {
  'cert-file': text,
  'key-file': text,
  'signing-prefs': numbers,
  'ocsp-response': bytes,
  'signed-cert-timestamps': bytes,
  'must-match-issuer': toggle,
  'delegated-credential': bytes,
  'psk-importer-key': bytes,
  'psk-importer-identity': bytes,
  'psk-importer-context': bytes,
  'psk-importer-sha256': toggle,
  'psk-importer-sha384': toggle,
} as const;

/** Flags that open a further credential, and of what kind it is. */
export const newCredentialFlags = {
  'new-x509-credential': 'x509',
  'new-rpk-credential': 'rawPublicKey',
  'new-delegated-credential': 'delegated',
  'new-psk-credential': 'psk',
} as const;

type Values<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

export interface CredentialValues extends Values<typeof credentialFlags> {
  readonly type: (typeof newCredentialFlags)[keyof typeof newCredentialFlags];
}

/** What the flags of one connection say. */
export interface Flags extends Values<typeof connectionFlags> {
  /** Of the flags before any `-new-…-credential`. */
  readonly defaultCredential: CredentialValues;
  readonly credentials: readonly CredentialValues[];
}
