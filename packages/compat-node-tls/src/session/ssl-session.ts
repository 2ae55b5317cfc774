import { ApiMisuseError } from '@sealwire/core';
import {
  DerWindow,
  derElement,
  derInteger,
  derOctets,
  explicit,
  readInteger,
  readOctets,
  sequence,
} from './der.ts';

/**
 * What OpenSSL keeps of a session: SSL_SESSION, which i2d_SSL_SESSION writes and `openssl sess_id -inform DER` prints. It is in
 * `getSession()`, in the option `session`, in the events `newSession` and `resumeSession`, and inside tickets. Times are in
 * seconds. What is 0 or absent is not written, but for `kexGroup`.
 */
export interface SslSession {
  /** Of TLS, 0x0301 to 0x0304. */
  readonly version: number;
  readonly cipherSuite: number;
  /** Up to 32 bytes; before there is a ticket of TLS 1.3 none. A client that has a ticket makes one up: SHA-256 of the ticket. */
  readonly sessionId: Uint8Array;
  /** The master secret, 48 bytes; in TLS 1.3 the pre-shared key of the ticket, before there is one nothing. */
  readonly masterSecret: Uint8Array;
  /** When it began, or in TLS 1.3 when its ticket was issued or received; since the epoch. */
  readonly time: number;
  /** For how long from then on it is resumed: of a server; a client has a number of its own here. */
  readonly timeout: number;
  /** The peer's own certificate, DER. */
  readonly peer?: Uint8Array | undefined;
  /** Of servers; up to 32 bytes. Clients have none. */
  readonly sessionIdContext: Uint8Array;
  /** X509_V_OK (0), or what was wrong with the peer's chain, X509_V_ERR_…. */
  readonly verifyResult: number;
  /** The server name, one character a byte. */
  readonly hostname?: string | undefined;
  readonly pskIdentityHint?: Uint8Array | undefined;
  readonly pskIdentity?: Uint8Array | undefined;
  /** What the server says of its ticket. */
  readonly ticketLifetimeHint: number;
  readonly ticket?: Uint8Array | undefined;
  /** Of the compression method, which nobody uses. */
  readonly compression?: Uint8Array | undefined;
  readonly srpUsername?: Uint8Array | undefined;
  /** `extendedMasterSecret` and others. */
  readonly flags: number;
  readonly ticketAgeAdd: number;
  readonly maxEarlyData: number;
  /** One character a byte. */
  readonly alpnSelected?: string | undefined;
  /** 1 to 4 (RFC 6066 §4). */
  readonly maxFragmentLengthMode: number;
  readonly ticketAppData?: Uint8Array | undefined;
  /** NamedGroup of the key exchange; 0: none. Absent in what OpenSSL 1.1.1 has written. */
  readonly kexGroup?: number | undefined;
  /** The peer's raw public key, SubjectPublicKeyInfo; since OpenSSL 3.2. */
  readonly peerRawPublicKey?: Uint8Array | undefined;
}

/** SSL_SESS_FLAG_EXTMS: the master secret is bound to its handshake (RFC 7627). */
export const extendedMasterSecretFlag = 1;

/** DER as i2d_SSL_SESSION writes it. `ApiMisuseError` for what could not be read again. */
export function encodeSslSession(session: SslSession): Uint8Array {
  const { version, cipherSuite, sessionId, masterSecret } = session;
  const whole = derElement(
    sequence,
    derInteger(format),
    derInteger(version),
    derOctets(Uint8Array.of(cipherSuite >> 8, cipherSuite & 0xff)),
    derOctets(sessionId),
    derOctets(masterSecret),
    ...fields.flatMap(({ name, number, kind }) => {
      const value = session[name];
      if (value === undefined || (value === 0 && kind.leavesOutZero)) return [];
      return [derElement(explicit(number), kind.write(value as never))];
    }),
  );
  if (decodeSslSession(whole) === undefined)
    throw new ApiMisuseError(
      'an SSL_SESSION has numbers and lengths that OpenSSL reads: one of them is outside',
    );
  return whole;
}

/** `undefined`: it is no such thing, or not exactly as i2d_SSL_SESSION writes it. The result shares nothing with `bytes`. */
export function decodeSslSession(bytes: Uint8Array): SslSession | undefined {
  if (bytes.length > maxBytes) return undefined;
  const outer = new DerWindow(bytes);
  const body = outer.enter(sequence);
  if (body === undefined || !outer.done || readInteger(body) !== format) return undefined;
  const version = readInteger(body);
  const suite = readOctets(body, 2);
  const sessionId = readOctets(body, 32);
  const masterSecret = readOctets(body, maxSecretBytes);
  if (version === undefined || suite?.length !== 2 || sessionId === undefined || masterSecret === undefined)
    return undefined;
  if (version < 0x0301 || version > 0x0304) return undefined;
  const rest = readFields(body);
  if (rest === undefined) return undefined;
  return { ...zeros, version, cipherSuite: suite[0]! * 256 + suite[1]!, sessionId, masterSecret, ...rest };
}

type Rest = Pick<SslSession, 'sessionIdContext'> & Partial<SslSession>;

function readFields(body: DerWindow): Rest | undefined {
  const found: Record<string, unknown> = {};
  for (const { name, number, kind } of fields) {
    if (body.nextTag !== explicit(number)) continue;
    const inner = body.enter(explicit(number));
    const value = inner === undefined ? undefined : kind.read(inner);
    if (value === undefined || inner?.done !== true || (value === 0 && kind.leavesOutZero)) return undefined;
    found[name] = value;
  }
  return body.done && found['sessionIdContext'] !== undefined ? (found as unknown as Rest) : undefined;
}

interface Kind<V> {
  readonly leavesOutZero?: true;
  read(from: DerWindow): V | undefined;
  write(value: V): Uint8Array;
}

const number = (least: number, most: number): Kind<number> => ({
  leavesOutZero: true,
  read(from) {
    const value = readInteger(from);
    return value !== undefined && value >= least && value <= most ? value : undefined;
  },
  write: derInteger,
});

const octets = (most: number): Kind<Uint8Array> => ({
  read: (from) => readOctets(from, most),
  write: derOctets,
});

const text = (most: number): Kind<string> => ({
  read(from) {
    const bytes = readOctets(from, most);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
  },
  write(value) {
    const bytes = Buffer.from(value, 'latin1');
    if (bytes.toString('latin1') !== value)
      throw new ApiMisuseError('the names of an SSL_SESSION have one character a byte');
    return derOctets(bytes);
  },
});

/** A whole element: here a certificate. What is in it is for whoever reads certificates. */
const element: Kind<Uint8Array> = {
  read(from) {
    const whole = from.rest();
    const inside = new DerWindow(whole);
    return inside.enter(sequence) !== undefined && inside.done ? whole : undefined;
  },
  write: (value) => value,
};

/** SSL_SESSION_ASN1_VERSION. */
const format = 1;
/** A certificate chain of a peer may have 100 KB in OpenSSL, a ticket 64. */
const maxBytes = 262_144;
/** TLS13_MAX_RESUMPTION_PSK_LENGTH. */
const maxSecretBytes = 512;
const maxText = 65_535;
const uint32 = /* @__PURE__ */ number(0, 0xffff_ffff);
const int32 = /* @__PURE__ */ number(-0x8000_0000, 0x7fff_ffff);
const int64 = /* @__PURE__ */ number(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const uint64 = /* @__PURE__ */ number(0, Number.MAX_SAFE_INTEGER);
/** Zero is written, too. */
const group: Kind<number> = { read: uint32.read, write: uint32.write };
const longText = /* @__PURE__ */ octets(maxText);

const zeros = {
  time: 0,
  timeout: 0,
  verifyResult: 0,
  ticketLifetimeHint: 0,
  flags: 0,
  ticketAgeAdd: 0,
  maxEarlyData: 0,
  maxFragmentLengthMode: 0,
} as const;

/** The optional ones, in the order in which they stand: `[number] EXPLICIT`. */
const fields: readonly {
  readonly name: keyof SslSession;
  readonly number: number;
  readonly kind: Kind<number> | Kind<string> | Kind<Uint8Array>;
}[] = [
  { name: 'time', number: 1, kind: int64 },
  { name: 'timeout', number: 2, kind: int64 },
  { name: 'peer', number: 3, kind: element },
  { name: 'sessionIdContext', number: 4, kind: octets(32) },
  { name: 'verifyResult', number: 5, kind: int32 },
  { name: 'hostname', number: 6, kind: text(maxText) },
  { name: 'pskIdentityHint', number: 7, kind: longText },
  { name: 'pskIdentity', number: 8, kind: longText },
  { name: 'ticketLifetimeHint', number: 9, kind: uint64 },
  { name: 'ticket', number: 10, kind: longText },
  { name: 'compression', number: 11, kind: octets(1) },
  { name: 'srpUsername', number: 12, kind: longText },
  { name: 'flags', number: 13, kind: uint64 },
  { name: 'ticketAgeAdd', number: 14, kind: uint32 },
  { name: 'maxEarlyData', number: 15, kind: uint32 },
  { name: 'alpnSelected', number: 16, kind: text(255) },
  { name: 'maxFragmentLengthMode', number: 17, kind: uint32 },
  { name: 'ticketAppData', number: 18, kind: longText },
  { name: 'kexGroup', number: 19, kind: group },
  { name: 'peerRawPublicKey', number: 20, kind: octets(maxText) },
];
