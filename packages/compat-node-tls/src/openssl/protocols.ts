import { protocolVersions, type ProtocolVersion } from '@sealwire/core';
import { format } from 'node:util';
import type { Refusal } from './refusal.ts';

/** The bounds that a context begins with; a `min` above the `max` is possible, and no handshake comes of it. */
export interface VersionRange {
  readonly min: ProtocolVersion;
  readonly max: ProtocolVersion;
}

export interface VersionOptions {
  readonly secureProtocol?: unknown;
  readonly minVersion?: unknown;
  readonly maxVersion?: unknown;
}

/** `tls.DEFAULT_MIN_VERSION` and `tls.DEFAULT_MAX_VERSION`, as they are when the context is made. */
export interface VersionDefaults {
  readonly minVersion: unknown;
  readonly maxVersion: unknown;
}

/**
 * The versions that the options ask for, in the order in which Node looks at them: a conflict, then the two names (the defaults
 * as well, even where a `secureProtocol` makes them meaningless), then the method of OpenSSL.
 */
export function versionRange(options: VersionOptions, defaults: VersionDefaults): VersionRange | Refusal {
  const { secureProtocol, minVersion, maxVersion } = options;
  const given = minVersion ?? maxVersion;
  if (secureProtocol && given !== undefined && given !== null) {
    return nodeRefusal(
      'ERR_TLS_PROTOCOL_VERSION_CONFLICT',
      `TLS protocol version ${inJson(given)} conflicts with secureProtocol ${inJson(secureProtocol)}`,
    );
  }
  const min = versionNamed(minVersion ?? defaults.minVersion);
  if (min === undefined) return invalidVersion(minVersion ?? defaults.minVersion, 'minimum');
  const max = versionNamed(maxVersion ?? defaults.maxVersion);
  if (max === undefined) return invalidVersion(maxVersion ?? defaults.maxVersion, 'maximum');
  // What is no string Node does not look at.
  return typeof secureProtocol === 'string' ? rangeOfMethod(secureProtocol, min) : { min, max };
}

/** `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`; anything else is no name of a version. */
export function versionNamed(name: unknown): ProtocolVersion | undefined {
  return typeof name === 'string' ? names.get(name) : undefined;
}

/** The name that `getProtocol()` shows. */
export function nameOfVersion(version: ProtocolVersion): string | undefined {
  return [...names].find(([, number]) => number === version)?.[0];
}

/** Names like SSL_CTX_new(3) has: `TLSv1_2_method`, `TLSv1_2_client_method`, `TLSv1_2_server_method`; Node takes any of the three on both sides. */
function rangeOfMethod(method: string, min: ProtocolVersion): VersionRange | Refusal {
  const family = /^(.*?)(?:_client|_server)?_method$/s.exec(method)?.[1];
  switch (family) {
    case 'TLS':
      return { min: tls10, max: tls13 };
    // "The highest that both support", in the days when that was 1.2; the lower bound stays what it is.
    case 'SSLv23':
      return { min, max: tls12 };
    case 'TLSv1':
      return { min: tls10, max: tls10 };
    case 'TLSv1_1':
      return { min: tls11, max: tls11 };
    case 'TLSv1_2':
      return { min: tls12, max: tls12 };
    case 'SSLv2':
    case 'SSLv3':
      return nodeRefusal(invalidMethod, `${family} methods disabled`);
    default:
      return nodeRefusal(invalidMethod, `Unknown method: ${method}`);
  }
}

function invalidVersion(version: unknown, which: 'minimum' | 'maximum'): Refusal {
  return nodeRefusal(
    'ERR_TLS_INVALID_PROTOCOL_VERSION',
    `${inJson(version)} is not a valid ${which} TLS protocol version`,
  );
}

function nodeRefusal(code: string, message: string): Refusal {
  return { refused: 'node', isNative: code === invalidMethod, type: 'TypeError', code, message };
}

/** As `%j` of `util.format` shows it. */
function inJson(value: unknown): string {
  return format('%j', value);
}

/** Which the C++ of Node finds. */
const invalidMethod = 'ERR_TLS_INVALID_PROTOCOL_METHOD';

const { tls10, tls11, tls12, tls13 } = protocolVersions;

const names: ReadonlyMap<string, ProtocolVersion> = new Map([
  ['TLSv1', tls10],
  ['TLSv1.1', tls11],
  ['TLSv1.2', tls12],
  ['TLSv1.3', tls13],
]);
