import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { registryName } from '../registry/registered.ts';

/** Whether a group serves ECDHE (RFC 8422 §5.1.1, RFC 7027): a curve, not a finite field, no hybrid, and none of TLS 1.3 alone. */
export function isCurve(group: NamedGroup): boolean {
  const name = registryName(namedGroups, group);
  return /^(x25519|x448|secp\d+[rk]1|brainpoolP\d+r1)$/.test(name);
}
