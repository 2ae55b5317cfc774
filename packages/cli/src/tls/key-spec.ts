import type { CurveName, KeySpec } from '@sealwire/core';
import { usage } from '../problem.ts';

/** `p256`, `P-256`, `prime256v1`, `rsa:2048`, `ed25519`, `mldsa65`, `ML-DSA-65`, … */
export function keySpecOf(text: string): KeySpec {
  const name = text.toLowerCase();
  const curve = curves[name];
  if (curve !== undefined) return { type: 'ec', curve };
  if (name === 'ed25519' || name === 'ed448') return { type: name };
  const [, set] = /^(?:ml-dsa-|mldsa)(44|65|87)$/.exec(name) ?? [];
  if (set !== undefined) return { type: `ml-dsa-${set as '44' | '65' | '87'}` };
  const [, type, bits = '3072'] = /^(rsa|rsa-pss)(?::(\d{3,5}))?$/.exec(name) ?? [];
  if (
    (type === 'rsa' || type === 'rsa-pss') &&
    Number(bits) >= 1024 &&
    Number(bits) <= 8192 &&
    Number(bits) % 16 === 0
  )
    return { type, bits: Number(bits) };
  throw usage(
    `expected p256, p384, p521, ed25519, ed448, mldsa44, mldsa65, mldsa87, rsa:BITS or rsa-pss:BITS (1024 to 8192), got ${text}`,
  );
}

const curves: Readonly<Record<string, CurveName>> = {
  p256: 'secp256r1',
  'p-256': 'secp256r1',
  prime256v1: 'secp256r1',
  secp256r1: 'secp256r1',
  p384: 'secp384r1',
  'p-384': 'secp384r1',
  secp384r1: 'secp384r1',
  p521: 'secp521r1',
  'p-521': 'secp521r1',
  secp521r1: 'secp521r1',
};
