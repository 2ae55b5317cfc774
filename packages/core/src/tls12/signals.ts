import { suites12 } from '../registry/suites12.ts';

/** Values of cipher_suites that are no suites (RFC 5746 §3.3, RFC 7507 §2). */

export function signalsRenegotiation(cipherSuites: readonly number[]): boolean {
  return cipherSuites.includes(suites12.TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
}

export function signalsFallback(cipherSuites: readonly number[]): boolean {
  return cipherSuites.includes(suites12.TLS_FALLBACK_SCSV);
}
