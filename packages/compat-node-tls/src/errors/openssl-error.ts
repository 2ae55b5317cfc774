import { threadId } from 'node:worker_threads';
import { hostOpenssl, type OpensslVersion } from '../process/host.ts';
import { type SslReason, sslReasons } from './ssl-reasons.ts';

/**
 * Errors as OpenSSL words them and Node's C++ passes them on: plain errors with `library`, `reason` and `code`, in this order.
 * What breaks in a connection has the form of OpenSSL's error log, what is thrown by a call has the short one.
 */
export type OpensslError = Error & {
  library: string;
  reason: string;
  code: string;
  /** What else OpenSSL had to say, the oldest first; only where it had. */
  opensslErrorStack?: string[];
};

/** Where in the log an error is said to come from. */
export interface ErrorPlace {
  /** The function of OpenSSL that would have said so; '' where that is not known. */
  readonly func?: string;
  /** Stands in the place of a source file. */
  readonly file?: string;
  /** After file and line, for example `SSL alert number 40`. */
  readonly data?: string;
}

/** `<thread>:error:0A0000C1:SSL routines:<func>:no shared cipher:<file>:0:`: an error of a connection. */
export function opensslError(
  reason: SslReason | OpensslReason,
  { func = '', file = 'sealwire', data = '' }: ErrorPlace = {},
  version: OpensslVersion = hostOpenssl(),
): OpensslError {
  const { library, number, reason: said } = typeof reason === 'string' ? sslReason(reason, version) : reason;
  const thread = threadId.toString(16).toUpperCase().padStart(16, '0');
  const place = `${library}:${func}:${said}:${file}:0:${data}`;
  const error = new Error(`${thread}:error:${errorNumber(libraries[library], number)}:${place}\n`);
  // Nobody calls when it happens; an error without frames is also printed in its own way.
  error.stack = `Error: ${error.message}`;
  // Of whatever library: Node does not look.
  return Object.assign(error, { library, reason: said, code: codeOf('ERR_SSL_', said) });
}

/** `error:0480006C:PEM routines::no start line`: an error of a call, for example of `createSecureContext`. */
export function thrownOpensslError(
  { library, number, reason }: OpensslReason,
  stack: readonly OpensslReason[] = [],
): OpensslError {
  const code = codeOf(`ERR_${prefixes[library] ?? 'OSSL_'}`, reason);
  const error = new Error(sentence({ library, number, reason }));
  if (stack.length > 0) Object.assign(error, { opensslErrorStack: stack.map(sentence) });
  Error.captureStackTrace?.(error, thrownOpensslError);
  return Object.assign(error, { library, reason, code });
}

/** One entry of OpenSSL's queue. */
export interface OpensslReason {
  readonly library: OpensslLibrary;
  readonly number: number;
  readonly reason: string;
}

/** A reason of the TLS part, as the entry of a queue. */
export function sslReason(reason: SslReason, version: OpensslVersion = hostOpenssl()): OpensslReason {
  return { library: 'SSL routines', number: sslReasons[reason], reason: wording(reason, version) };
}

/** Since OpenSSL 3.2 alerts that are older than TLS no longer say SSLv3. */
function wording(reason: SslReason, version: OpensslVersion): string {
  return version === '3.0' ? reason : reason.replace(/^sslv3 alert/, 'ssl/tls alert');
}

function sentence({ library, number, reason }: OpensslReason): string {
  return `error:${errorNumber(libraries[library], number)}:${library}::${reason}`;
}

/** ERR_PACK of OpenSSL 3. */
function errorNumber(library: number, reason: number): string {
  return (library * 0x80_0000 + reason).toString(16).toUpperCase().padStart(8, '0');
}

function codeOf(prefix: string, reason: string): string {
  return prefix + reason.toUpperCase().replaceAll(' ', '_');
}

export type OpensslLibrary = keyof typeof libraries;

/** ERR_LIB_… by the name that OpenSSL 3 prints. */
const libraries = {
  'bignum routines': 3,
  'rsa routines': 4,
  'Diffie-Hellman routines': 5,
  'digital envelope routines': 6,
  'PEM routines': 9,
  'dsa routines': 10,
  'x509 certificate routines': 11,
  'asn1 encoding routines': 13,
  'elliptic curve routines': 16,
  'SSL routines': 20,
  'PKCS7 routines': 33,
  'PKCS12 routines': 35,
  'DSO support routines': 37,
  'engine routines': 38,
  'Provider routines': 57,
  'DECODER routines': 60,
} as const;

/** What Node puts between `ERR_` and the reason; OSSL_ alone for libraries that its list lacks. */
const prefixes: Readonly<Partial<Record<OpensslLibrary, string>>> = {
  'bignum routines': 'OSSL_BN_',
  'rsa routines': 'OSSL_RSA_',
  'Diffie-Hellman routines': 'OSSL_DH_',
  'digital envelope routines': 'OSSL_EVP_',
  'PEM routines': 'OSSL_PEM_',
  'dsa routines': 'OSSL_DSA_',
  'x509 certificate routines': 'OSSL_X509_',
  'asn1 encoding routines': 'OSSL_ASN1_',
  'elliptic curve routines': 'OSSL_EC_',
  'SSL routines': 'SSL_',
  'PKCS7 routines': 'OSSL_PKCS7_',
  'PKCS12 routines': 'OSSL_PKCS12_',
  'DSO support routines': 'OSSL_DSO_',
  'engine routines': 'OSSL_ENGINE_',
};

/** What a function of OpenSSL says that is given nothing. */
export const nullParameter: OpensslReason = {
  library: 'SSL routines',
  number: 0xc0102,
  reason: 'passed a null parameter',
};
