import { randomBytes } from '@noble/hashes/utils.js';
import { ApiMisuseError, type KeySpec, type PrivateKey, type RandomSource } from '@sealwire/core';
import { writeEcPkcs8, writeEdPkcs8, writeRsaPkcs8 } from '../formats/pkcs8.ts';
import { edBytes } from '../formats/spki.ts';
import { ecCurves } from '../groups/ecdh.ts';
import { drawScalar } from '../groups/scalars.ts';
import { draw } from '../misuse.ts';
import { generateRsa } from '../rsa/generate.ts';
import { importPrivateKey } from './private-key.ts';

/** A new key pair; RSA of 2,048 bits takes 0.1 to 0.3 s. */
export function generateKeyPair(spec: KeySpec, source: RandomSource = randomBytes): PrivateKey {
  return importPrivateKey(newPkcs8(spec, source))!;
}

/** Throws unless an RSA key of this size can be made: a whole number of bytes for each prime, within the bounds of imports. */
export function requireRsaBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 512 || bits > 8192 || bits % 16 !== 0) {
    throw new ApiMisuseError(`expected 512 to 8,192 bits in steps of 16, got ${bits}`);
  }
}

export function requireKnownSpec(spec: KeySpec): void {
  const isKnown = spec.type === 'ec' ? spec.curve in ecCurves : knownTypes.has(spec.type);
  if (!isKnown) unknownSpec(spec);
}

function unknownSpec(spec: KeySpec): never {
  throw new ApiMisuseError(`expected a known kind of key, got ${JSON.stringify(spec)}`);
}

function newPkcs8(spec: KeySpec, source: RandomSource): Uint8Array {
  requireKnownSpec(spec);
  switch (spec.type) {
    case 'rsa':
    case 'rsa-pss':
      requireRsaBits(spec.bits);
      return writeRsaPkcs8(spec, generateRsa(spec.bits, source));
    case 'ec': {
      const scalar = drawScalar(spec.curve, source);
      return writeEcPkcs8(spec.curve, scalar, ecCurves[spec.curve].getPublicKey(scalar, false));
    }
    case 'ed25519':
    case 'ed448':
      return writeEdPkcs8(spec.type, draw(source, edBytes[spec.type]));
    default:
      return unknownSpec(spec); // ML-DSA is in an entry of its own
  }
}

const knownTypes: ReadonlySet<string> = new Set(['rsa', 'rsa-pss', 'ed25519', 'ed448']);
