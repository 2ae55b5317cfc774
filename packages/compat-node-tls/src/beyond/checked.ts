import { ApiMisuseError, ownOnly, refuseUnknownOptions, signatureSchemes } from '@sealwire/core';
import type {
  SealwireClientOptions,
  SealwireContextOptions,
  SealwireOptions,
  SealwireServerOptions,
} from './options.ts';

/**
 * The option `sealwire`, as it is used from now on: a copy, so that nothing changes under connections. Throws `ApiMisuseError` for
 * names that mean nothing on this side, and for what can never work. A context serves both sides.
 */
export function checkedSealwire(
  given: unknown,
  side: 'client' | 'server' | 'context' = 'context',
): SealwireOptions {
  if (given === undefined || given === null) return nothingBeyond;
  refuseUnknownOptions(`sealwire (${side})`, given, names[side]);
  const options = ownOnly(given as SealwireOptions);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) delete options[name as keyof SealwireOptions];
    else check(name as keyof SealwireOptions, value);
  }
  return Object.freeze(options);
}

function check(name: keyof SealwireOptions, value: unknown): void {
  const problem = expectations[name](value);
  if (problem !== undefined) throw new ApiMisuseError(`sealwire.${name} must be ${problem}`);
}

type Check = (value: unknown) => string | undefined;

/** Says what it must be, if it is not. */
const being =
  (what: string, is: (value: unknown) => boolean): Check =>
  (value) =>
    is(value) ? undefined : what;

const aBoolean = being('a boolean', (value) => typeof value === 'boolean');
const aFunction = being('a function', (value) => typeof value === 'function');
const someBytes = being('a Uint8Array', (value) => value instanceof Uint8Array);
const namesOf = (known: readonly string[]): Check =>
  being(
    `a list of ${known.length > 8 ? 'names of signature schemes (RFC 9846 §4.3.3)' : known.join(', ')}, each once`,
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((each) => known.includes(each as string)),
  );
const integer = (most: number): Check =>
  being(
    `an integer from 1 to ${most}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most,
  );

const expectations: Readonly<Record<keyof SealwireOptions, Check>> = {
  additionalCa: being('PEM: a string, a Uint8Array or a list of them', (value) =>
    (Array.isArray(value) ? value : [value]).every(
      (each) => typeof each === 'string' || each instanceof Uint8Array,
    ),
  ),
  sign: aFunction,
  signatureSchemes: namesOf(Object.keys(signatureSchemes)),
  certificateCompression: namesOf(['zlib', 'brotli', 'zstd']),
  requestCert: aBoolean,
  rejectUnauthorized: aBoolean,
  warnUnknown: aBoolean,
  verify: aFunction,
  // What timers can count.
  handshakeTimeoutMs: integer(2_147_483_647),
  selectCertificate: aFunction,
  postHandshakeAuth: aBoolean,
  earlyData: someBytes,
  onClientHello: aFunction,
  storeSessions: aBoolean,
  maxEarlyData: integer(0xffff_ffff),
  acceptEarlyData: aFunction,
};

const ofContexts: Readonly<Record<keyof SealwireContextOptions, true>> = {
  additionalCa: true,
  sign: true,
  signatureSchemes: true,
  certificateCompression: true,
  requestCert: true,
  rejectUnauthorized: true,
  warnUnknown: true,
};

const ofClients: Readonly<Record<keyof SealwireClientOptions, true>> = {
  ...ofContexts,
  verify: true,
  handshakeTimeoutMs: true,
  selectCertificate: true,
  postHandshakeAuth: true,
  earlyData: true,
};

const ofServers: Readonly<Record<keyof SealwireServerOptions, true>> = {
  ...ofContexts,
  verify: true,
  handshakeTimeoutMs: true,
  onClientHello: true,
  storeSessions: true,
  maxEarlyData: true,
  acceptEarlyData: true,
};

/** A context is often made of the very options of what it is for. */
const names = {
  client: Object.keys(ofClients),
  server: Object.keys(ofServers),
  context: Object.keys({ ...ofClients, ...ofServers }),
} as const;

/** What somebody has ordered who has ordered nothing. */
export const nothingBeyond: SealwireOptions = Object.freeze(ownOnly({}));
