import { type ExtensionInput, inhibitAnyPolicy, policyConstraints } from '../src/index.ts';
import { type Piece, oid, sequence } from './der.ts';

/** The extensions of RFC 5280 about policies, for tests. */

export { anyPolicy } from '../src/index.ts';

/** By hand, as the mappings below: the writer has each once and at least one, and maps no anyPolicy. */
export const policies = (...list: string[]): ExtensionInput =>
  qualified(...list.map((policy) => [policy] as const));

/** Each policy with the elements of its qualifiers, of whatever kind. */
export function qualified(...list: (readonly [policy: string, ...qualifiers: Piece[]])[]): ExtensionInput {
  const informations = list.map(([policy, ...qualifiers]) =>
    sequence(oid(policy), ...(qualifiers.length === 0 ? [] : [sequence(...qualifiers)])),
  );
  return { id: '2.5.29.32', value: sequence(...informations) };
}

export const mappings = (...pairs: (readonly [issuer: string, subject: string])[]): ExtensionInput => ({
  id: '2.5.29.33',
  critical: true,
  value: sequence(...pairs.map(([issuer, subject]) => sequence(oid(issuer), oid(subject)))),
});

export const constraints = (fields: { explicit?: number; mapping?: number }): ExtensionInput =>
  policyConstraints({
    ...(fields.explicit === undefined ? {} : { requireExplicitPolicy: fields.explicit }),
    ...(fields.mapping === undefined ? {} : { inhibitPolicyMapping: fields.mapping }),
  });

export const inhibitAny = inhibitAnyPolicy;
