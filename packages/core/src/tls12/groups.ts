import { groupOf } from '../config/defaults.ts';
import type { CryptoProvider, GroupName, KeyExchangeGroup } from '../crypto/provider.ts';
import { namedGroups, type NamedGroup } from '../registry/groups.ts';
import { fields } from './key-exchange/finite-fields.ts';

/** Whether a group serves ECDHE (RFC 8422 §5.1.1, RFC 7027): a curve, not a finite field, no hybrid, and none of TLS 1.3 alone. */
export function isCurve(group: NamedGroup): boolean {
  return curves.has(group);
}

/** The provider's implementation of a group that TLS 1.2 and older use, if it has one: a curve, or a field of RFC 7919. */
export function groupOf12(provider: CryptoProvider, group: NamedGroup): KeyExchangeGroup | undefined {
  const name = curves.get(group);
  if (name !== undefined) return provider.groups[name];
  return fields.has(group) ? groupOf(provider, group) : undefined;
}

const curves: ReadonlyMap<NamedGroup, GroupName> = /* @__PURE__ */ new Map(
  (
    [
      'x25519',
      'x448',
      'secp256r1',
      'secp384r1',
      'secp521r1',
      'secp256k1',
      'brainpoolP256r1',
      'brainpoolP384r1',
      'brainpoolP512r1',
    ] as const satisfies readonly GroupName[]
  ).map((name) => [namedGroups[name], name]),
);
