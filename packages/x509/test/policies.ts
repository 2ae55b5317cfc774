import type { ExtensionInput } from '../src/index.ts';
import { type Piece, oid, sequence, tlv } from './der.ts';

/** The extensions of RFC 5280 about policies, for tests. */

export const anyPolicy = '2.5.29.32.0';

export function policies(...list: string[]): ExtensionInput {
  return qualified(...list.map((policy) => [policy] as const));
}

/** Each policy with the elements of its qualifiers. */
export function qualified(...list: (readonly [policy: string, ...qualifiers: Piece[]])[]): ExtensionInput {
  const informations = list.map(([policy, ...qualifiers]) =>
    sequence(oid(policy), ...(qualifiers.length === 0 ? [] : [sequence(...qualifiers)])),
  );
  return { id: '2.5.29.32', value: sequence(...informations) };
}

export function mappings(...pairs: (readonly [issuer: string, subject: string])[]): ExtensionInput {
  const list = pairs.map(([issuer, subject]) => sequence(oid(issuer), oid(subject)));
  return { id: '2.5.29.33', critical: true, value: sequence(...list) };
}

export function constraints(fields: { explicit?: number; mapping?: number }): ExtensionInput {
  const { explicit, mapping } = fields;
  const list = [
    ...(explicit === undefined ? [] : [tlv(0x80, [explicit])]),
    ...(mapping === undefined ? [] : [tlv(0x81, [mapping])]),
  ];
  return { id: '2.5.29.36', critical: true, value: sequence(...list) };
}

export function inhibitAny(skip: number): ExtensionInput {
  return { id: '2.5.29.54', critical: true, value: tlv(0x02, [skip]) };
}
