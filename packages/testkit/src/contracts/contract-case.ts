import { ApiMisuseError, type RandomSource } from '@sealwire/core';

/**
 * One case of a contract suite: a plain function, so that any runtime and any test runner can run it.
 * It throws on failure, and says so when it found nothing to check.
 */
export interface ContractCase {
  readonly name: string;
  run(): undefined | { readonly skipped: string };
}

export function contractCase(name: string, run: () => void): ContractCase {
  return {
    name,
    run() {
      run();
      return undefined;
    },
  };
}

/** A case about something that a provider may lack: skipped, with this reason, when `subject` is undefined. */
export function caseAbout<T>(name: string, subject: T | undefined, run: (subject: T) => void): ContractCase {
  return {
    name,
    run() {
      if (subject === undefined) return { skipped: `${name}: not offered by this provider` };
      run(subject);
      return undefined;
    },
  };
}

export class ContractFailure extends Error {
  override readonly name = 'ContractFailure';
}

export function expectBytes(
  actual: Uint8Array | undefined,
  expected: Uint8Array | string,
  what: string,
): void {
  const wanted = typeof expected === 'string' ? expected : hex(expected);
  const came = actual === undefined ? 'undefined' : hex(actual);
  if (came !== wanted) throw new ContractFailure(`${what}: expected ${wanted}, got ${came}`);
}

export function expectEqual<T>(actual: T, expected: T, what: string): void {
  if (actual !== expected)
    throw new ContractFailure(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** Refused input is `undefined` or `false`, and never an exception. */
export function expectRefused(run: () => unknown, what: string): void {
  const value = run();
  if (value !== undefined && value !== false)
    throw new ContractFailure(`${what}: expected a refusal, got a value`);
}

export function expectMisuse(run: () => unknown, what: string): void {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiMisuseError) return;
    throw new ContractFailure(`${what}: expected ApiMisuseError, got ${String(error)}`, { cause: error });
  }
  throw new ContractFailure(`${what}: expected ApiMisuseError, but nothing was thrown`);
}

export function defined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ContractFailure(`${what}: expected a value, got undefined`);
  return value;
}

/** Results leave providers as plain arrays: `slice` of a subclass such as Buffer shares memory. */
export function expectPlain(bytes: Uint8Array, what: string): void {
  if (Object.getPrototypeOf(bytes) !== Uint8Array.prototype)
    throw new ContractFailure(`${what}: not a plain Uint8Array`);
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

export function unhex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A copy with one bit of one byte flipped; negative positions count from the end. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at < 0 ? bytes.length + at : at]! ^= 0x01;
  return copy;
}

/** The same bytes for the same seed (xorshift32, Marsaglia 2003): for tests only, of course. */
export function seededSource(seed: number): RandomSource {
  let state = (Math.imul(seed + 1, 0x9e37_79b9) | 1) >>> 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] = state >>> 11;
    }
    return bytes;
  };
}

/** A source that gives these draws, in order, each asked for with its very length. */
export function scriptedSource(draws: readonly Uint8Array[]): RandomSource & { readonly left: () => number } {
  let at = 0;
  const source = (length: number): Uint8Array => {
    const draw = draws[at++];
    if (draw?.length !== length)
      throw new ContractFailure(`draw ${at} has ${draw?.length} bytes, ${length} were asked for`);
    return Uint8Array.from(draw);
  };
  return Object.assign(source, { left: () => draws.length - at });
}
