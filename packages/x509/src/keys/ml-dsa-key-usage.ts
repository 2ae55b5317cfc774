import { algorithmIds } from '../certificate/algorithm.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import type { KeyUsage } from '../extensions/key-usage.ts';

/**
 * What is wrong with the key usage of a certificate that holds an ML-DSA key, which signs and does nothing else (RFC 9881 §5): one of four
 * bits "MUST" be set, and five "MUST NOT". `undefined`: nothing, or it is another kind of key. Throws `X509Error` for an `spki` that is none.
 */
export function mlDsaKeyUsageProblem(spki: Uint8Array, usages: readonly KeyUsage[]): string | undefined {
  if (!mlDsaIds.has(keyAlgorithmId(spki))) return undefined;
  const wrong = usages.find((usage) => !signing.includes(usage));
  if (wrong !== undefined) return `expected no key usage ${wrong} with an ML-DSA key`;
  return usages.length > 0 ? undefined : `expected one of ${signing.join(', ')} with an ML-DSA key`;
}

function keyAlgorithmId(spki: Uint8Array): string {
  const info = new DerReader(spki, 'SubjectPublicKeyInfo').enter(tags.sequence, 'SubjectPublicKeyInfo');
  return readObjectIdentifier(info.enter(tags.sequence, 'algorithm'), 'algorithm');
}

const signing: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation', 'keyCertSign', 'cRLSign'];

const mlDsaIds: ReadonlySet<string> = /* @__PURE__ */ new Set([
  algorithmIds['ml-dsa-44'],
  algorithmIds['ml-dsa-65'],
  algorithmIds['ml-dsa-87'],
]);
