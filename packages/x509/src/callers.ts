import { ApiMisuseError, type CryptoProvider, type PrivateKey } from '@sealwire/core';
import { X509Error } from './errors.ts';

/** What callers hand over by mistake, told at once and by what was expected. */

export function requireProvider(provider: CryptoProvider | undefined): void {
  if (typeof provider?.importPublicKey !== 'function')
    throw new ApiMisuseError(
      'expected a provider, for example that of @sealwire/crypto-node or @sealwire/crypto-noble',
    );
}

/**
 * `ApiMisuseError` for what is no bytes. PEM, which is bytes when it comes from a file, is an `X509Error`: a peer may send it,
 * too.
 */
export function requireDer(input: unknown, what: string): asserts input is Uint8Array {
  const hint = 'certificatesDer and parsePem read PEM';
  if (!(input instanceof Uint8Array)) {
    const got = typeof input === 'string' && input.includes('-----BEGIN') ? 'PEM' : nameOf(input);
    throw new ApiMisuseError(`expected ${what} as DER in a Uint8Array, got ${got}; ${hint}`);
  }
  if (input[0] === dash && input[1] === dash)
    throw new X509Error('der.unexpectedTag', `expected ${what} as DER, got PEM; ${hint}`, {
      path: what,
      offset: 0,
    });
}

/** Of the time that is decided for: no comparison with what is no number refuses anything. */
export function requireTime(timeMs: number): void {
  if (typeof timeMs !== 'number' || !Number.isFinite(timeMs))
    throw new ApiMisuseError(`expected timeMs in ms since the epoch, got ${timeMs}`);
}

/** Of whom only the public half may be needed. */
export function requireKeyPair(key: Pick<PrivateKey, 'publicKey'>): void {
  if (!(key?.publicKey?.spki instanceof Uint8Array))
    throw new ApiMisuseError(
      `expected key to be a private key or a DER SubjectPublicKeyInfo, got ${nameOf(key)}`,
    );
}

export function requirePrivateKey(key: PrivateKey, name: string): void {
  if (typeof key?.sign !== 'function')
    throw new ApiMisuseError(
      `expected ${name} to be a private key, as generateKeyPair of a provider or loadPrivateKey makes it, got ${nameOf(key)}`,
    );
}

function nameOf(input: unknown): string {
  if (input === null || input === undefined) return String(input);
  return typeof input === 'object' ? (input.constructor?.name ?? 'an object') : typeof input;
}

const dash = 0x2d;
