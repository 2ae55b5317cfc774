import { createPrivateKey, type KeyObject } from 'node:crypto';
import { nodeMajor } from '../process/host.ts';
import { viewOf } from './pem-reader.ts';

/**
 * `key`: the first private key of a PEM text. Node reads it, with the OpenSSL that applications are used to: whatever forms and
 * ciphers that knows, and refused in its words. A missing passphrase is the empty one, as in `tls.createSecureContext`.
 */
export function readOwnKey(input: string | ArrayBufferView, passphrase: string | undefined): KeyObject {
  const key = typeof input === 'string' ? input : viewOf(input);
  try {
    return createPrivateKey({ key, format: 'pem', passphrase: passphrase ?? '' });
  } catch (error) {
    throw nodeMajor() < 22 ? error : withoutRepetition(error);
  }
}

/** From Node 22 on `createPrivateKey` names the error once more among those that went before. */
function withoutRepetition(error: unknown): unknown {
  const { opensslErrorStack: stack, message } = error as Error & { opensslErrorStack?: string[] };
  if (stack?.at(-1) !== message) return error;
  stack.pop();
  if (stack.length === 0) delete (error as { opensslErrorStack?: string[] }).opensslErrorStack;
  return error;
}
