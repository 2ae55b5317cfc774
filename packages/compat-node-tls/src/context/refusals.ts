import { invalidArgValue } from '../errors/arguments.ts';
import { cryptoOperationFailed, invalidProtocolMethod } from '../errors/node-codes.ts';
import { nativeError, nodeError } from '../errors/node-error.ts';
import { type OpensslError, sslReason, thrownOpensslError } from '../errors/openssl-error.ts';
import type { SslReason } from '../errors/ssl-reasons.ts';
import { isRefusal, type Refusal } from '../openssl/refusal.ts';

/** What a language of OpenSSL has read, or the error that Node throws for it. */
export function unlessRefused<T extends object>(answer: T | Refusal): T {
  if (!isRefusal(answer)) return answer;
  switch (answer.refused) {
    case 'openssl':
      throw sslError(answer.reason as SslReason);
    case 'silently':
      throw nativeError(undefined, 'error:00000000:lib(0)::reason(0)');
    case 'value':
      throw invalidArgValue(`options.${answer.option}`, answer.value);
    case 'node':
      throw fromNode(answer);
  }
}

/** Those that Node's C++ makes have no code in their `stack`. */
function fromNode({ type, code, message }: Extract<Refusal, { refused: 'node' }>): Error {
  const Base = type === 'TypeError' ? TypeError : Error;
  if (code === 'ERR_CRYPTO_OPERATION_FAILED') return cryptoOperationFailed(message);
  if (code === 'ERR_TLS_INVALID_PROTOCOL_METHOD') return invalidProtocolMethod(message);
  if (code === 'ERR_INVALID_ARG_VALUE') return nativeError(code, message, Base);
  return nodeError(code, message, Base);
}

export function sslError(reason: SslReason): OpensslError {
  return thrownOpensslError(sslReason(reason));
}
