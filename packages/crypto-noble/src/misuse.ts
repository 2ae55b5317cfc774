import { ApiMisuseError, type RandomSource } from '@sealwire/core';

/** The caller's mistakes, found before anything is computed: each throws `ApiMisuseError`. */

export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    const came = bytes instanceof Uint8Array ? `${bytes.length}` : typeof bytes;
    throw new ApiMisuseError(`expected ${what} of ${length} bytes, got ${came}`);
  }
}

/** Whole blocks, of which there may be none. */
export function requireBlocks(bytes: Uint8Array, blockBytes: number, what: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length % blockBytes !== 0) {
    const came = bytes instanceof Uint8Array ? `${bytes.length} bytes` : typeof bytes;
    throw new ApiMisuseError(`expected ${what} of whole blocks of ${blockBytes} bytes, got ${came}`);
  }
}

/** `length` bytes from a source, or an error if it does not keep its contract. */
export function draw(source: RandomSource, length: number): Uint8Array {
  const bytes = source(length);
  requireLength(bytes, length, 'a draw from the random source');
  return bytes;
}

/**
 * Draws until `accept` yields a value. A source that always gives the same bytes would go on for ever, so
 * that is the caller's mistake too: with honest bytes `attempts` are never used up.
 */
export function drawUntil<T>(
  source: RandomSource,
  length: number,
  attempts: number,
  accept: (bytes: Uint8Array) => T | undefined,
): T {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const value = accept(Uint8Array.from(draw(source, length)));
    if (value !== undefined) return value;
  }
  unusableSource(attempts);
}

export function unusableSource(draws: number): never {
  throw new ApiMisuseError(
    `expected a source of random bytes, got one without a usable value in ${draws} draws`,
  );
}

/** For keys that are used after `wipe()`. */
export function wiped(what: string): never {
  throw new ApiMisuseError(`expected a usable ${what}, got one that was wiped`);
}
