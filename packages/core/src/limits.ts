/**
 * Every bound that a peer can run into: unit, default, reason, and whose constant it matches.
 * Each is a field of the configuration's `limits`, so that an application can tighten or widen it.
 */
export interface Limits {
  /** Bytes of one handshake message except Certificate. 64 KiB: room for post-quantum key shares; OpenSSL accepts 131,396 for a ClientHello, rustls 65,535. */
  readonly handshakeMessageBytes: number;
  /** Bytes of one Certificate message. 100 KiB: `max_cert_list` of OpenSSL is 102,400. */
  readonly certificateMessageBytes: number;
  /** Entries of one Certificate message. OpenSSL verifies at most 100 intermediates. */
  readonly certificateEntries: number;
  /** Extensions of one ClientHello, and what it lists beside numbers: key shares, protocols, authorities, responders, pre-shared keys and their binders, all together. 1,024: browsers send 30, and a hello full of authorities has some 600. */
  readonly helloEntries: number;
  /** Empty application-data or padding-only records in a row. 32: `kMaxEmptyRecords` of BoringSSL. */
  readonly emptyRecords: number;
  /** Warning alerts in a row. 4: `kMaxWarningAlerts` of BoringSSL. */
  readonly warningAlerts: number;
  /** KeyUpdates without application data in between. 32: `kMaxKeyUpdates` of BoringSSL. */
  readonly keyUpdates: number;
  /** Post-handshake messages but KeyUpdates without application data in between. 32, as rustls. */
  readonly postHandshakeMessages: number;
  /** HelloRequests during a handshake, which a client of TLS 1.2 ignores (RFC 5246 §7.4.1.1), without application data in between. 32, like post-handshake messages; 0: the first ends the connection. */
  readonly helloRequests: number;
  /** change_cipher_spec records in compatibility mode, in one handshake. RFC 9846 §5 does not bound them; 2 suffice for every known peer, 32 is BoringSSL's. */
  readonly changeCipherSpecs: number;
  /** PSK identities of one ClientHello that are looked at; the rest is ignored. 16: clients offer one or two, and each may cost an attempt to open it. */
  readonly pskIdentities: number;
  /** Sessions and external keys that a client offers at most. 8: more would only lengthen its hello. */
  readonly offeredPsks: number;
  /** Bytes of 0-RTT records that a server skips when it has refused them, beside what it would accept. 16,384: `kMaxEarlyDataSkipped` of BoringSSL. */
  readonly skippedEarlyDataBytes: number;
  /** Tasks open at once after the handshake: tickets being sealed, certificates being chosen. 32, like post-handshake messages. */
  readonly postHandshakeTasks: number;
  /** Bytes of input kept while a decision is pending. 1 MiB: far above one flight, far below harm. */
  readonly heldInputBytes: number;
  /** Records sealed under one key before it is updated, its KeyUpdate included: at least 2. The AEAD's own limit (RFC 9846 §5.5) counts as well. Default: that one alone. */
  readonly recordsPerKey: number;
  /** Bytes of content sealed under one key before it is updated, counted in whole records. Default: no bound but that of the records. */
  readonly bytesPerKey: number;
}

export const defaultLimits: Limits = {
  handshakeMessageBytes: 65_536,
  certificateMessageBytes: 102_400,
  certificateEntries: 100,
  helloEntries: 1_024,
  emptyRecords: 32,
  warningAlerts: 4,
  keyUpdates: 32,
  postHandshakeMessages: 32,
  helloRequests: 32,
  changeCipherSpecs: 32,
  pskIdentities: 16,
  offeredPsks: 8,
  skippedEarlyDataBytes: 16_384,
  postHandshakeTasks: 32,
  heldInputBytes: 1_048_576,
  recordsPerKey: Number.POSITIVE_INFINITY,
  bytesPerKey: Number.POSITIVE_INFINITY,
};
