import type { DerReader } from '../der/reader.ts';
import { readBitString } from '../der/values.ts';

/**
 * RFC 5280 §4.2.1.3:
 *
 *     KeyUsage ::= BIT STRING {
 *          digitalSignature (0), nonRepudiation (1), keyEncipherment (2), dataEncipherment (3), keyAgreement (4),
 *          keyCertSign (5), cRLSign (6), encipherOnly (7), decipherOnly (8) }
 */
export const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof keyUsageBits)[number];

export function readKeyUsage(value: DerReader): ReadonlySet<KeyUsage> {
  // Zero bits at the end, which X.690 §11.2.2 leaves out, are tolerated: roots that systems trust have them.
  const { octets } = readBitString(value, 'KeyUsage');
  value.finish();
  const usages = new Set<KeyUsage>();
  for (const [bit, usage] of keyUsageBits.entries()) {
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) usages.add(usage);
  }
  if (usages.size === 0) throw value.error('certificate.badExtension', 'expected at least one bit to be set');
  return usages;
}
