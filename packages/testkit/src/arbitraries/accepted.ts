import { TlsError } from '@sealwire/core';

/** Rules that bind two fields together, such as one binder for each identity, are left to the decoder. */
export function isAccepted(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof TlsError) return false;
    throw error;
  }
}
