import { invalidArgValue } from '../errors/arguments.ts';
import { nativeError, nodeError } from '../errors/node-error.ts';
import { sslReason, thrownOpensslError } from '../errors/openssl-error.ts';

/**
 * Why the value of an option is refused. The languages of OpenSSL are pure functions: they say what is wrong, and who builds
 * the context throws what Node throws.
 */
export type Refusal =
  /** OpenSSL's reason, of its library for TLS: code `ERR_SSL_NO_CIPHER_MATCH`. */
  | { readonly refused: 'openssl'; readonly reason: OpensslReason }
  /** OpenSSL refused without saying why: no code. */
  | { readonly refused: 'silently' }
  /** An error of Node's own, made in JavaScript or in C++ (`isNative`). */
  | {
      readonly refused: 'node';
      readonly isNative: boolean;
      readonly type: 'Error' | 'TypeError';
      readonly code: string;
      readonly message: string;
    }
  /** `ERR_INVALID_ARG_VALUE` for that option, with the value that Node shows in the message. */
  | { readonly refused: 'value'; readonly option: string; readonly value: unknown };

export type OpensslReason = 'no cipher match' | 'invalid command' | 'passed invalid argument';

export function isRefusal(answer: object | undefined): answer is Refusal {
  return answer !== undefined && 'refused' in answer;
}

/** The error to throw; `options` is what Node calls the object that has the option. */
export function errorOf(refusal: Refusal, options = 'options'): Error {
  switch (refusal.refused) {
    case 'openssl':
      return thrownOpensslError(
        refusal.reason === 'passed invalid argument' ? passedInvalidArgument : sslReason(refusal.reason),
      );
    case 'silently':
      return nativeError(undefined, 'error:00000000:lib(0)::reason(0)');
    case 'node': {
      const { code, message, type, isNative } = refusal;
      return (isNative ? nativeError : nodeError)(code, message, type === 'Error' ? Error : TypeError);
    }
    case 'value':
      return invalidArgValue(`${options}.${refusal.option}`, refusal.value);
  }
}

/** A reason that all libraries of OpenSSL share. */
const passedInvalidArgument = {
  library: 'SSL routines',
  number: 0x8_0106,
  reason: 'passed invalid argument',
} as const;
