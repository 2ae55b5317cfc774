import { ApiMisuseError } from '../errors/tls-error.ts';
import { maxFragmentLengths, type MaxFragmentLength } from '../extensions/max-fragment-length.ts';
import type { ClientEch } from '../machine/ech.ts';
import type { NamedGroup } from '../registry/groups.ts';
import type { CertificateTypeName } from '../values/credential.ts';
import { arrayOr, oneOf, registered, spelt } from './checks.ts';
import { checkedCertificateTypes } from './credentials.ts';
import { markDerived } from './base-of.ts';
import { defaultKeyShares } from './defaults.ts';
import { refuseUnknownOptions } from './option-names.ts';
import { ownOnly } from './own-only.ts';
import { sharedConfig, sharedOptionNames, type SharedConfig, type SharedOptions } from './shared.ts';
import type { Session } from '../values/session.ts';
import { checkedSessions } from './pre-shared-keys.ts';

/** Whether a client of TLS 1.2 sends data before it has heard the server's Finished (RFC 7918). */
export type FalseStart = 'never' | 'withAlpn' | 'always';

export interface ClientOptions extends SharedOptions {
  /**
   * The name that the server's certificate must carry: a DNS name or an IP address. Also what is sent as SNI,
   * if it is a DNS name. Absent: no name is sent or expected, and whoever answers `verifyPeer` must know why.
   */
  readonly serverName?: string;
  /**
   * What we can present as a certificate, most wanted first: `x509`, `rawPublicKey` (RFC 7250). Default: the types of
   * `credentials`; for applications that answer `selectCertificate` themselves.
   */
  readonly ownCertificateTypes?: readonly CertificateTypeName[];
  /** The DNS name to send as SNI in place of `serverName`; false: none. */
  readonly sni?: string | false;
  /** The groups to send key shares of, a subset of `groups` in its order. Default: see `defaultKeyShares`. */
  readonly keyShares?: readonly NamedGroup[];
  /** Ask for a stapled OCSP response (RFC 6066 §8). Default false. */
  readonly requestOcsp?: boolean;
  /**
   * TLS 1.2 and older: ask for tickets to resume with (RFC 5077). False: sessions are resumed by the ids alone under which
   * servers keep them, and those that came with a ticket are not. Default true.
   */
  readonly requestTickets?: boolean;
  /**
   * TLS 1.2 and older: refuse servers that do not know secure renegotiation (RFC 5746 §4.1). One that does not could be made to splice
   * our handshake into a connection of somebody else's, and we could not tell. False: speak to it all the same, and never
   * renegotiate with it. Default true.
   */
  readonly requireSecureRenegotiation?: boolean;
  /**
   * TLS 1.2 and older: renegotiate even with servers that do not know secure renegotiation, where both sides want to. Dangerous:
   * nothing ties such a handshake to the one before it, so that what came before may have been somebody else's
   * (CVE-2009-3555), and clients are to refuse (RFC 5746 §4.2). Only with `requireSecureRenegotiation: false`. Default false.
   */
  readonly allowInsecureRenegotiation?: boolean;
  /**
   * TLS 1.2: take application data right after our Finished, a round trip before the server's (RFC 7918): output `writable` as
   * `falseStart`. Only in a first handshake, with AEAD and ECDHE and a certificate that `verifyPeer` has accepted; and with
   * `withAlpn` only where ALPN or NPN has agreed on a protocol, because older servers may not cope. Somebody between who has
   * weakened what was offered is found out only when the server's Finished comes, after the data has left. Default `never`.
   */
  readonly falseStart?: FalseStart;
  /**
   * TLS 1.2 and older: this is a second attempt, with fewer versions, after one with more has failed. A server that knows of a newer
   * version both have then refuses, because somebody between must have made the first attempt fail (RFC 7507). Default false.
   */
  readonly signalFallback?: boolean;
  /**
   * Take an application protocol that the server selects although we have not offered it, where we have offered some; against RFC
   * 7301 §3.1, for applications that look at `facts.alpnProtocol` themselves. Default false.
   */
  readonly acceptUnofferedAlpn?: boolean;
  /** Ask for SignedCertificateTimestamps (RFC 6962 §3.3.1). Default false. */
  readonly requestScts?: boolean;
  /**
   * Let the server ask for our certificate after the handshake (RFC 9846 §4.3.6): each request becomes a decision that
   * holds up nothing. Default false.
   */
  readonly postHandshakeAuth?: boolean;
  /** Look like a TLS 1.2 resumption to middleboxes (RFC 9846 §E.4). Default true. */
  readonly middleboxCompatibility?: boolean;
  /** Pad a ClientHello of 256 to 511 bytes to 512, which some old servers need (RFC 7685 §4). Default false. */
  readonly padHello?: boolean;
  /**
   * Ask for records of at most so many bytes of content in both directions (RFC 6066 §4), for a client with little
   * memory. Servers that know record_size_limit look at `recordSizeLimit` alone. Absent: not asked.
   */
  readonly maxFragmentLength?: MaxFragmentLength;
  /**
   * The smallest prime of Diffie-Hellman in a finite field that a server may choose, in bits: 512 to 16,384 (of more
   * than 8,192 none can be used). TLS 1.2 and older, and only with suites that `cipherSuites` names. Default 2,048; smaller
   * ones have been broken, or could be.
   */
  readonly minDhBits?: number;
  /**
   * Speak only to servers that know one of our external pre-shared keys, or resume a session: one that would prove itself by a
   * certificate is refused. For clients that have nobody to trust otherwise. Default false.
   */
  readonly requirePsk?: boolean;
  /** Sessions to resume, most wanted first; the default answer to `chooseSession`. One that a connection has offered should not be offered again. */
  readonly sessions?: readonly Session[];
  /**
   * Whether to send 0-RTT data where the first session or external key allows it: output `writable` as `early`. Such
   * data may be replayed, and is not forward secret (RFC 9846 §2.3). Default false.
   */
  readonly sendEarlyData?: boolean;
  /**
   * Encrypted Client Hello (RFC 9849): what `clientEch` or `greaseEch` of `@sealwire/core/ech` makes. If the server
   * cannot decrypt the hello, the connection ends with `incompatible.encryptedHelloRejected`, whose `retryConfigs` are
   * for the next attempt; `verifyPeer` is then asked about the public name. The same where the server selects an older
   * version, which has nothing like it: such versions stand in the outer hello alone. Default: none.
   */
  readonly ech?: ClientEch;
  /** Extension types of the ClientHello in the wanted order; those not named follow in ours. */
  readonly extensionOrder?: readonly number[];
  /**
   * Draw the order of the extensions that `extensionOrder` does not name, for each connection anew, so that no
   * middlebox or server learns to rely on one; pre_shared_key stays last. Default false.
   */
  readonly permuteExtensions?: boolean;
}

/** A client's options, checked and with every default filled in; may serve any number of connections. */
export interface ClientConfig extends SharedConfig {
  readonly role: 'client';
  readonly serverName: string | undefined;
  readonly sni: string | undefined;
  readonly ownCertificateTypes: readonly CertificateTypeName[];
  readonly keyShares: readonly NamedGroup[];
  readonly requestOcsp: boolean;
  readonly requestScts: boolean;
  readonly requestTickets: boolean;
  readonly requireSecureRenegotiation: boolean;
  readonly allowInsecureRenegotiation: boolean;
  readonly falseStart: FalseStart;
  readonly signalFallback: boolean;
  readonly acceptUnofferedAlpn: boolean;
  readonly postHandshakeAuth: boolean;
  readonly middleboxCompatibility: boolean;
  readonly padHello: boolean;
  readonly maxFragmentLength: MaxFragmentLength | undefined;
  readonly minDhBits: number;
  readonly requirePsk: boolean;
  readonly sessions: readonly Session[];
  readonly sendEarlyData: boolean;
  readonly ech: ClientEch | undefined;
  readonly extensionOrder: readonly number[];
  readonly permuteExtensions: boolean;
}

/** `ApiMisuseError` for options that could never work. */
export function clientConfig(given: ClientOptions): ClientConfig {
  refuseUnknownOptions('client', given, clientOptionNames);
  const options = ownOnly(given);
  const shared = sharedConfig(options, 'client');
  const keyShares = checkedKeyShares(options.keyShares, shared);
  return Object.freeze({
    // A spread before the first name would give each object a shape of its own, and all that reads it would search it.
    role: 'client',
    ...shared,
    serverName: options.serverName,
    sni: sniOf(options),
    ownCertificateTypes: checkedCertificateTypes(
      'ownCertificateTypes',
      options.ownCertificateTypes,
      shared.credentials.length === 0 ? ['x509'] : shared.credentials.map(({ type }) => type),
    ),
    keyShares,
    requestOcsp: options.requestOcsp ?? false,
    requestScts: options.requestScts ?? false,
    requestTickets: options.requestTickets ?? true,
    requireSecureRenegotiation: options.requireSecureRenegotiation ?? true,
    allowInsecureRenegotiation: checkedInsecurity(options),
    falseStart: oneOf('falseStart', ['never', 'withAlpn', 'always'], options.falseStart),
    signalFallback: options.signalFallback ?? false,
    acceptUnofferedAlpn: options.acceptUnofferedAlpn ?? false,
    postHandshakeAuth: options.postHandshakeAuth ?? false,
    middleboxCompatibility: options.middleboxCompatibility ?? true,
    padHello: options.padHello ?? false,
    maxFragmentLength: checkedFragmentLength(options.maxFragmentLength),
    minDhBits: checkedDhBits(options.minDhBits),
    requirePsk: options.requirePsk ?? false,
    sessions: checkedSessions(options.sessions),
    sendEarlyData: options.sendEarlyData ?? false,
    ech: checkedEch(options.ech, shared),
    extensionOrder: options.extensionOrder ?? [],
    permuteExtensions: options.permuteExtensions ?? false,
  });
}

/**
 * The same configuration for a connection that offers these sessions, and 0-RTT data or not: for whoever connects again and
 * again, since nothing else is checked anew. `ApiMisuseError` for what are no sessions.
 */
export function withSessions(
  config: ClientConfig,
  sessions: readonly Session[] | undefined,
  sendEarlyData = false,
): ClientConfig {
  // A copy as a whole has the shape at once; name by name it would grow through some fifty.
  const copy: { -readonly [K in keyof ClientConfig]: ClientConfig[K] } = { ...config };
  copy.sessions = checkedSessions(sessions);
  copy.sendEarlyData = sendEarlyData === true;
  markDerived(copy, config);
  return Object.freeze(copy);
}

/** Only versions from TLS 1.3 on send shares in the hello. */
function checkedKeyShares(
  given: readonly NamedGroup[] | undefined,
  { groups, versions, provider }: SharedConfig,
): readonly NamedGroup[] {
  const takeShares = versions.filter(({ isLegacy }) => !isLegacy);
  const usable = groups.filter((group) => takeShares.some((each) => each.supportsGroup(group, provider)));
  const keyShares = arrayOr('keyShares', given, defaultKeyShares(usable));
  const unlisted = keyShares.find((group) => !groups.includes(group));
  if (unlisted !== undefined)
    throw new ApiMisuseError(`key share ${registered(unlisted)} is of a group that is not in groups`);
  const older = keyShares.find((group) => takeShares.length > 0 && !usable.includes(group));
  if (older === undefined) return keyShares;
  throw new ApiMisuseError(`key share ${registered(older)} is of a group that TLS 1.3 does not have`);
}

function checkedFragmentLength(bytes: MaxFragmentLength | undefined): MaxFragmentLength | undefined {
  if (bytes === undefined || maxFragmentLengths.includes(bytes)) return bytes;
  throw new ApiMisuseError(`maxFragmentLength must be ${maxFragmentLengths.join(', ')}, got ${spelt(bytes)}`);
}

function checkedDhBits(bits = 2048): number {
  if (Number.isSafeInteger(bits) && bits >= 512 && bits <= 16_384) return bits;
  throw new ApiMisuseError(`minDhBits must be an integer from 512 to 16384, got ${spelt(bits)}`);
}

/** RFC 9849 §6.1: both hellos offer TLS 1.3; older versions are for those outside, who are told nothing. */
function checkedEch(ech: ClientEch | undefined, { versions }: SharedConfig): ClientEch | undefined {
  if (ech === undefined) return undefined;
  if (typeof ech.begin !== 'function')
    throw new ApiMisuseError(`ech must be what clientEch or greaseEch makes, got ${spelt(ech)}`);
  if (ech.canEncrypt && versions.every(({ isLegacy }) => isLegacy))
    throw new ApiMisuseError('ech encrypts hellos of TLS 1.3: expected it among versions');
  return ech;
}

/** RFC 6066 §3: DNS names only, without a trailing dot; literal addresses are not sent. */
function sniOf({ sni, serverName }: ClientOptions): string | undefined {
  if (sni === false) return undefined;
  const name = sni ?? serverName;
  if (name === undefined) return undefined;
  if (typeof name !== 'string')
    throw new ApiMisuseError(`expected a server name as a string, got ${spelt(name)}`);
  if (isAddress(name)) return undefined;
  const withoutDot = name.endsWith('.') ? name.slice(0, -1) : name;
  if (!/^[\x21-\x7e]{1,253}$/.test(withoutDot)) {
    throw new ApiMisuseError(`expected a DNS name in ASCII (A-labels), got ${JSON.stringify(name)}`);
  }
  return withoutDot;
}

/** Who insists on secure renegotiation wants no other. */
function checkedInsecurity({
  requireSecureRenegotiation: isRequired = true,
  allowInsecureRenegotiation: isAllowed = false,
}: ClientOptions): boolean {
  if (isRequired && isAllowed)
    throw new ApiMisuseError('allowInsecureRenegotiation needs requireSecureRenegotiation: false');
  return isAllowed;
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/** As `sharedOptionNames`. */
const own: Readonly<Record<Exclude<keyof ClientOptions, keyof SharedOptions>, true>> = {
  acceptUnofferedAlpn: true,
  allowInsecureRenegotiation: true,
  ech: true,
  extensionOrder: true,
  falseStart: true,
  keyShares: true,
  maxFragmentLength: true,
  middleboxCompatibility: true,
  minDhBits: true,
  ownCertificateTypes: true,
  padHello: true,
  permuteExtensions: true,
  postHandshakeAuth: true,
  requestOcsp: true,
  requestScts: true,
  requestTickets: true,
  requirePsk: true,
  requireSecureRenegotiation: true,
  sendEarlyData: true,
  serverName: true,
  sessions: true,
  signalFallback: true,
  sni: true,
};

export const clientOptionNames: readonly string[] = [...Object.keys(sharedOptionNames), ...Object.keys(own)];
