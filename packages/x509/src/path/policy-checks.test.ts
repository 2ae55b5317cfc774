import { describe, expect, test } from 'vitest';
import { authority, issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { anyPolicy, constraints, inhibitAny, mappings, policies } from '../../test/policies.ts';
import {
  type ExtensionInput,
  type Issued,
  type PathPolicy,
  TrustAnchors,
  parseCertificate,
  verifyChain,
} from '../index.ts';

const [red, green, blue] = ['1.2.3.1', '1.2.3.2', '1.2.3.3'];
const key = newKey();

/**
 * A root, then one certificate for each list of extensions, the last of them the end entity's: the policies that the chain
 * is valid for, or the code and the depth of the refusal. `anchor`: the root as a name and a key.
 */
function valid(
  below: readonly (readonly ExtensionInput[])[],
  policy: Partial<PathPolicy> = {},
  { root: own = [], anchor = false }: { root?: ExtensionInput[]; anchor?: boolean } = {},
): string {
  const root = authority('root', { key, extensions: own });
  const chain: Issued[] = [root];
  for (const [i, extensions] of below.entries()) {
    const contents = { key, issuer: chain[0]!, extensions };
    chain.unshift(i === below.length - 1 ? issue('leaf', contents) : authority(`ca ${i}`, contents));
  }
  const { subject, spki } = parseCertificate(root.certificate);
  const outcome = verifyChain({
    provider,
    chain: chain.slice(0, -1).map(({ certificate }) => certificate),
    roots: anchor
      ? new TrustAnchors([], { named: [{ subject: subject.der, publicKey: spki }] })
      : new TrustAnchors([root.certificate]),
    timeMs: nowMs,
    policy,
  });
  return outcome.ok ? outcome.policies.join(' ') : `${outcome.code} at ${outcome.depth}`;
}

const explicit = { initialExplicitPolicy: true };
const noPolicy = 'NO_EXPLICIT_POLICY at 0';

describe('certificate policies (RFC 5280 §6.1, RFC 9618)', () => {
  test('no certificate speaks of any', () => {
    expect(valid([[], []])).toBe('');
    expect(valid([[], []], explicit)).toBe('NO_EXPLICIT_POLICY at 1');
  });
  test('those that all certificates list', () => {
    expect(valid([[policies(red, green)], [policies(green, blue)]], explicit)).toBe(green);
    expect(valid([[policies(red)], [policies(blue)]], explicit)).toBe(noPolicy);
    expect(valid([[policies(red)], []], explicit)).toBe(noPolicy);
    expect(valid([[], [policies(red)]])).toBe('');
  });
  test('anyPolicy stands for all, and is what is left where nobody says more', () => {
    expect(valid([[policies(anyPolicy)], [policies(red)]], explicit)).toBe(red);
    expect(valid([[policies(red, green)], [policies(anyPolicy)]], explicit)).toBe(`${red} ${green}`);
    expect(valid([[policies(anyPolicy)], [policies(anyPolicy)]], explicit)).toBe(anyPolicy);
    expect(valid([[policies(anyPolicy, red)], [policies(red)]], explicit)).toBe(red);
  });
  test('of the caller', () => {
    const both = [[policies(red, green)], [policies(red, green)]];
    expect(valid(both, { initialPolicySet: [green], ...explicit })).toBe(green);
    expect(valid(both, { initialPolicySet: [blue], ...explicit })).toBe(noPolicy);
    expect(valid(both, { initialPolicySet: [blue] })).toBe('');
    expect(valid(both, { initialPolicySet: [blue, anyPolicy] })).toBe(`${red} ${green}`);
    expect(valid([[policies(anyPolicy)], [policies(anyPolicy)]], { initialPolicySet: [blue] })).toBe(blue);
  });
  test('a CA may ask for one, some certificates further down', () => {
    const after = (skip: number) => valid([[policies(red), constraints({ explicit: skip })], [], [], []]);
    expect([0, 1, 2, 3, 4].map(after)).toEqual([
      'NO_EXPLICIT_POLICY at 2',
      'NO_EXPLICIT_POLICY at 1',
      'NO_EXPLICIT_POLICY at 0',
      // The end entity's own certificate counts once more (§6.1.5 (a)).
      'NO_EXPLICIT_POLICY at 0',
      '',
    ]);
    expect(after(5)).toBe('');
  });
  test('the end entity may ask for itself', () =>
    expect(valid([[], [constraints({ explicit: 0 })]])).toBe(noPolicy));
  test('policies that go by other names below', () => {
    const mapped = [policies(red), mappings([red, green], [red, blue])];
    expect(valid([mapped, [policies(green)]], explicit)).toBe(red);
    expect(valid([mapped, [policies(red)]], explicit)).toBe(noPolicy);
    expect(valid([mapped, [policies(anyPolicy)]], explicit)).toBe(red);
    expect(valid([[policies(red, green), mappings([red, blue])], [policies(green)]], explicit)).toBe(green);
    // Two that become one.
    const merged = [policies(red, green), mappings([red, blue], [green, blue])];
    expect(valid([merged, [policies(blue)]], explicit)).toBe(`${red} ${green}`);
    // A policy that is only there as anyPolicy.
    const ofAny = [policies(anyPolicy), mappings([red, green])];
    expect(valid([ofAny, [policies(green)]], explicit)).toBe(red);
    expect(valid([ofAny, [policies(green, blue)]], explicit)).toBe(`${red} ${blue}`);
    expect(valid([ofAny, [policies(green)]], { ...explicit, initialPolicySet: [green] })).toBe(noPolicy);
  });
  test('mappings may be forbidden', () => {
    const mapped = [policies(red), mappings([red, green])];
    expect(valid([mapped, [policies(green)]], { ...explicit, initialPolicyMappingInhibit: true })).toBe(
      'NO_EXPLICIT_POLICY at 0',
    );
    const inhibits = [policies(red), constraints({ mapping: 0 })];
    expect(valid([inhibits, mapped, [policies(green)]], explicit)).toBe(noPolicy);
    expect(valid([[policies(red), constraints({ mapping: 1 })], mapped, [policies(green)]], explicit)).toBe(
      red,
    );
  });
  test('anyPolicy is not mapped', () => {
    for (const pair of [
      [anyPolicy, red],
      [red, anyPolicy],
    ] as const)
      expect(valid([[policies(anyPolicy), mappings(pair)], []])).toBe('INVALID_POLICY_EXTENSION at 1');
  });
  test('anyPolicy may be forbidden', () => {
    const any = [policies(anyPolicy)];
    expect(valid([any, [policies(red)]], { ...explicit, initialAnyPolicyInhibit: true })).toBe(
      'NO_EXPLICIT_POLICY at 1',
    );
    expect(valid([[policies(red), inhibitAny(0)], any], explicit)).toBe(noPolicy);
    expect(valid([[policies(red), inhibitAny(1)], any, any], explicit)).toBe(noPolicy);
    expect(valid([[policies(red), inhibitAny(1)], any, [policies(red)]], explicit)).toBe(red);
  });
  test('a self-issued CA may say anyPolicy all the same, and is not counted', () => {
    const root = authority('root', { key });
    const ca = authority('ca', { key, issuer: root, extensions: [policies(red), inhibitAny(0)] });
    const rollover = authority('ca', { key: newKey(), issuer: ca, extensions: [policies(anyPolicy)] });
    const leaf = issue('leaf', { issuer: rollover, extensions: [policies(red)] });
    const outcome = verifyChain({
      provider,
      chain: [leaf, rollover, ca].map(({ certificate }) => certificate),
      roots: root.certificate,
      timeMs: nowMs,
      policy: explicit,
    });
    expect(outcome).toMatchObject({ ok: true, policies: [red] });
  });
  test('the certificate of an anchor says what it says; its name and key say nothing', () => {
    const root = [policies(red), constraints({ explicit: 0 })];
    const below = [[policies(red, green)], [policies(red, green)]];
    expect(valid(below, {}, { root })).toBe(red);
    expect(valid(below, {}, { root, anchor: true })).toBe(`${red} ${green}`);
    expect(valid([[policies(green)], [policies(green)]], {}, { root })).toBe('NO_EXPLICIT_POLICY at 1');
    expect(valid([[], []], {}, { root, anchor: true })).toBe('');
    expect(valid(below, explicit, { root: [mappings([blue, green])] })).toBe(`${red} ${blue}`);
  });
});

test('the work is linear where a tree would grow without bound', () => {
  // Each policy is mapped to each: a tree has 60 times 60 times 60 … nodes.
  const names = Array.from({ length: 30 }, (_, i) => `1.2.4.${i + 10}`);
  const all = names.flatMap((one) => names.map((other) => [one, other] as const));
  const level = [policies(...names), mappings(...all)];
  const began = performance.now();
  expect(valid(new Array(10).fill(level), explicit)).toBe(names.join(' '));
  const tall = performance.now() - began;
  const again = performance.now();
  expect(valid(new Array(2).fill(level), explicit)).toBe(names.join(' '));
  // A tree would make it thirty to the eighth.
  expect(tall / (performance.now() - again)).toBeLessThan(100);
});
