import { protocolVersions, type ProtocolVersion } from '@sealwire/core';

/** What the bits of `secureOptions` (SSL_CTX_set_options(3), `SSL_OP_*` of `crypto.constants`) mean for a stack that is not OpenSSL. */
export interface SecureOptions {
  /** SSL_OP_NO_TLSv1 … SSL_OP_NO_TLSv1_3: versions that are not spoken, whatever the bounds are. */
  readonly disabledVersions: readonly ProtocolVersion[];
  /** SSL_OP_CIPHER_SERVER_PREFERENCE: the server chooses suites and groups in its own order (`honorCipherOrder` sets it). */
  readonly prefersOwnOrder: boolean;
  /** SSL_OP_PRIORITIZE_CHACHA: a server with its own order takes ChaCha20 from a client that prefers it to everything else. */
  readonly prioritizesChacha: boolean;
  /** SSL_OP_NO_TICKET: no tickets of TLS 1.2; in TLS 1.3 the server's tickets name a session that it keeps. */
  readonly avoidsTickets: boolean;
  /** SSL_OP_NO_RENEGOTIATION: the peer's wish is refused; own wishes are not. */
  readonly refusesRenegotiation: boolean;
  /**
   * SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION: as `allowsUnsafeServers`, and a client renegotiates with them, in no safe way
   * (CVE-2009-3555). A server, which it also speaks of, does not: clients of our days all know RFC 5746.
   */
  readonly allowsUnsafeRenegotiation: boolean;
  /** SSL_OP_LEGACY_SERVER_CONNECT: a client connects to servers without RFC 5746, and does not renegotiate with them. */
  readonly allowsUnsafeServers: boolean;
  /** SSL_OP_NO_ENCRYPT_THEN_MAC: RFC 7366 is neither offered nor accepted. */
  readonly avoidsEncryptThenMac: boolean;
  /** SSL_OP_ALLOW_NO_DHE_KEX: pre-shared keys of TLS 1.3 without a key exchange (`psk_ke`). */
  readonly allowsPskAlone: boolean;
  /** SSL_OP_TLSEXT_PADDING, a part of SSL_OP_ALL: a ClientHello of 256 to 511 bytes is padded to 512. */
  readonly padsHello: boolean;
}

/**
 * Bits that Node's `crypto.constants` names but that change nothing here, each for its reason; bits without a name there are
 * without effect as well. Of these the one that somebody might miss is SSL_OP_NO_EXTENDED_MASTER_SECRET: without RFC 7627 sessions are
 * not bound to their handshake, and peers that do not know it are spoken to anyway.
 */
export const optionsWithoutEffect: Readonly<Record<string, string>> = {
  SSL_OP_NO_SSLv2: 'no bit at all any more',
  SSL_OP_NO_SSLv3: 'SSL 3.0 is not implemented',
  SSL_OP_NO_COMPRESSION: 'TLS compression is not implemented',
  SSL_OP_COOKIE_EXCHANGE: 'belongs to DTLS',
  SSL_OP_NO_QUERY_MTU: 'belongs to DTLS',
  SSL_OP_CISCO_ANYCONNECT: 'belongs to DTLS before it was a standard',
  SSL_OP_CRYPTOPRO_TLSEXT_BUG: 'belongs to suites with GOST, which are not implemented',
  SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION: 'another handshake resumes nothing here, whatever it says',
  SSL_OP_TLS_ROLLBACK_BUG:
    'is for clients older than TLS 1.0; whether a version is the right one must not be seen from outside (RFC 5246 §7.4.7.1)',
  SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS:
    'TLS 1.0 is kept from BEAST by a record of one byte, where OpenSSL sends an empty one that some peers do not take',
};

/** `bits` as the caller gave them: negative numbers and such beyond 32 bits count modulo 2³², as in Node. */
export function secureOptions(bits: number): SecureOptions {
  // The operators of JavaScript take numbers modulo 2³² themselves.
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    disabledVersions: versionBits.filter(([bit]) => has(bit)).map(([, version]) => version),
    prefersOwnOrder: has(0x0040_0000),
    prioritizesChacha: has(0x0020_0000),
    avoidsTickets: has(0x0000_4000),
    refusesRenegotiation: has(0x4000_0000),
    allowsUnsafeRenegotiation: has(0x0004_0000),
    allowsUnsafeServers: has(0x0000_0004),
    avoidsEncryptThenMac: has(0x0008_0000),
    allowsPskAlone: has(0x0000_0400),
    padsHello: has(0x0000_0010),
  };
}

const versionBits: readonly (readonly [bit: number, ProtocolVersion])[] = [
  [0x0400_0000, protocolVersions.tls10],
  [0x1000_0000, protocolVersions.tls11],
  [0x0800_0000, protocolVersions.tls12],
  [0x2000_0000, protocolVersions.tls13],
];
