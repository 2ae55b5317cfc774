import type { KeySpec, PrivateKey, RandomSource } from '@sealwire/core';
import { nobleProvider, requireKnownSpec, requireRsaBits } from '@sealwire/crypto-noble';
import * as crypto from 'node:crypto';
import { opensslNames } from '../groups/ecdh.ts';
import { newMlDsaPkcs8 } from './ml-dsa.ts';
import { importPrivateKey } from './private-key.ts';

/** A new key pair from OpenSSL's generator; with a source, from the derivations of the given form. */
export function generateKeyPair(spec: KeySpec, source?: RandomSource): PrivateKey {
  const pkcs8 = newMlDsaPkcs8(spec, source) ?? (source ? noblePkcs8(spec, source) : newPkcs8(spec));
  return importPrivateKey(pkcs8)!;
}

function newPkcs8(spec: KeySpec): Uint8Array {
  requireKnownSpec(spec);
  if ('bits' in spec) requireRsaBits(spec.bits);
  try {
    return nativePkcs8(spec);
  } catch {
    return noblePkcs8(spec); // a kind that this runtime lacks
  }
}

function noblePkcs8(spec: KeySpec, source?: RandomSource): Uint8Array {
  return nobleProvider.generateKeyPair(spec, source).exportPkcs8();
}

function nativePkcs8(spec: KeySpec): Uint8Array {
  if (spec.type === 'rsa' || spec.type === 'rsa-pss') {
    return generate(spec.type, { modulusLength: spec.bits });
  }
  return spec.type === 'ec'
    ? generate('ec', { namedCurve: opensslNames[spec.curve] })
    : generate(spec.type, {});
}

/** One call for all types; the declarations of Node tie each type to options of its own. */
function generate(type: string, options: object): Uint8Array {
  const generateAny = crypto.generateKeyPairSync as (
    type: string,
    options: object,
  ) => { privateKey: Uint8Array };
  return generateAny(type, { ...options, ...der }).privateKey;
}

/** DER straight away: exporting a key object that was just generated can block for ever in Node 20. */
const der = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;
