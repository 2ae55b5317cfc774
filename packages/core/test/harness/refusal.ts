import { TlsError } from '../../src/errors/tls-error.ts';

/** The code with which bytes are refused, or `accepted`; anything else that is thrown goes on. */
export function refusal(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof TlsError) return error.code;
    throw error;
  }
}
