import { getDiffieHellman } from 'node:crypto';
import { type DhParameters, ffdheBits, type FfdheName, ffdhePrime } from '@sealwire/core';
import { parsePem, type SecurityLevel } from '@sealwire/x509';
import type { Refusal } from './refusal.ts';
import { allowsField } from './security.ts';

/** What a server that has the option `dhparam` does with suites of finite fields; without it, it has none in TLS 1.2 and older. */
export type FieldPlan =
  /** Core chooses one that is as strong as the certificate. */
  | { readonly type: 'auto' }
  | {
      readonly type: 'given';
      readonly parameters: DhParameters;
      /** Text of the `SecurityWarning` that Node emits. */
      readonly warning?: string;
    }
  /** Nothing that can be read stands there, which Node does not mind: as if the option were missing. */
  | { readonly type: 'none' };

/** The option `dhparam`: `auto`, or PEM. Below 1024 bits, and below what the security level asks for, it is an error. */
export function fieldPlan(
  dhparam: string | Uint8Array,
  level: SecurityLevel,
  nodeMajor: number,
): FieldPlan | Refusal {
  if (dhparam === 'auto') return { type: 'auto' };
  const field = readField(dhparam, nodeMajor);
  if (field === undefined) return { type: 'none' };
  const bits = bitLength(field.prime);
  if (bits < 1024) {
    return {
      refused: 'node',
      isNative: true,
      type: 'TypeError',
      code: 'ERR_INVALID_ARG_VALUE',
      message: tooShort(1024),
    };
  }
  const { exponentBits } = field;
  if (!allowsField(level, exponentBits === undefined ? { bits } : { bits, exponentBits })) {
    return {
      refused: 'node',
      isNative: true,
      type: 'Error',
      code: 'ERR_CRYPTO_OPERATION_FAILED',
      message: 'Error setting temp DH parameter',
    };
  }
  const parameters = { prime: field.prime, generator: field.generator };
  return { type: 'given', parameters, ...(bits < 2048 && { warning: tooShort(2048) }) };
}

interface Field extends DhParameters {
  readonly exponentBits?: number;
}

/** The first block with parameters. That of X9.42, with the order of the subgroup, Node reads until version 22. */
function readField(dhparam: string | Uint8Array, nodeMajor: number): Field | undefined {
  const block = blocksOf(dhparam).find(
    ({ label }) => label === 'DH PARAMETERS' || (nodeMajor < 24 && label === 'X9.42 DH PARAMETERS'),
  );
  if (block === undefined) return undefined;
  const [prime, generator, third] = leadingIntegers(block.der);
  if (prime === undefined || generator === undefined) return undefined;
  const field = { prime, generator };
  if (third === undefined || isWellKnown(prime)) return field;
  // PKCS #3 ends with the length of the exponent, X9.42 goes on with the order.
  const exponentBits = block.label === 'DH PARAMETERS' ? smallNumber(third) : bitLength(third);
  return { ...field, exponentBits };
}

/** Groups of RFC 7919 and RFC 3526 have the order that OpenSSL knows, whatever stands beside their prime. */
function isWellKnown(prime: Uint8Array): boolean {
  const hex = Buffer.from(prime).toString('hex');
  return (
    Object.keys(ffdheBits).some((name) => ffdhePrime(name as FfdheName).toString(16) === hex) ||
    rfc3526.some((name) => getDiffieHellman(name).getPrime('hex') === hex)
  );
}

function blocksOf(pem: string | Uint8Array): { readonly label: string; readonly der: Uint8Array }[] {
  try {
    return parsePem(pem);
  } catch {
    return [];
  }
}

/** The positive INTEGERs at the start of a SEQUENCE (PKCS #3 §9, RFC 3279 §2.3.3), without zeros in front; none if it is none. */
function leadingIntegers(der: Uint8Array): Uint8Array[] {
  const outer = elementAt(der, 0);
  if (outer === undefined || outer.tag !== 0x30) return [];
  const integers: Uint8Array[] = [];
  for (let at = 0; at < outer.content.length; ) {
    const element = elementAt(outer.content, at);
    if (element === undefined) return [];
    if (element.tag !== 0x02) break;
    const { content } = element;
    if (content.length === 0 || (content[0] as number) >= 0x80) return [];
    const first = content.findIndex((byte) => byte !== 0);
    integers.push(first === -1 ? new Uint8Array() : content.subarray(first));
    at = element.end;
  }
  return integers;
}

function elementAt(
  bytes: Uint8Array,
  start: number,
): { readonly tag: number; readonly content: Uint8Array; readonly end: number } | undefined {
  const tag = bytes[start];
  const short = bytes[start + 1];
  if (tag === undefined || short === undefined) return undefined;
  const more = short < 0x80 ? 0 : short & 0x7f;
  // Two bytes of length are enough for a prime of half a million bits.
  if (short === 0x80 || more > 2) return undefined;
  const from = start + 2 + more;
  const length = more === 0 ? short : smallNumber(bytes.subarray(start + 2, from));
  const end = from + length;
  return end > bytes.length ? undefined : { tag, content: bytes.slice(from, end), end };
}

function smallNumber(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 0x100 + byte, 0);
}

function bitLength(number: Uint8Array): number {
  const [first] = number;
  return first === undefined ? 0 : (number.length - 1) * 8 + (32 - Math.clz32(first));
}

function tooShort(bits: number): string {
  return `DH parameter is less than ${bits} bits`;
}

const rfc3526 = ['modp5', 'modp14', 'modp15', 'modp16', 'modp17', 'modp18'] as const;
