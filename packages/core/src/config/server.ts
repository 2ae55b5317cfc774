import { ApiMisuseError } from '../errors/tls-error.ts';
import { oneOf } from './checks.ts';
import { refuseUnknownOptions } from './option-names.ts';
import { sharedConfig, sharedOptionNames, type SharedConfig, type SharedOptions } from './shared.ts';

/** Who decides among the suites that both sides have. */
export type SuitePreference = 'server' | 'client';

export interface ServerOptions extends SharedOptions {
  /** Whether clients are asked for a certificate, and whether they must have one. Default `none`. */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  /** Whose order of cipher suites counts. Default `server`. */
  readonly cipherSuitePreference?: SuitePreference;
  /** Name our groups in EncryptedExtensions, for the client's next connection (RFC 9846 §4.3.7). Default false. */
  readonly announceGroups?: boolean;
  /** Agree to the max_fragment_length that a client asks for (RFC 6066 §4). Default true. */
  readonly acceptMaxFragmentLength?: boolean;
  /** Send this cookie in a HelloRetryRequest to every client, and demand it back (RFC 9846 §4.3.2); 1 to 65,535 bytes. */
  readonly retryCookie?: Uint8Array;
  /** Extension types of EncryptedExtensions in the wanted order; those not named follow in ours. */
  readonly extensionOrder?: readonly number[];
}

/** A server's options, checked and with every default filled in; serves any number of connections. */
export interface ServerConfig extends SharedConfig {
  readonly role: 'server';
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly cipherSuitePreference: SuitePreference;
  readonly announceGroups: boolean;
  readonly acceptMaxFragmentLength: boolean;
  readonly retryCookie: Uint8Array | undefined;
  readonly extensionOrder: readonly number[];
}

/** `ApiMisuseError` for options that could never work. */
export function serverConfig(options: ServerOptions): ServerConfig {
  refuseUnknownOptions('server', options, serverOptionNames);
  const shared = sharedConfig(options, 'server');
  const cookie = options.retryCookie;
  if (
    cookie !== undefined &&
    (!(cookie instanceof Uint8Array) || cookie.length < 1 || cookie.length > 65_535)
  ) {
    throw new ApiMisuseError('retryCookie must be a Uint8Array of 1 to 65535 bytes');
  }
  return Object.freeze({
    ...shared,
    role: 'server',
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
    acceptMaxFragmentLength: options.acceptMaxFragmentLength ?? true,
    retryCookie: cookie,
    extensionOrder: options.extensionOrder ?? [],
  });
}

/** As `sharedOptionNames`. */
const own: Readonly<Record<Exclude<keyof ServerOptions, keyof SharedOptions>, true>> = {
  acceptMaxFragmentLength: true,
  announceGroups: true,
  cipherSuitePreference: true,
  clientAuthentication: true,
  extensionOrder: true,
  retryCookie: true,
};

export const serverOptionNames: readonly string[] = [...Object.keys(sharedOptionNames), ...Object.keys(own)];
