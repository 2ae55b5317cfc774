import { X509Error, type X509ErrorCode } from '../src/errors.ts';

/** The code of the X509Error that `run` throws; `none` when it throws nothing. Anything else is thrown on. */
export function thrownCode(run: () => unknown): X509ErrorCode | 'none' {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof X509Error) return error.code;
    throw error;
  }
}
