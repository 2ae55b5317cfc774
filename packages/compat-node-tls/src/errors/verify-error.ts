import { nodeTlsError, type PathRefusal } from '@sealwire/x509';
import { nodeMajor } from '../process/host.ts';
import { type CodedError, nativeError } from './node-error.ts';

/**
 * A chain that was refused, as the `'error'` event of a client has it: `code` one of those that Node documents or
 * `UNSPECIFIED`, and OpenSSL's sentence. `authorizationError` is its `code`.
 */
export function verifyError(
  refusal: Pick<PathRefusal, 'code' | 'message'>,
  { usesSystemCa = false, major = nodeMajor() }: VerifyErrorHost = {},
): CodedError {
  const { code, message } = nodeTlsError(refusal);
  return nativeError(code, major >= 24 && isHinted(code, usesSystemCa) ? message + hint : message);
}

export interface VerifyErrorHost {
  /** Whether the roots of the system are used, as by `--use-system-ca`. Default false. */
  readonly usesSystemCa?: boolean;
  /** The major version of Node whose words are wanted. Default: that of the process. */
  readonly major?: number;
}

/** Node gives the advice of two codes also to those who follow it already. */
function isHinted(code: string, usesSystemCa: boolean): boolean {
  return (
    code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ||
    code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ||
    (code === 'UNABLE_TO_GET_ISSUER_CERT' && !usesSystemCa)
  );
}

const hint = '; if the root CA is installed locally, try running Node.js with --use-system-ca';
