import type { GroupName } from '../crypto/provider.ts';
import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { registryName } from '../registry/registered.ts';

/** Whether a group serves ECDHE (RFC 8422 §5.1.1): a curve, not a finite field and no hybrid. */
export function isCurve(group: NamedGroup): boolean {
  const name = registryName(namedGroups, group) as GroupName;
  return name === 'x25519' || name === 'x448' || name.startsWith('secp') || name.startsWith('brainpool');
}
