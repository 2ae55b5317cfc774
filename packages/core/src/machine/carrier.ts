import { suites13, type CipherSuite } from '../registry/suites13.ts';

/**
 * What carries the messages of a handshake, and what of TLS that changes: data, so that no handler asks for a carrier by
 * its name.
 */
export interface Carrier {
  /** Messages stand in records, whose size both sides may agree on (RFC 8449, RFC 6066 §4). */
  readonly hasRecords: boolean;
  /** Versions before TLS 1.3 may be spoken. */
  readonly hasOlderVersions: boolean;
  /** A client may look like TLS 1.2 to middleboxes (RFC 9846 §E.4). */
  readonly compatibilityMode: boolean;
  /** EndOfEarlyData ends 0-RTT data, which until then has the place of the client's handshake keys. */
  readonly endOfEarlyData: boolean;
  /** Keys change by KeyUpdate (RFC 9846 §4.7.3). */
  readonly keyUpdateMessage: boolean;
  /** Clients may be asked for a certificate after the handshake (RFC 9846 §4.7.2). */
  readonly postHandshakeAuth: boolean;
  /** What early_data says in a ticket; absent: how many bytes may be sent. */
  readonly earlyDataSize?: number;
  /** Whether the application's bytes in a session stay those of the first connection when it is resumed; if not, each connection has its own. */
  readonly keepsApplicationData: boolean;
  /** Both sides must agree on an application protocol. */
  readonly requiresAlpn: boolean;
  /** Suites that do not do here. */
  readonly excludedSuites: readonly CipherSuite[];
  /** Stands in front of the context of sessions, which are of one carrier alone: those of a hello, and those that are made. */
  readonly sessionMark: (of: 'offered' | 'made') => readonly number[];
  /** `quic_transport_parameters`; absent: nobody may send them. A server's may depend on the client's. */
  readonly transportParameters?: (ofClient: Uint8Array | undefined) => Uint8Array;
}

/** TLS over a byte stream (RFC 9846 §1). */
export const streamCarrier: Carrier = {
  hasRecords: true,
  hasOlderVersions: true,
  compatibilityMode: true,
  endOfEarlyData: true,
  keyUpdateMessage: true,
  postHandshakeAuth: true,
  keepsApplicationData: true,
  requiresAlpn: false,
  excludedSuites: [],
  sessionMark: () => [],
};

/** Versions of QUIC: that of the first packets, and that in which the connection goes on (RFC 9368 §2.3). */
export interface CarriedVersions {
  readonly original: number;
  negotiated: number;
}

/** TLS for QUIC (RFC 9001). */
export function quicCarrier(
  transportParameters: NonNullable<Carrier['transportParameters']>,
  versions: CarriedVersions,
): Carrier {
  return {
    ...quic,
    transportParameters,
    // RFC 9369 §5: "TLS session tickets and NEW_TOKEN tokens are specific to the QUIC version of the connection that provided them."
    sessionMark: (of) => quicMark(of === 'offered' ? versions.original : versions.negotiated),
  };
}

function quicMark(version: number): readonly number[] {
  return [0x51, version >>> 24, (version >>> 16) & 0xff, (version >>> 8) & 0xff, version & 0xff];
}

const quic: Omit<Carrier, 'sessionMark'> = {
  hasRecords: false,
  // RFC 9001 §4.2: "Clients MUST NOT offer TLS versions older than 1.3."
  hasOlderVersions: false,
  // RFC 9001 §8.4.
  compatibilityMode: false,
  // RFC 9001 §8.3.
  endOfEarlyData: false,
  // RFC 9001 §6: packets say by a bit which keys they have.
  keyUpdateMessage: false,
  // RFC 9001 §4.4.
  postHandshakeAuth: false,
  // RFC 9001 §4.6.1: how much may be sent is for initial_max_data to say.
  earlyDataSize: 0xffff_ffff,
  // RFC 9001 §4.6: what a server remembers for 0-RTT is of the connection that issued the ticket (RFC 9000 §7.4.1).
  keepsApplicationData: false,
  // RFC 9001 §8.1.
  requiresAlpn: true,
  // RFC 9001 §5.3: it has no header protection.
  excludedSuites: [suites13.TLS_AES_128_CCM_8_SHA256],
};
