import type { HashName } from '@sealwire/core';
import { hex, unhex } from '../contracts/contract-case.ts';
import type { Verdict, WycheproofGroup, WycheproofTest } from './vector.ts';

/** Fields of the vectors, read with the type they must have. */

export function text(holder: WycheproofGroup | WycheproofTest, field: string): string {
  const value = holder[field];
  if (typeof value !== 'string') throw new TypeError(`expected a string in ${field}, got ${typeof value}`);
  return value;
}

export function bytes(holder: WycheproofGroup | WycheproofTest, field: string): Uint8Array {
  return unhex(text(holder, field));
}

export function number(holder: WycheproofGroup | WycheproofTest, field: string): number {
  const value = holder[field];
  if (typeof value !== 'number') throw new TypeError(`expected a number in ${field}, got ${typeof value}`);
  return value;
}

/** `SHA-256` as `sha256`; undefined for hashes that TLS does not use. */
export function hashName(name: string): HashName | undefined {
  const known = name.toLowerCase().replace('-', '') as HashName;
  return ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].includes(known) ? known : undefined;
}

export function has(test: WycheproofTest, flag: string): boolean {
  return test.flags?.includes(flag) ?? false;
}

/** A refusal is right if one was wanted. */
export function expectAccepted(accepted: boolean, wanted: boolean): Verdict {
  if (accepted === wanted) return 'right';
  return wanted ? 'was refused' : 'was accepted';
}

/** A value is right if it is the expected one; undefined is a refusal. */
export function expectValue(value: Uint8Array | undefined, expected: Uint8Array, wanted: boolean): Verdict {
  if (value === undefined || !wanted) return expectAccepted(value !== undefined, wanted);
  return hex(value) === hex(expected) ? 'right' : `expected ${hex(expected)}, got ${hex(value)}`;
}
