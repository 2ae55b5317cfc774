import { ApiMisuseError } from '../errors/tls-error.ts';
import { refuseUnknownOptions } from './option-names.ts';
import { ownOnly } from './own-only.ts';
import { sharedConfig, sharedOptionNames, type SharedConfig, type SharedOptions } from './shared.ts';
import type { TicketKeeper } from '../values/session.ts';
import { oneOf, spelt } from './checks.ts';
import {
  checkedEarlyData,
  checkedSessionIds,
  checkedTickets,
  type EarlyDataGuard,
  type ServerEarlyData,
  type ServerEarlyDataOptions,
  type ServerSessionIds,
  type ServerTickets,
  type SessionIdOptions,
  type TicketOptions,
} from './pre-shared-keys.ts';
import type { ServerEch } from '../machine/ech.ts';
import type { DhParameters } from '../crypto/provider.ts';
import { copyOf } from '../wire/bytes.ts';

/** Who decides among the suites that both sides have. */
export type SuitePreference = 'server' | 'client';

export interface ServerOptions extends SharedOptions {
  /** Whether clients are asked for a certificate, and whether they must have one. Default `none`. */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  /** Whose order of cipher suites counts. Default `server`. */
  readonly cipherSuitePreference?: SuitePreference;
  /** Name our groups in EncryptedExtensions, for the client's next connection (RFC 9846 §4.3.7). Default false. */
  readonly announceGroups?: boolean;
  /**
   * Ask by a HelloRetryRequest for the most wanted of our groups that the client lists, also where it has sent a share of another one
   * that we take (RFC 9846 §4.3.8). It costs a round trip. Default false.
   */
  readonly retryForGroup?: boolean;
  /**
   * Send the change_cipher_spec that makes TLS 1.3 look like a resumption of TLS 1.2 to middleboxes also where the client's session id does
   * not ask for it (RFC 9846 §E.4). Default false.
   */
  readonly alwaysChangeCipherSpec?: boolean;
  /** Agree to the max_fragment_length that a client asks for (RFC 6066 §4). Default true. */
  readonly acceptMaxFragmentLength?: boolean;
  /**
   * The group of Diffie-Hellman in a finite field, TLS 1.2 and older, for clients that name none of RFC 7919: big-endian
   * numbers. `auto`: that of RFC 7919 which is as strong as our certificate's RSA key. Clients that name groups get one of
   * those (RFC 7919 §4); which of them we take, `groups` says, or if it has no such group, all. Default `auto`.
   */
  readonly dhParameters?: DhParameters | 'auto';
  /**
   * Whether clients that name groups of RFC 7919 get one of those, as it demands of servers (§4). False, for applications that
   * are used to servers older than that: `dhParameters` is for all clients, whatever they or `groups` name; a client may refuse
   * it. Default true.
   */
  readonly followDhGroups?: boolean;
  /**
   * TLS 1.2 and older: what helps clients to choose among their pre-shared keys, 1 to 65,535 bytes of UTF-8, readable by
   * onlookers. Default none: "servers SHOULD NOT provide an identity hint" unless a profile gives it a meaning (RFC 4279 §5.2).
   */
  readonly pskIdentityHint?: Uint8Array;
  /** Send this cookie in a HelloRetryRequest to every client, and demand it back (RFC 9846 §4.3.2); 1 to 65,535 bytes. */
  readonly retryCookie?: Uint8Array;
  /** NewSessionTickets, with which clients resume. Default: two after a full handshake; false: none, and nothing is resumed. */
  readonly tickets?: TicketOptions | false;
  /**
   * TLS 1.2 and older: sessions that are kept here under their ids, for clients that take no tickets, and for all with
   * `tickets: false`. Default: none.
   */
  readonly sessionIds?: SessionIdOptions;
  /** 0-RTT data. Default: refused. */
  readonly earlyData?: ServerEarlyDataOptions;
  /**
   * Encrypted Client Hello (RFC 9849): what `serverEch` or `backendEch` of `@sealwire/core/ech` makes. It is looked at
   * before `chooseConfig` is asked, so that the base configuration's counts. Default: none.
   */
  readonly acceptEch?: ServerEch;
  /**
   * Say that the client's server name was used (RFC 6066 §3: an empty `server_name` in our first flight). False, for servers
   * whose choice of certificate and application does not depend on it. Default true.
   */
  readonly acknowledgeServerName?: boolean;
  /** Extension types of EncryptedExtensions in the wanted order; those not named follow in ours. */
  readonly extensionOrder?: readonly number[];
}

/** What a configuration gets from the entry, where the application gives none. */
export interface ServerDefaults {
  keeper(): TicketKeeper;
  /** `opensOnlyOwn`: whether no ticket is older than the keeper. */
  guard(opensOnlyOwn: () => boolean): EarlyDataGuard;
}

/** A server's options, checked and with every default filled in; serves any number of connections. */
export interface ServerConfig extends SharedConfig {
  readonly role: 'server';
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly cipherSuitePreference: SuitePreference;
  readonly announceGroups: boolean;
  readonly retryForGroup: boolean;
  readonly alwaysChangeCipherSpec: boolean;
  readonly acceptMaxFragmentLength: boolean;
  readonly dhParameters: DhParameters | 'auto';
  readonly followDhGroups: boolean;
  readonly pskIdentityHint: Uint8Array | undefined;
  readonly retryCookie: Uint8Array | undefined;
  readonly tickets: ServerTickets | undefined;
  readonly sessionIds: ServerSessionIds | undefined;
  readonly earlyData: ServerEarlyData | undefined;
  readonly acceptEch: ServerEch | undefined;
  readonly acknowledgeServerName: boolean;
  readonly extensionOrder: readonly number[];
}

/** `ApiMisuseError` for options that could never work. */
export function serverConfig(given: ServerOptions, defaults: ServerDefaults): ServerConfig {
  refuseUnknownOptions('server', given, serverOptionNames);
  const options = ownOnly(given);
  const shared = sharedConfig(options, 'server');
  const kept = tickets(options, defaults);
  return Object.freeze({
    role: 'server',
    ...shared,
    clientAuthentication: oneOf(
      'clientAuthentication',
      ['none', 'request', 'require'],
      options.clientAuthentication,
    ),
    cipherSuitePreference: oneOf(
      'cipherSuitePreference',
      ['server', 'client'],
      options.cipherSuitePreference,
    ),
    announceGroups: options.announceGroups ?? false,
    retryForGroup: options.retryForGroup ?? false,
    alwaysChangeCipherSpec: options.alwaysChangeCipherSpec ?? false,
    acceptMaxFragmentLength: options.acceptMaxFragmentLength ?? true,
    dhParameters: checkedDhParameters(options),
    followDhGroups: options.followDhGroups ?? true,
    pskIdentityHint: checkedBytes('pskIdentityHint', options.pskIdentityHint),
    retryCookie: checkedBytes('retryCookie', options.retryCookie),
    tickets: kept,
    sessionIds: checkedSessionIds(options.sessionIds, options.answers),
    earlyData: earlyData(options, kept, defaults),
    acceptEch: checkedEch(options.acceptEch),
    acknowledgeServerName: options.acknowledgeServerName ?? true,
    extensionOrder: options.extensionOrder ?? [],
  });
}

/** As `sharedOptionNames`. */
const own: Readonly<Record<Exclude<keyof ServerOptions, keyof SharedOptions>, true>> = {
  acceptEch: true,
  acceptMaxFragmentLength: true,
  acknowledgeServerName: true,
  alwaysChangeCipherSpec: true,
  announceGroups: true,
  cipherSuitePreference: true,
  clientAuthentication: true,
  dhParameters: true,
  earlyData: true,
  extensionOrder: true,
  followDhGroups: true,
  pskIdentityHint: true,
  retryCookie: true,
  retryForGroup: true,
  sessionIds: true,
  tickets: true,
};

export const serverOptionNames: readonly string[] = [...Object.keys(sharedOptionNames), ...Object.keys(own)];

function tickets(
  { tickets: given = {} }: ServerOptions,
  defaults: ServerDefaults,
): ServerTickets | undefined {
  if (given === false) return undefined;
  if (typeof given !== 'object' || given === null)
    throw new ApiMisuseError(`tickets must be an object of options or false, got ${spelt(given)}`);
  return checkedTickets({ ...given, keeper: given.keeper ?? defaults.keeper() });
}

function earlyData(
  { earlyData: given, answers }: ServerOptions,
  kept: ServerTickets | undefined,
  defaults: ServerDefaults,
): ServerEarlyData | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null)
    throw new ApiMisuseError(`earlyData must be { maxBytes, … }, got ${spelt(given)}`);
  // Who opens tickets himself may have them from anywhere.
  const opensOnlyOwn = () => answers?.openTicket === undefined && kept?.keeper.opensOnlyOwn === true;
  return checkedEarlyData({ ...given, guard: given.guard ?? defaults.guard(opensOnlyOwn) });
}

/** What is sent behind a length of 16 bits, if it is. */
function checkedBytes(name: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined) return bytes;
  if (bytes instanceof Uint8Array && bytes.length >= 1 && bytes.length <= 65_535) return bytes;
  throw new ApiMisuseError(`${name} must be a Uint8Array of 1 to 65535 bytes`);
}

function checkedDhParameters({ dhParameters = 'auto', provider }: ServerOptions): DhParameters | 'auto' {
  if (dhParameters === 'auto') return dhParameters;
  const { prime, generator } = dhParameters ?? {};
  if (!(prime instanceof Uint8Array) || !(generator instanceof Uint8Array))
    throw new ApiMisuseError(`dhParameters must be 'auto' or { prime: Uint8Array, generator: Uint8Array }`);
  if (provider.dh?.(dhParameters) === undefined)
    throw new ApiMisuseError(`dhParameters are none that the provider ${provider.name} takes`);
  return { prime: copyOf(prime), generator: copyOf(generator) };
}

function checkedEch(ech: ServerEch | undefined): ServerEch | undefined {
  if (ech === undefined || typeof ech.receive === 'function') return ech;
  throw new ApiMisuseError(`acceptEch must be what serverEch or backendEch makes, got ${spelt(ech)}`);
}
